"""One worker process as `crawler.workers.pool` sees it from the loop: what it was sent, what it has answered."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import struct
import subprocess
from collections import deque
from typing import Any, Protocol

from crawler.workers.errors import WorkerCrashed
from crawler.workers.process import BROKEN, CALL_HEADER, ERROR, READY, REPLY_HEADER, RETIRING

IN_FLIGHT_CALLS = 4
"""Calls a worker holds at once: enough that it never waits for the loop, few enough that a crash sends back few."""

IN_FLIGHT_BYTES = 1_000_000
"""Above this no further call is sent ahead to a worker: big pages wait here, once, not in socket buffers too."""

HEAVY_BYTES = 1_000_000
"""A call from this size on is heavy: reading it takes tens of megabytes, so that one at a time must do. Usual pages and
batches of feeds are smaller."""

PIECE_BYTES = 256_000
"""A call goes out in pieces of this size: what the socket does not take at once is copied, and copies stay small."""

START_SECONDS = 60.0
"""Longest time for a worker's set-up (imports and the model: about a second), on a machine busy with other things."""

GRACE_SECONDS = 2.0
"""A worker ends itself at a call's limit; one that did not (it was stopped) is killed so much later."""


class Dispatcher(Protocol):
    """What a link needs of the pool that it belongs to."""

    loop: asyncio.AbstractEventLoop

    def dispatch(self) -> None: ...

    def tidy(self) -> None: ...

    def pinned_done(self) -> None: ...

    def recycle(self) -> None: ...

    def cannot_start(self, reason: str) -> None: ...

    def lost(self, worker: WorkerConnection, calls: list[Call], seconds: float) -> None: ...


class Call:
    """A function to be carried out, and who waits for it. `bytes` is what it comes to when it is sent."""

    __slots__ = ("_packed", "_work", "attempts", "bytes", "done", "is_pinned", "seconds")

    def __init__(self, work: Any, seconds: float, done: asyncio.Future[Any], *, is_pinned: bool = False) -> None:
        packed = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
        self._work = work
        self.seconds = seconds
        self.done = done
        self.is_pinned = is_pinned
        self.attempts = 0
        self.bytes = len(packed)
        # a heavy one is packed again when it is sent: what it holds should not be there twice while it waits
        self._packed = None if self.is_heavy else packed

    @property
    def is_heavy(self) -> bool:
        return self.bytes >= HEAVY_BYTES

    def pack(self) -> bytes:
        """What is sent to a worker."""
        return self._packed or pickle.dumps(self._work, protocol=pickle.HIGHEST_PROTOCOL)


class WorkerConnection(asyncio.Protocol):
    """One worker process."""

    def __init__(self, pool: Dispatcher, process: subprocess.Popen[bytes] | None) -> None:
        self.pool = pool
        self.process = process
        self.pid: int | None = None
        self.calls: deque[Call] = deque()
        self.bytes_sent_ahead = 0
        self.is_retiring = False
        self.is_pinned = False
        self.started_at = 0.0
        self.transport: asyncio.Transport | None = None
        self._unsent: deque[memoryview] = deque()
        self._is_full = False
        self._buffer = bytearray()
        self._watch: asyncio.TimerHandle | None = None

    @property
    def has_room(self) -> bool:
        if self.pid is None or self.is_retiring:
            return False
        return not self.calls or (len(self.calls) < IN_FLIGHT_CALLS and self.bytes_sent_ahead < IN_FLIGHT_BYTES)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._watch_for(START_SECONDS)

    def send(self, call: Call) -> None:
        assert self.transport is not None
        self.calls.append(call)
        self.bytes_sent_ahead += call.bytes
        payload = call.pack()
        self.write(CALL_HEADER.pack(len(payload), call.seconds), payload)
        if len(self.calls) == 1:
            self._next_begins()

    def write(self, *parts: bytes) -> None:
        """Sends what is given after what was given before."""
        assert self.transport is not None
        if not self._unsent and sum(map(len, parts)) <= PIECE_BYTES:
            self.transport.writelines(parts)
            return
        self._unsent.extend(map(memoryview, parts))
        self._write_on()

    def _write_on(self) -> None:
        while self._unsent and not self._is_full and self.transport is not None:
            part = self._unsent.popleft()
            if len(part) > PIECE_BYTES:
                self._unsent.appendleft(part[PIECE_BYTES:])
            self.transport.write(part[:PIECE_BYTES])

    def pause_writing(self) -> None:
        """Called by the transport when the worker does not take more for now."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Called by the transport when it takes more again."""
        self._is_full = False
        self._write_on()

    def _next_begins(self) -> None:
        self.started_at = self.pool.loop.time()
        self._watch_for(self.calls[0].seconds + GRACE_SECONDS)

    def _watch_for(self, seconds: float) -> None:
        self._unwatch()
        self._watch = self.pool.loop.call_later(seconds, self.kill)

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        start, size = 0, REPLY_HEADER.size
        while len(buffer) - start >= size:
            length, word = REPLY_HEADER.unpack_from(buffer, start)
            if len(buffer) - start - size < length:
                break
            self._replied(word, bytes(buffer[start + size : start + size + length]))
            start += size + length
        if start:
            del buffer[:start]
            self.pool.dispatch()
            self.pool.tidy()

    def _replied(self, word: int, data: bytes) -> None:
        if word & RETIRING:
            self.pool.recycle()
            word &= ~RETIRING
        if word == READY:
            self.pid = struct.unpack("!I", data)[0]
            self._unwatch()
            return
        if word == BROKEN:
            self.pool.cannot_start(data.decode(errors="replace"))
            return
        call = self.calls.popleft()
        self.bytes_sent_ahead -= call.bytes
        if self.calls:
            self._next_begins()
        else:
            self._unwatch()
        if call.is_pinned:
            self.pool.pinned_done()
        if call.done.done():
            pass  # whoever asked has gone
        elif word == ERROR:
            error = pickle.loads(data)  # noqa: S301  # from our own child, over a private socket
            if isinstance(error, MemoryError):
                error = WorkerCrashed("needed more memory than a worker may use")
            call.done.set_exception(error)
        else:
            call.done.set_result(pickle.loads(data))  # noqa: S301
        if self.is_retiring:
            self._end_if_idle()

    def retire(self) -> None:
        """Ends the process once it has carried out the calls it holds."""
        self.is_retiring = True
        self._end_if_idle()

    def _end_if_idle(self) -> None:
        if not self.calls and self.transport is not None:
            self.transport.close()  # the worker ends when its socket does

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        self.transport = None
        self._unsent.clear()
        seconds = self.pool.loop.time() - self.started_at
        calls, self.calls = list(self.calls), deque()
        self.pool.lost(self, calls, seconds)

    def kill(self) -> None:
        """Ends the process now."""
        with contextlib.suppress(ProcessLookupError):
            if self.pid is not None:
                os.kill(self.pid, signal.SIGKILL)
            elif self.process is not None:
                self.process.kill()
