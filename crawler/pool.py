"""Worker processes for work that may hang, crash or eat memory: parsing feeds, reading pages, judging them.

In: `await reader.run(function, *args)` with a module-level function and picklable arguments. Out: its result, or its
exception. Promises: the event loop is never blocked by the work; a call that hangs or crashes takes only its own worker
with it and is tried once more before it fails; waiting calls are handed on several at a time, so that a worker never
idles between them; no worker outlives its parent.

Not pebble's `ProcessPool`: on 30 kB pages it took 78 microseconds a call in the parent where this takes 35 (measured),
and it keeps three threads that poll and, under forkserver, two more processes. Here the first workers come from one
process that sets up once and then forks the others, so that they share its memory; a worker that was lost is replaced
alone, and when there is nothing to do all are replaced together.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, TypeVarTuple

from crawler.pool_worker import (
    BROKEN,
    CALL_HEADER,
    ERROR,
    READY,
    REPLY_HEADER,
    RETIRING,
    WorkerLimits,
)

__all__ = ["ReadTimeout", "Reader", "ReaderClosed", "ReaderCrashed", "ReaderError", "ReaderUnavailable"]

log = logging.getLogger(__name__)

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

IN_FLIGHT_CALLS = 4
"""Calls a worker holds at once: enough that it never waits for the loop, few enough that a crash sends back few."""

IN_FLIGHT_BYTES = 1_000_000
"""Above this no further call is sent ahead to a worker: big pages wait here, once, not in socket buffers too."""

ATTEMPTS = 2
"""A call that ended its worker is tried once more: another process or the machine may have been the cause."""

SOCKET_BYTES = 1_000_000
"""Asked of the kernel (which may give less), so that a page goes out in one piece, not in many turns of the loop."""

START_SECONDS = 60.0
"""Longest time for a worker's set-up (imports and the model: about a second), on a machine busy with other things."""

GRACE_SECONDS = 2.0
"""A worker ends itself at a call's limit; one that did not (it was stopped) is killed so much later."""

_BOOT = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from crawler.pool_worker import main; main([int(n) for n in sys.argv[2:]])"
)


class ReaderError(Exception):
    """A call could not be carried out.

    ├── ReadTimeout     it passed its time limit, twice
    ├── ReaderCrashed   it ended its worker or its memory, twice
    │   └── ReaderUnavailable   no worker can start: not the call's doing
    └── ReaderClosed    the reader was closed first
    """


