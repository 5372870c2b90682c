"""Web servers on loopback that behave as they are told: well, badly or not at all."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

REASONS = {200: "OK", 304: "Not Modified", 301: "Moved Permanently", 302: "Found", 404: "Not Found"}


@dataclass
class Answer:
    """What a server sends for a path. `pieces` are sent one by one with `pause_seconds` between; then the line is cut
    where `is_cut`."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] = ()
    pause_seconds: float = 0.0
    is_cut: bool = False
    is_raw: bool = False

    def head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Whatever')}"]
        headers = {"Content-Length": str(len(self.body) + sum(map(len, self.pieces))), **self.headers}
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass
class Seen:
    """A request that came in; `at` is the loop's time."""

    path: str
    headers: dict[str, str]
    at: float


Route = Answer | Callable[[Seen], Answer]


class Site:
    """A server; `routes` may be changed while it runs. `requests` are those that came in, `most_at_once` how many."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.port = 0
        self.routes: dict[str, Route] = {}
        self.requests: list[Seen] = []
        self.connections = 0
        self.most_at_once = 0
        self._at_once = 0
        self.scheme = "http"

    def url(self, path: str, name: str | None = None) -> str:
        return f"{self.scheme}://{name or self.host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = head[0].split(" ")[1]
                headers = {
                    name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)
                }
                seen = Seen(path, headers, asyncio.get_running_loop().time())
                self.requests.append(seen)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
                try:
                    if not await self._answer(seen, writer):
                        break
                finally:
                    self._at_once -= 1
        writer.close()

    async def _answer(self, seen: Seen, writer: asyncio.StreamWriter) -> bool:
        route = self.routes.get(seen.path, Answer(404))
        answer = route(seen) if callable(route) else route
        if not answer.is_raw:
            writer.write(answer.head() + answer.body)
        for piece in answer.pieces:
            await writer.drain()
            await asyncio.sleep(answer.pause_seconds)
            writer.write(piece)
        await writer.drain()
        return not answer.is_cut


@asynccontextmanager
async def site(host: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """A running server on a free port of `host`."""
    one = Site(host)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await one.serve(reader, writer)
        except asyncio.CancelledError:
            writer.close()
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(serve, host, 0, ssl=tls, limit=200_000)
    one.port = server.sockets[0].getsockname()[1]
    one.scheme = "https" if tls else "http"
    try:
        yield one
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
