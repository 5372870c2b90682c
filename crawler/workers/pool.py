"""Worker processes for work that may hang, crash or eat memory: parsing feeds, reading pages, judging them.

In: `await pool.run(function, *args)` with a module-level function and picklable arguments. Out: its result, or its
exception. Promises: the event loop is never blocked by the work; a call that hangs or crashes takes only its own worker
with it and is tried once more before it fails; waiting calls are handed on several at a time, so that a worker never
idles between them; of calls that are large, and need much memory, one is carried out at a time; calls that need what
one process alone should hold (the encoder) all go to one worker, which is replaced when none came for a while; no
worker outlives its parent.

Not pebble's `ProcessPool`: two workers and one that judges take 363 MB of all processes together where this takes 130
(forkserver 365), since each loads the classifier for itself, and start in 13 s where this takes 6; a call costs 68
microseconds in the parent where this costs 43, and a hung one is ended as fast (measured). Here the first workers come
from one process that sets up once and then forks the others, so that they share its memory; a worker that was lost is
replaced alone, and when there is nothing to do all are replaced together.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import pickle
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, TypeVarTuple

from crawler.workers.connection import START_SECONDS, Call, WorkerConnection
from crawler.workers.errors import CallTimeout, PoolClosed, WorkerCrashed, WorkerError, WorkersUnavailable
from crawler.workers.process import CALL_HEADER, WorkerLimits

log = logging.getLogger(__name__)

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

ATTEMPTS = 2
"""A call that ended its worker is tried once more: another process or the machine may have been the cause."""

SOCKET_BYTES = 1_000_000
"""Asked of the kernel (which may give less), so that a page goes out in one piece, not in many turns of the loop."""

PINNED_IDLE_SECONDS = 120.0
"""After so long without a pinned call the worker that had them is replaced, and what it holds is free again: a crawl
has pauses of seconds within, and of a quarter of an hour to the next."""

_BOOT = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from crawler.workers.process import main; main([int(n) for n in sys.argv[2:]])"
)


class WorkerPool:
    """A pool of worker processes; nothing is started before the first call.

    Args:
        workers: how many processes at most.
        setup: run once in the first worker before it forks the others, e.g. to import libraries and load the model;
            module-level or a `functools.partial` of such.
        growth_bytes: a worker that has grown by so much since its set-up is replaced between calls. Not a size: the
            set-up differs with the model, and a limit below it would replace a worker after every call.
        extra_address_bytes: address space a worker may take beyond its set-up; a call that asks for more fails.
        calls: a worker is replaced after so many calls, against slow growth in libraries.
        pinned_idle_seconds: after so long without a pinned call the workers are replaced.
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        setup: Callable[[], Any] | None = None,
        growth_bytes: int = 15_000_000,
        extra_address_bytes: int = 600_000_000,
        calls: int = 20_000,
        pinned_idle_seconds: float = PINNED_IDLE_SECONDS,
    ) -> None:
        self._size = workers
        self._setup = setup
        self._limits = WorkerLimits(growth_bytes, extra_address_bytes, calls)
        self._waiting: deque[Call] = deque()
        self._heavy: deque[Call] = deque()
        self._pinned: deque[Call] = deque()
        self._pinned_idle_seconds = pinned_idle_seconds
        self._pinned_idle: asyncio.TimerHandle | None = None
        self._workers: list[WorkerConnection] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._starting: asyncio.Task[None] | None = None
        self._is_closed = False
        self._is_mixed = False  # a worker that was started alone is among them
        self.loop: asyncio.AbstractEventLoop

    async def run(
        self, function: Callable[[*Ts], T], *args: *Ts, timeout_seconds: float = 10.0, is_pinned: bool = False
    ) -> T:
        """What `function(*args)` returns or raises, computed in a worker; in the one for all such calls if pinned.

        Raises:
            CallTimeout: it took longer than `timeout_seconds` on both attempts (waiting for a worker not counted).
            WorkerCrashed: it ended its worker twice, or ran out of memory.
            PoolClosed: the worker pool is closed.
        """
        if self._is_closed:
            raise PoolClosed("the worker pool is closed")
        self.loop = asyncio.get_running_loop()
        call = Call((function, args), timeout_seconds, self.loop.create_future(), is_pinned=is_pinned)
        self._queue_of(call).append(call)
        self.dispatch()
        result: T = await call.done
        return result

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that are up."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    async def aclose(self) -> None:
        """Ends all workers within a second; calls not carried out raise `PoolClosed`."""
        self._is_closed = True
        self._fail_waiting(PoolClosed("the worker pool was closed"))
        self._stop_pinned_timer()
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

    def dispatch(self) -> None:
        """Sends waiting calls to workers with room, evenly; starts workers where some are missing."""
        while (call := self._next()) is not None:
            worker = min((w for w in self._workers if w.has_room), key=lambda w: len(w.calls), default=None)
            if worker is None:
                break
            self._queue_of(call).popleft()
            worker.send(call)
        pinned = self._hand_out_pinned()
        call = call or pinned
        # those that are to be replaced end first: for a while there would be twice as many, each with its own memory
        missing = self._size - len(self._workers)
        is_renewing = any(worker.is_retiring for worker in self._workers)
        if call is not None and missing > 0 and not is_renewing and self._starting is None and not self._is_closed:
            self._is_mixed = missing < self._size
            self._starting = self.loop.create_task(self._start(missing))

    def _hand_out_pinned(self) -> Call | None:
        """Sends pinned calls to their worker, or makes the least busy one theirs; gives the first that must wait."""
        while self._pinned:
            call = self._pinned[0]
            if call.done.done():  # whoever asked has gone
                self._pinned.popleft()
                continue
            theirs = [worker for worker in self._workers if worker.is_pinned and not worker.is_retiring]
            able = [worker for worker in theirs or self._workers if worker.has_room]
            if not able:
                return call
            worker = min(able, key=lambda w: len(w.calls))
            if not worker.is_pinned:
                worker.is_pinned = True
                call.seconds += START_SECONDS  # the first loads what they all need
            self._pinned.popleft()
            worker.send(call)
        return None

    def pinned_done(self) -> None:
        """A pinned call was answered: its worker is kept for a while."""
        self._stop_pinned_timer()
        self._pinned_idle = self.loop.call_later(self._pinned_idle_seconds, self._unpin)

    def _unpin(self) -> None:
        self._pinned_idle = None
        if any(call.is_pinned for worker in self._workers for call in worker.calls) or self._pinned:
            return  # its answer starts the clock anew
        if any(worker.is_pinned and not worker.is_retiring for worker in self._workers):
            self.recycle()

    def _stop_pinned_timer(self) -> None:
        if self._pinned_idle is not None:
            self._pinned_idle.cancel()
            self._pinned_idle = None

    def _queue_of(self, call: Call) -> deque[Call]:
        if call.is_pinned:
            return self._pinned
        return self._heavy if call.is_heavy else self._waiting

    def _next(self) -> Call | None:
        """The call that is next: a heavy one where none is under way; left where it waits."""
        is_heavy_under_way = any(call.is_heavy for worker in self._workers for call in worker.calls)
        for queue in (self._waiting,) if is_heavy_under_way else (self._heavy, self._waiting):
            while queue and queue[0].done.done():  # whoever asked has gone
                queue.popleft()
            if queue:
                return queue[0]
        return None

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
                worker = WorkerConnection(self, process if is_first else None)
                # from here on the transport closes the socket
                await self.loop.create_connection(partial(_itself, worker), sock=mine.pop(0))
                self._workers.append(worker)
                if is_first:
                    setup = pickle.dumps((self._setup, self._limits))
                    worker.write(CALL_HEADER.pack(len(setup), 0), setup)
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

    def lost(self, worker: WorkerConnection, calls: list[Call], seconds: float) -> None:
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
            error = self._blame(culprit, seconds)
            if error is not None:
                del calls[0]
                if not culprit.done.done():
                    culprit.done.set_exception(error)
        for call in reversed(calls):
            self._queue_of(call).appendleft(call)
        if self._is_closed:
            self._fail_waiting(PoolClosed("the worker pool was closed"))
            return
        self.dispatch()

    def _blame(self, culprit: Call, seconds: float) -> WorkerError | None:
        """What a call is told that ended its worker; None where it is tried again."""
        if self._is_closed:
            return PoolClosed("the worker pool was closed")
        if culprit.attempts < ATTEMPTS:
            return None
        if seconds >= culprit.seconds / 2:  # when the worker began it is known here with some delay
            return CallTimeout(culprit.seconds)
        return WorkerCrashed("ended its worker process")

    def tidy(self) -> None:
        """Where nothing is to be done: replaces workers that do not share their memory since one of them was lost."""
        is_idle = self._starting is None and not any(worker.calls or worker.pid is None for worker in self._workers)
        if self._is_mixed and is_idle and self._next() is None and not self._pinned:
            self.recycle()

    def recycle(self) -> None:
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
            log.error("worker.unstartable", extra={"reason": reason})
            reason = reason.strip().rpartition("\n")[2]
        self._fail_waiting(WorkersUnavailable(f"a worker process cannot start: {reason}"))

    def _fail_waiting(self, error: WorkerError) -> None:
        for queue in (self._heavy, self._waiting, self._pinned):
            while queue:
                call = queue.popleft()
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


def _itself(worker: WorkerConnection) -> WorkerConnection:
    return worker