class ReadTimeout(ReaderError):  # noqa: N818
    """A call passed its time limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"took longer than {seconds:g} seconds")
        self.seconds = seconds


class ReaderCrashed(ReaderError):  # noqa: N818
    """A call ended its worker or used up its memory."""


class ReaderUnavailable(ReaderCrashed):
    """No worker can start, and the message says why; what was to be read is not to blame."""


class ReaderClosed(ReaderError):  # noqa: N818
    """The reader was closed before the call was carried out."""


class _Call:
    __slots__ = ("attempts", "done", "payload", "seconds")

    def __init__(self, payload: bytes, seconds: float, done: asyncio.Future[Any]) -> None:
        self.payload = payload
        self.seconds = seconds
        self.done = done
        self.attempts = 0


class _Worker(asyncio.Protocol):
    """One worker as seen from the loop: what it was sent, what it has answered."""

    def __init__(self, reader: Reader, process: subprocess.Popen[bytes] | None) -> None:
        self.reader = reader
        self.process = process
        self.pid: int | None = None
        self.calls: deque[_Call] = deque()
        self.bytes_sent_ahead = 0
        self.is_retiring = False
        self.started_at = 0.0
        self.transport: asyncio.Transport | None = None
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

    def send(self, call: _Call) -> None:
        assert self.transport is not None
        self.calls.append(call)
        self.bytes_sent_ahead += len(call.payload)
        self.transport.writelines((CALL_HEADER.pack(len(call.payload), call.seconds), call.payload))
        if len(self.calls) == 1:
            self._next_begins()

    def _next_begins(self) -> None:
        self.started_at = self.reader.loop.time()
        self._watch_for(self.calls[0].seconds + GRACE_SECONDS)

    def _watch_for(self, seconds: float) -> None:
        self._unwatch()
        self._watch = self.reader.loop.call_later(seconds, self.kill)

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
            self.reader.hand_out()
            self.reader.tidy()

    def _replied(self, word: int, data: bytes) -> None:
        if word & RETIRING:
            self.reader.renew()
            word &= ~RETIRING
        if word == READY:
            self.pid = struct.unpack("!I", data)[0]
            self._unwatch()
            return
        if word == BROKEN:
            self.reader.cannot_start(data.decode(errors="replace"))
            return
        call = self.calls.popleft()
        self.bytes_sent_ahead -= len(call.payload)
        if self.calls:
            self._next_begins()
        else:
            self._unwatch()
        if call.done.done():
            pass  # whoever asked has gone
        elif word == ERROR:
            error = pickle.loads(data)  # noqa: S301  # from our own child, over a private socket
            if isinstance(error, MemoryError):
                error = ReaderCrashed("needed more memory than a worker may use")
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
        seconds = self.reader.loop.time() - self.started_at
        calls, self.calls = list(self.calls), deque()
        self.reader.lost(self, calls, seconds)

    def kill(self) -> None:
        """Ends the process now."""
        with contextlib.suppress(ProcessLookupError):
            if self.pid is not None:
                os.kill(self.pid, signal.SIGKILL)
            elif self.process is not None:
                self.process.kill()


class Reader:
    """A pool of worker processes; nothing is started before the first call.

    Args:
        workers: how many processes at most.
        setup: run once in the first worker before it forks the others, e.g. to import libraries and load the model;
            module-level or a `functools.partial` of such.
        growth_bytes: a worker that has grown by so much since its set-up is replaced between calls. Not a size: the
            set-up differs with the model, and a limit below it would replace a worker after every call.
        extra_address_bytes: address space a worker may take beyond its set-up; a call that asks for more fails.
        calls: a worker is replaced after so many calls, against slow growth in libraries.
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        setup: Callable[[], Any] | None = None,
        growth_bytes: int = 40_000_000,
        extra_address_bytes: int = 600_000_000,
        calls: int = 20_000,
    ) -> None:
        self._size = workers
        self._setup = setup
        self._limits = WorkerLimits(growth_bytes, extra_address_bytes, calls)
        self._waiting: deque[_Call] = deque()
        self._workers: list[_Worker] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._starting: asyncio.Task[None] | None = None
        self._is_closed = False
        self._is_mixed = False  # a worker that was started alone is among them
        self.loop: asyncio.AbstractEventLoop

    async def run(self, function: Callable[[*Ts], T], *args: *Ts, timeout_seconds: float = 10.0) -> T:
        """What `function(*args)` returns or raises, computed in a worker.

        Raises:
            ReadTimeout: it took longer than `timeout_seconds` on both attempts (waiting for a worker not counted).
            ReaderCrashed: it ended its worker twice, or ran out of memory.
            ReaderClosed: the reader is closed.
        """
        if self._is_closed:
            raise ReaderClosed("the reader is closed")
        self.loop = asyncio.get_running_loop()
        payload = pickle.dumps((function, args), protocol=pickle.HIGHEST_PROTOCOL)
        call = _Call(payload, timeout_seconds, self.loop.create_future())
        self._waiting.append(call)
        self.hand_out()
        result: T = await call.done
        return result

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that are up."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    async def aclose(self) -> None:
        """Ends all workers within a second; calls not carried out raise `ReaderClosed`."""
        self._is_closed = True
        self._fail_waiting(ReaderClosed("the reader was closed"))
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        for worker in list(self._workers):
            if worker.calls:
                worker.kill()
            if worker.transport is not None:
                worker.transport.abort()
        processes, self._processes = self._processes, []
        try:
            for process in processes:
                await asyncio.to_thread(_end, process)
        finally:  # also where whoever closes is in too great a hurry to wait
            for process in processes:
                _kill(process)
        await asyncio.sleep(0)  # lets aborted transports tell their protocols

    def hand_out(self) -> None:
        """Sends waiting calls to workers with room, evenly; starts workers where some are missing."""
        waiting = self._waiting
        while waiting:
            worker = min((w for w in self._workers if w.has_room), key=lambda w: len(w.calls), default=None)
            if worker is None:
                break
            call = waiting.popleft()
            if not call.done.done():
                worker.send(call)
        missing = self._size - sum(not worker.is_retiring for worker in self._workers)
        if waiting and missing > 0 and self._starting is None and not self._is_closed:
            self._is_mixed = missing < self._size
            self._starting = self.loop.create_task(self._start(missing))

    async def _start(self, count: int) -> None:
        """Starts `count` workers as one process that forks the others after the set-up."""
        mine: list[socket.socket] = []
        children: list[socket.socket] = []
        try:
            for _ in range(count):
                one, other = socket.socketpair()
                mine.append(one)
                children.append(other)
            process = self._spawn(children)
            self._processes.append(process)
            is_first = True
            while mine:
                mine[0].setblocking(False)
                mine[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BYTES)
                worker = _Worker(self, process if is_first else None)
                # from here on the transport closes the socket
                transport, _ = await self.loop.create_connection(partial(_itself, worker), sock=mine.pop(0))
                self._workers.append(worker)
                if is_first:
                    setup = pickle.dumps((self._setup, self._limits))
                    transport.write(CALL_HEADER.pack(len(setup), 0) + setup)
                is_first = False
        except OSError as error:  # no memory, processes or descriptors left
            self.cannot_start(str(error))
        finally:
            for end in (*children, *mine):
                end.close()
            self._starting = None

    def _spawn(self, sockets: list[socket.socket]) -> subprocess.Popen[bytes]:
        descriptors = [child.fileno() for child in sockets]
        arguments = [sys.executable, "-P", "-c", _BOOT, json.dumps(sys.path), *map(str, descriptors)]
        # one thread a worker: as many workers as cores are the parallelism, and a fork wants no other threads
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        return subprocess.Popen(  # noqa: S603  # our own interpreter and module
            arguments,
            pass_fds=descriptors,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def lost(self, worker: _Worker, calls: list[_Call], seconds: float) -> None:
        """A worker's socket closed: its first call did it, the others go back in their order."""
        if worker in self._workers:  # else its connection was still being made
            self._workers.remove(worker)
        for process in [p for p in self._processes if p.poll() is not None]:
            self._processes.remove(process)
        if worker.pid is None and not self._is_closed and not calls:
            self.cannot_start("a worker ended before it was ready")
            return
        if calls:
            culprit = calls[0]
            culprit.attempts += 1
            if self._is_closed:
                error: ReaderError | None = ReaderClosed("the reader was closed")
            elif culprit.attempts < ATTEMPTS:
                error = None
            elif seconds >= culprit.seconds / 2:  # when the worker began it is known here with some delay
                error = ReadTimeout(culprit.seconds)
            else:
                error = ReaderCrashed("ended its worker process")
            if error is not None:
                del calls[0]
                if not culprit.done.done():
                    culprit.done.set_exception(error)
        if self._is_closed:
            self._waiting.extend(calls)
            self._fail_waiting(ReaderClosed("the reader was closed"))
            return
        self._waiting.extendleft(reversed(calls))
        self.hand_out()

    def tidy(self) -> None:
        """Where nothing is to be done: replaces workers that do not share their memory since one of them was lost."""
        is_idle = self._starting is None and not any(worker.calls or worker.pid is None for worker in self._workers)
        if self._is_mixed and is_idle and not self._waiting:
            self.renew()

    def renew(self) -> None:
        """Replaces all workers that are up, each after the calls it holds.

        One that wants to be replaced takes the others along: those that follow come from one set-up again and share its
        memory, which is most of what they need. Starting them all costs no more than starting one.
        """
        self._is_mixed = False
        for worker in list(self._workers):
            if worker.pid is not None:
                worker.retire()

    def cannot_start(self, reason: str) -> None:
        """Fails what waits: a worker that cannot start will not start for the next call either."""
        if "\n" in reason.strip():  # the traceback of the set-up: for the log; its last line says what happened
            log.error("a reading process cannot start: %s", reason)
            reason = reason.strip().rpartition("\n")[2]
        self._fail_waiting(ReaderUnavailable(f"a reading process cannot start: {reason}"))

    def _fail_waiting(self, error: ReaderError) -> None:
        while self._waiting:
            call = self._waiting.popleft()
            if not call.done.done():
                call.done.set_exception(error)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(1.0)
    except subprocess.TimeoutExpired:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()


def _itself(worker: _Worker) -> _Worker:
    return worker
