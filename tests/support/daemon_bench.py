"""A bench for the daemon as a real process: a small site on loopback, a folder with a configuration, ways to watch."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

PATIENCE_SECONDS = 60.0  # for something that comes soon on an idle machine, on one that is busy


def wait_for(condition: Callable[[], Any], what: str, tell: Callable[[], str] = str) -> Any:
    """The first true value of `condition`, asked again and again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for: {what}\n{tell()}")


class Site:
    """Feeds and pages on 127.0.0.1; `hold` keeps pages from being answered until it is let go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let_go = threading.Event()
        self.let_go.set()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                kind, body = site.answer(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, path: str) -> tuple[str, bytes]:
        if path.endswith(".xml"):
            return "application/rss+xml", self.feed(path.strip("/").removesuffix(".xml")).encode()
        if path == "/robots.txt" or not path.startswith("/page/"):
            return "text/plain", b""
        self.let_go.wait(PATIENCE_SECONDS)
        return "text/html; charset=utf-8", page(path).encode()

    def feed(self, name: str) -> str:
        items = "".join(
            f"<item><guid>{name}-{n}</guid><title>{name} news {n}</title><link>{self.url}/page/{name}-{n}</link></item>"
            for n in range(4)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'

    def pages_asked(self) -> list[str]:
        return [path for path in self.asked if path.startswith("/page/")]


def page(path: str) -> str:
    """A page about a project against trafficking, long enough to be an article."""
    name = path.rsplit("/", 1)[-1]
    paragraphs = (
        f"The International Organization for Migration has launched a new project against human trafficking, {name}.",
        "The three-year project, funded by the Kingdom of the Netherlands with USD 3 million, will train officers, "
        "protect survivors of trafficking in persons and help prosecutors to bring traffickers to court.",
        "It will run from 2026 to 2029 in Burundi together with the Government of Burundi, the organisation said.",
    )
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    head = f"<head><title>{name}: project against trafficking</title></head>"
    return f"<html lang='en'>{head}<body><article><h1>{name}</h1>{body}</article></body></html>"


class Daemon:
    """`tipwatch run` in a folder of its own."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.site = site
        self.config = folder / "config.yaml"
        self.log = folder / "data" / "tipwatch.log"
        self.database_url = f"sqlite:///{folder / 'data' / 'tipwatch.sqlite3'}"
        self.processes: list[subprocess.Popen[str]] = []

    def configure(self, feeds: list[str], **more: Any) -> None:
        settings: dict[str, Any] = {
            "contact": "test@example.org",
            "sources": [f"{self.site.url}/{name}.xml" for name in feeds],
            "crawler": {"allow_addresses": ["127.0.0.0/8"], "delay_seconds": 0, "workers": 1},
            **more,
        }
        fresh = self.folder / "fresh.yaml"
        fresh.write_text(yaml.safe_dump(settings))
        fresh.replace(self.config)  # as an editor writes it

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tipwatch", "--config", str(self.config), *(arguments or ("run",))],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **environment},
        )
        self.processes.append(process)
        return process

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tipwatch", "--config", str(self.config), *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def logged(self, *words: str) -> bool:
        if not self.log.exists():
            return False
        return any(all(word in line for word in words) for line in self.log.read_text().splitlines())

    def wait_for_log(self, *words: str) -> None:
        wait_for(lambda: self.logged(*words), f"{words} in the log", self.log.read_text)

    def end(self, process: subprocess.Popen[str]) -> int:
        """Sends SIGTERM; gives the exit code. Fails where the ten promised seconds (and a busy machine's five) pass."""
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)
        return process.returncode

    def close(self) -> None:
        self.site.let_go.set()
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


@contextlib.contextmanager
def notify_socket(folder: Path) -> Iterator[tuple[str, Callable[[], list[str]]]]:
    """A socket as systemd gives it: its address, and what has arrived so far."""
    address = str(folder / "notify")
    seen: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)
        listener.setblocking(False)

        def arrived() -> list[str]:
            with contextlib.suppress(BlockingIOError):
                while True:
                    seen.append(listener.recv(4096).decode())
            return seen

        yield address, arrived
