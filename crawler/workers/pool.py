"""Worker processes for work that may hang, crash or eat memory: parsing feeds, reading pages, judging them.

In: `await pool.run(function, *args)` with a module-level function and picklable arguments. Out: its result, or its
exception. Promises: the event loop is never blocked by the work; a call that hangs or crashes takes only its own worker
with it and is tried once more before it fails; small calls that have to wait go to a worker several at a time; of calls
that are large, and need much memory, one is carried out at a time; calls that need what one process alone should hold
(the encoder) all go to one worker, which is replaced when none came for a while; no worker outlives its parent.

Not pebble's `ProcessPool`: two workers and one that judges take 363 MB of all processes together where this takes 130
(forkserver 365), since each loads the classifier for itself (measured). Here all workers are a family that is forked
from one of them after its set-up, so that they share its memory; where one is lost or has to be replaced, all are.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, TypeVar, TypeVarTuple

from crawler.workers.errors import CallTimeout, PoolClosed, WorkerCrashed, WorkerError, WorkersUnavailable
from crawler.workers.fork_server import START_SECONDS, ForkServer, Worker
from crawler.workers.process import ERROR, RETIRING, WorkerLimits

log = logging.getLogger(__name__)

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

ATTEMPTS = 2
"""A call that ended its worker is tried once more: another process or the machine may have been the cause."""

HEAVY_BYTES = 1_000_000
"""A call from this size on is heavy: reading it takes tens of megabytes, so that one at a time must do. Usual pages and
feeds are smaller."""

LIGHT_BYTES = 100_000
CALLS_TOGETHER = 8
"""Calls up to this size that have to wait go to a worker so many at a time: to send a feed and to wake a process for it
costs half as much as to read what is new in it (measured)."""

PINNED_IDLE_SECONDS = 120.0
"""After so long without a pinned call the worker that had them is replaced, and what it holds is free again: a crawl
has pauses of seconds within, and of a quarter of an hour to the next."""


class _Call:
    """A function to be carried out, and who waits for it."""

    def __init__(self, work: Any, seconds: float, *, is_pinned: bool) -> None:
        packed = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
        self._work = work
        self.seconds = seconds
        self.is_pinned = is_pinned
        self.is_heavy = len(packed) >= HEAVY_BYTES
        self.is_light = len(packed) <= LIGHT_BYTES and not is_pinned
        # a heavy one is packed again when it is sent: what it holds should not be there twice while it waits
        self._packed = None if self.is_heavy else packed
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def pack(self) -> bytes:
        """What is sent to a worker."""
        return self._packed or pickle.dumps(self._work, protocol=pickle.HIGHEST_PROTOCOL)

    def settle(self, word: int, data: bytes) -> None:
        """Takes a worker's reply."""
        result = pickle.loads(data)  # noqa: S301  # from our own child, over a private socket
        if word != ERROR:
            if not self.answer.done():
                self.answer.set_result(result)
        elif isinstance(result, MemoryError):
            self.fail(WorkerCrashed("needed more memory than a worker may use"))
        else:
            self.fail(result)

    def fail(self, error: Exception) -> None:
        """Raises an error where the answer is waited for, if anybody still does."""
        if not self.answer.done():
            self.answer.set_exception(error)


