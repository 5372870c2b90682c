"""The engine of one process: at most one crawl and one delivery at a time, side by side.

A crawl that is asked for while one runs is not queued twice: it runs once, after it. A delivery never waits for a
crawl, and follows each: the first digest of all waits until something was read, and so does one that was missed. A
fault in either is logged with its traceback and ends that run only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from tipwatch.engine.base import Work

log = logging.getLogger(__name__)


class LocalEngine:
    """Runs the two coroutines in this process.

    Args:
        work: theirs.
        grace_seconds: how long the work may take to end in order after a stop; then it is cancelled. What it had not
            stored by then is still waiting in the database.
    """

    def __init__(self, work: Work, *, grace_seconds: float) -> None:
        self._work = work
        self._grace_seconds = grace_seconds
        self._wants_crawl = asyncio.Event()
        self._wants_delivery = asyncio.Event()
        self._is_crawling = False

    async def submit_poll(self) -> None:
        """See `Engine`."""
        if self._is_crawling:
            log.info("crawl.waiting", extra={"reason": "the previous one is still running"})
        self._wants_crawl.set()

    async def submit_digest(self, slot: str) -> None:
        """See `Engine`."""
        self._wants_delivery.set()

    async def run(self, stop: asyncio.Event) -> None:
        """See `Engine`."""
        work = [
            asyncio.create_task(self._serve(self._wants_crawl, self._crawl_once, stop), name="crawls"),
            asyncio.create_task(self._serve(self._wants_delivery, self._work.deliver, stop), name="deliveries"),
        ]
        try:
            await stop.wait()
            self._wants_crawl.set()  # wakes both, so that they see the stop
            self._wants_delivery.set()
            _, late = await asyncio.wait(work, timeout=self._grace_seconds)
            for task in late:
                log.warning("work.cancelled", extra={"work": task.get_name(), "after_seconds": self._grace_seconds})
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def _serve(
        self, wanted: asyncio.Event, once: Callable[[asyncio.Event], Awaitable[object]], stop: asyncio.Event
    ) -> None:
        while not stop.is_set():
            await wanted.wait()
            wanted.clear()
            if not stop.is_set():
                try:
                    await once(stop)
                except Exception:
                    log.exception("work.failed")

    async def _crawl_once(self, stop: asyncio.Event) -> None:
        self._is_crawling = True
        try:
            await self._work.crawl(stop, None)
        finally:
            self._is_crawling = False
            self._wants_delivery.set()
