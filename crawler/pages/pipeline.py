"""Stores what the pages spider found, in batches.

In: `PageReading` and `PageFailure` items. Out: transactions of its `crawler.pages.store.Pages`. Promises: an
item is stored within a second of coming in, or with the next fifty; closing the spider waits for the pages in flight
and stores them; a failure to store ends the crawl, not the program: what was not stored is still waiting in the
database.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from crawler.pages.records import PageReading
from crawler.workers.internal_errors import FAULT, is_internal, log_internal_error
from storage.records import PageFailure

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.pages.spider import PagesSpider

BATCH = 50
"""Readings a transaction. One commit costs about as much as storing ten articles."""

LONGEST_WAIT_SECONDS = 1.0
"""How long a reading waits for others."""


class RegisterPipeline:
    """Collects items and stores them."""

    def __init__(self, spider: PagesSpider) -> None:
        self._spider = spider
        self._readings: list[PageReading] = []
        self._failures: list[PageFailure] = []
        self._lock = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy builds it."""
        return cls(crawler.spider)  # type: ignore[arg-type]  # only `PagesSpider` names this pipeline

    async def process_item(self, item: Any) -> Any:
        """Takes an item; waits only where storing falls behind reading."""
        if isinstance(item, PageReading):
            self._readings.append(item)
        elif isinstance(item, PageFailure):
            self._failures.append(item)
        if len(self._readings) + len(self._failures) >= BATCH:
            await self._flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LONGEST_WAIT_SECONDS, self._flush_soon)
        return item

    async def close_spider(self) -> None:
        """Waits for what is in flight, then stores the rest."""
        self._spider.stop()
        await self._spider.settle()
        if self._timer is not None:
            self._timer.cancel()
        await self._flush()

    def _flush_soon(self) -> None:
        self._timer = None
        self._flushing = asyncio.get_running_loop().create_task(self._flush())

    async def _flush(self) -> None:
        async with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            readings, self._readings = self._readings, []
            failures, self._failures = self._failures, []
            try:
                if readings:
                    failures += await self._register_all(readings)
                if failures:
                    await self._spider.pages.record_failures(failures)
            except Exception as error:  # of whatever storage is behind the pages
                self._spider.give_up(error)
                return
            for reading in readings:
                self._spider.stored(reading.reading.entry_ids)
            for failure in failures:
                self._spider.stored(failure.entry_ids)

    async def _register_all(self, readings: list[PageReading]) -> list[PageFailure]:
        """Registers readings in one transaction; where one of them makes our code stumble, each in its own. Gives the
        failures of those that do, to be parked."""
        try:
            await self._spider.pages.register(readings)
        except Exception as error:
            if not is_internal(error):
                raise
            if len(readings) == 1:
                only = readings[0].reading
                return [PageFailure(only.entry_ids, FAULT, log_internal_error(error, only.url), None)]
        else:
            return []
        return [failure for one in readings for failure in await self._register_all([one])]
