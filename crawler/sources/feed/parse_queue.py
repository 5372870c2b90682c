"""Brings fetched feeds to the worker processes, several a call, and their contents back.

A call to a worker costs as much as reading a small feed, so feeds wait a moment for others to share it. One that
hangs or crashes its worker takes its companions' call with it; they are then read one by one, so that only the
culprit fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.sources.outcomes import name_worker_error
from crawler.worker_calls import read_feeds
from crawler.workers.errors import PoolClosed, WorkerError, WorkersUnavailable
from crawler.workers.internal_errors import FAULT, log_internal_error
from crawler.workers.pool import WorkerPool

JOBS_A_CALL = 8
BYTES_A_CALL = 400_000
"""Eight feeds of the usual 40 kB: some ten milliseconds of work, against half a millisecond for the call."""

LINGER_SECONDS = 0.05
"""Longest that a feed waits for company; nothing beside a network's delays."""

PARSE_SECONDS = 10.0
"""Longest for one call. A feed of the largest size allowed takes about two seconds, damaged."""

WAITING_BYTES = 8_000_000
"""Bodies held at once, twenty calls of them; beyond it fetching waits for reading, so that memory stays bounded."""


Done = Callable[[ParsedFeed | FeedError], None]


@dataclass(slots=True)
class _Waiting:
    job: FetchedDocument
    done: Done


class ParseQueue:
    """Takes jobs with what to do with their results; an asynchronous context manager that ends when all are done."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self._waiting: list[_Waiting] = []
        self._bytes = 0
        self._held = 0
        self._room = asyncio.Event()
        self._room.set()
        self._timer: asyncio.TimerHandle | None = None
        self._calls: set[asyncio.Task[None]] = set()
        self._trouble: WorkerError | None = None

    async def add(self, job: FetchedDocument, done: Done) -> None:
        """Takes a job; waits while too much is held. `done` is called in the loop with its result."""
        await self._room.wait()
        self._waiting.append(_Waiting(job, done))
        self._bytes += len(job.body)
        self._held += len(job.body)
        if self._held >= WAITING_BYTES:
            self._room.clear()
        if len(self._waiting) >= JOBS_A_CALL or self._bytes >= BYTES_A_CALL:
            self._send()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LINGER_SECONDS, self._send)

    async def finish(self) -> None:
        """Waits until everything taken is done.

        Raises:
            WorkersUnavailable: no worker can start. What was not read has no result, and is due again.
        """
        self._send()
        while self._calls:
            await asyncio.wait(set(self._calls))
        if self._trouble is not None:
            raise self._trouble

    def _send(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiting:
            return
        batch, self._waiting, self._bytes = self._waiting, [], 0
        call = asyncio.create_task(self._run(batch))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _run(self, batch: list[_Waiting]) -> None:
        try:
            await self._read(batch)
        except (WorkersUnavailable, PoolClosed) as error:
            self._trouble = error  # no fault of these feeds: they get no result
        finally:
            self._held -= sum(len(waiting.job.body) for waiting in batch)
            if self._held < WAITING_BYTES:
                self._room.set()

    async def _read(self, batch: list[_Waiting]) -> None:
        jobs = [waiting.job for waiting in batch]
        try:
            results = await self._pool.run(read_feeds, jobs, timeout_seconds=PARSE_SECONDS)
        except (WorkersUnavailable, PoolClosed):
            raise
        except Exception as error:
            if len(batch) > 1:
                for waiting in batch:
                    await self._read([waiting])
                return
            if isinstance(error, WorkerError):
                results = [name_worker_error(error)]
            else:
                results = [FeedError(FAULT, log_internal_error(error, jobs[0].url))]
        for waiting, result in zip(batch, results, strict=True):
            waiting.done(result)