class WorkerPool:
    """A pool of worker processes; nothing is started before the first call.

    Args:
        workers: how many processes at most.
        setup: run once in the process that the workers are forked from, e.g. to import libraries and load the model;
            module-level or a `functools.partial` of such.
        growth_bytes: a worker that has grown by so much since its set-up is replaced between calls. Not a size: the
            set-up differs with the model, and a limit below it would replace a worker after every call. What pages
            leave behind in the libraries that read them is no more of use: with 30 MB a crawl took 25 MB more.
        extra_address_bytes: address space a worker may take beyond its set-up; a call that asks for more fails.
        calls: a worker is replaced after so many calls, against slow growth in libraries.
        pinned_idle_seconds: after so long without a pinned call the worker that had them is replaced.
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        setup: Callable[[], Any] | None = None,
        growth_bytes: int = 10_000_000,
        extra_address_bytes: int = 600_000_000,
        calls: int = 20_000,
        pinned_idle_seconds: float = PINNED_IDLE_SECONDS,
    ) -> None:
        self._size = workers
        self._pinned_idle_seconds = pinned_idle_seconds
        self._server = ForkServer(setup, WorkerLimits(growth_bytes, extra_address_bytes, calls), workers)
        self._waiting: deque[_Call] = deque()
        self._under_way: set[_Call] = set()
        self._came = asyncio.Condition()
        self._seats: list[asyncio.Task[None]] = []
        self._workers: set[Worker] = set()
        self._starting = asyncio.Lock()
        self._is_renewing = False
        self._is_closed = False

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
        if not self._seats:
            self._seats = [asyncio.create_task(self._serve(is_first=n == 0)) for n in range(self._size)]
        call = _Call((function, args), timeout_seconds, is_pinned=is_pinned)
        self._waiting.append(call)
        async with self._came:
            self._came.notify_all()
        result: T = await call.answer
        return result

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that are up."""
        return [worker.pid for worker in self._workers]

    def end_idle(self) -> None:
        """Ends all processes, where none has anything to do; the next call starts others."""
        if not self._under_way:
            for worker in list(self._workers):
                self._end(worker)
            self._server.close()

    async def aclose(self) -> None:
        """Ends all workers within a second; calls not carried out raise `PoolClosed`."""
        self._is_closed = True
        for seat in self._seats:
            seat.cancel()
        for worker in list(self._workers):
            self._end(worker)
        self._fail_all(PoolClosed("the worker pool was closed"))
        try:
            await asyncio.gather(*self._seats, return_exceptions=True)
        finally:  # also where whoever closes is in too great a hurry to wait
            self._server.close()

    async def _serve(self, *, is_first: bool) -> None:
        """Has calls carried out one after another, by one worker after another. Pinned ones are the first seat's."""
        loop = asyncio.get_running_loop()
        worker: Worker | None = None
        idle_at: float | None = None  # when the worker is to be replaced, since it holds what pinned calls need
        while True:
            try:
                async with asyncio.timeout_at(idle_at):
                    calls = await self._take(is_first=is_first)
            except TimeoutError:
                self._end(worker)
                idle_at = None
                continue
            self._under_way.update(calls)
            try:
                worker = await self._carry_out(calls, worker)
            except WorkersUnavailable as error:  # nor will one start for the next call
                self._fail_all(error)
            finally:
                self._under_way.difference_update(calls)
            if calls[0].is_pinned:
                idle_at = loop.time() + self._pinned_idle_seconds

    async def _take(self, *, is_first: bool) -> list[_Call]:
        """The call that has waited longest of those that this seat may have now; if it is light, with others."""
        async with self._came:
            while True:
                # whoever asked may have gone
                self._waiting = deque(call for call in self._waiting if not call.answer.done())
                is_heavy_under_way = any(call.is_heavy for call in self._under_way)
                for call in self._waiting:
                    if (is_first or not call.is_pinned) and not (call.is_heavy and is_heavy_under_way):
                        return self._take_with_others(call)
                await self._came.wait()

    def _take_with_others(self, first: _Call) -> list[_Call]:
        """Takes a call and, if it is light, a seat's share of the light ones that wait."""
        most = min(CALLS_TOGETHER, len(self._waiting) // self._size) if first.is_light else 1
        light = (call for call in self._waiting if call.is_light and call is not first)
        calls = [first, *islice(light, max(most - 1, 0))]
        for call in calls:
            self._waiting.remove(call)
        return calls

    async def _carry_out(self, calls: Sequence[_Call], worker: Worker | None) -> Worker | None:
        """Has calls answered, by this worker if it is still up; gives the one that did. Raises WorkersUnavailable."""
        error: WorkerError | None = None
        for _ in range(ATTEMPTS if len(calls) == 1 else 1):
            if worker is None or worker.is_ended:
                worker = await self._start()
            if calls[0].is_pinned and not worker.is_pinned:
                worker.is_pinned = True
                calls[0].seconds += START_SECONDS  # the first loads what they all need
            began = asyncio.get_running_loop().time()
            try:
                replies = await worker.ask([(call.pack(), call.seconds) for call in calls])
            except (OSError, EOFError):
                self._end(worker)
                is_late = asyncio.get_running_loop().time() - began >= calls[0].seconds
                error = CallTimeout(calls[0].seconds) if is_late else WorkerCrashed("ended its worker process")
                continue
            if self._is_renewing or any(word & RETIRING for word, _ in replies):
                self._end(worker)
            for call, (word, data) in zip(calls, replies, strict=True):
                call.settle(word & ~RETIRING, data)
            return worker
        assert error is not None
        if len(calls) == 1:
            calls[0].fail(error)
        else:  # whichever of them it was
            for call in calls:
                worker = await self._carry_out([call], worker)
        return worker

    async def _start(self) -> Worker:
        """A worker of this family, or of the next: those of this one then end first, each after the calls it has, since
        for a while there would be twice as many, and they would not share their memory."""
        async with self._starting:
            if not self._server.has_more:
                self._is_renewing = True
                for worker in [one for one in self._workers if not one.is_busy]:
                    self._end(worker)
                while self._workers:
                    await asyncio.wait([worker.ended for worker in self._workers])
                self._is_renewing = False
            worker = await self._server.fork()
            self._workers.add(worker)
            return worker

    def _end(self, worker: Worker | None) -> None:
        if worker is not None:
            self._workers.discard(worker)
            worker.end()

    def _fail_all(self, error: WorkerError) -> None:
        for call in (*self._waiting, *self._under_way):
            call.fail(error)
        self._waiting.clear()
