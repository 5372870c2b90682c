"""Machines on one cable, made of network namespaces: each has an address and a plug. Needs root and `ip`."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.support.daemon_bench import page

NETWORK = "10.231"  # of the private ranges one that nothing here is likely to use
HOME = f"{NETWORK}.0.1"


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def is_possible() -> bool:
    """Whether this machine lets us make network namespaces and bridges."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"tip{secrets.token_hex(3)}"
    try:
        ip("netns", "add", name)
        ip("netns", "del", name)
        ip("link", "add", name, "type", "bridge")
        ip("link", "del", name)
    except subprocess.CalledProcessError:
        return False
    return True


class Network:
    """A switch, with this machine at `HOME` and so many sites, and machines plugged into it; a context manager."""

    def __init__(self, sites: int) -> None:
        self.name = f"tip{secrets.token_hex(3)}"
        self.sites = [f"{NETWORK}.1.{number}" for number in range(1, sites + 1)]
        self.machines: list[str] = []

    def __enter__(self) -> Self:
        ip("link", "add", self.name, "type", "bridge")
        for address in (HOME, *self.sites):
            ip("addr", "add", f"{address}/16", "dev", self.name)
        ip("link", "set", self.name, "up")
        return self

    def __exit__(self, *_details: object) -> None:
        for machine in self.machines:
            with contextlib.suppress(subprocess.CalledProcessError):
                ip("netns", "del", machine)
        ip("link", "del", self.name)

    def add_machine(self) -> list[str]:
        """Plugs in another machine; gives the command by which programs are run on it."""
        number = len(self.machines) + 1
        machine, plug = f"{self.name}m{number}", f"{self.name}p{number}"
        ip("netns", "add", machine)
        self.machines.append(machine)
        ip("link", "add", plug, "type", "veth", "peer", "name", "eth0", "netns", machine)
        ip("link", "set", plug, "master", self.name, "up")
        ip("-n", machine, "addr", "add", f"{NETWORK}.2.{number}/16", "dev", "eth0")
        ip("-n", machine, "link", "set", "eth0", "up")
        ip("-n", machine, "link", "set", "lo", "up")
        return ["ip", "netns", "exec", machine]

    def unplug(self, number: int) -> None:
        """Pulls the cable of a machine (counted from 1): nothing reaches it any more, and it hears of no end."""
        ip("link", "set", f"{self.name}p{number}", "down")


class Sites:
    """A feed and its pages at each of these addresses, and books of who asked for what; a context manager."""

    def __init__(
        self, addresses: list[str], pages: int, latency_seconds: float, *, pages_are_at: str | None = None
    ) -> None:
        """`pages_are_at` sends whoever asks for a page on to that address."""
        self.pages = pages
        self.pages_are_at = pages_are_at
        self.latency_seconds = latency_seconds
        self.asked: Counter[str] = Counter()
        self.visitors: set[str] = set()
        self.most_at_once = 0
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._wait = threading.Event()
        sites = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                # counted until just before the answer leaves: whoever has it may ask again at once
                with sites.visit(self.connection.getsockname()[0], self.path, self.client_address[0]) as (kind, body):
                    is_elsewhere = kind.startswith("http://")
                self.send_response(302 if is_elsewhere else 200 if body else 404)
                self.send_header("Location" if is_elsewhere else "Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
                """Nothing."""

        self._server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.feeds = [f"http://{address}:{self.port}/feed.xml" for address in addresses]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @contextlib.contextmanager
    def visit(self, host: str, path: str, visitor: str) -> Iterator[tuple[str, bytes]]:
        with self._lock:
            self.asked[host + path] += 1
            self.visitors.add(visitor)
            self._open[host] += 1
            self.most_at_once = max(self.most_at_once, self._open[host])
        try:
            self._wait.wait(self.latency_seconds)
            yield self.answer(host, path)
        finally:
            with self._lock:
                self._open[host] -= 1

    def answer(self, host: str, path: str) -> tuple[str, bytes]:
        """Content type and body; an address to go on to, and nothing, where the page is elsewhere."""
        if path.startswith("/page/") and self.pages_are_at not in (None, host):
            return f"http://{self.pages_are_at}:{self.port}{path}", b""
        name = host.replace(".", "-")
        if path == "/feed.xml":
            items = "".join(
                f"<item><guid>{name}-{n}</guid><title>{name} {n}</title>"
                f"<link>http://{host}:{self.port}/page/{name}-{n}</link></item>"
                for n in range(self.pages)
            )
            feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
            return "application/rss+xml", feed.encode()
        return ("text/html; charset=utf-8", page(path).encode()) if path.startswith("/page/") else ("text/plain", b"")
