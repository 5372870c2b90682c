"""A real web server on loopback whose every answer a test writes, down to the bytes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Answer:
    """What the server sends. `drip_seconds` parts the body's bytes in time; `raw` replaces head and body."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "text/html; charset=utf-8"
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0
    has_length: bool = True
    raw: bytes | None = None


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    at: float


@dataclass
class Site:
    """Serves `pages` (path to answer, or to a function of the request) at one loopback address; 404 for all else."""

    pages: dict[str, Answer | Callable[[Asked], Answer]] = field(default_factory=dict)
    address: str = "127.0.0.1"
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    def paths(self) -> list[str]:
        """Paths asked for, robots.txt left out."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.address, self.port, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while True:
                    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                    headers = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
                    request = Asked(head[0].split(" ")[1], headers, time.monotonic())
                    self.asked.append(request)
                    self._now += 1
                    self.most_at_once = max(self.most_at_once, self._now)
                    try:
                        await self._answer(request, writer)
                    finally:
                        self._now -= 1
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, request: Asked, writer: asyncio.StreamWriter) -> None:
        page = self.pages.get(request.path.split("?")[0], Answer(status=404))
        answer = page(request) if callable(page) else page
        await asyncio.sleep(answer.delay_seconds)
        if answer.raw is not None:
            writer.write(answer.raw)
            await writer.drain()
            writer.close()
            return
        lines = [f"HTTP/1.1 {answer.status} X", f"Content-Type: {answer.content_type}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines.append(f"Content-Length: {len(answer.body)}" if answer.has_length else "Connection: close")
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")
        if answer.drip_seconds:
            for index in range(len(answer.body)):
                writer.write(answer.body[index : index + 1])
                await writer.drain()
                await asyncio.sleep(answer.drip_seconds)
        else:
            writer.write(answer.body)
        await writer.drain()
        if not answer.has_length:
            writer.close()
