"""Stores what the pages spider found, in batches.

In: `PageReading` and `PageFailure` items. Out: transactions of its `crawler.pages.store.PageStore`. Promises: closing
the spider waits for the pages in flight and stores them; a failure to store ends the crawl, not the program: what was
not stored is still waiting in the database.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from crawler.batch_writer import BatchWriter
from crawler.pages.records import PageReading
from crawler.workers.internal_errors import FAULT, log_internal_error
from storage.records import PageFailure

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.pages.spider import PagesSpider

LONGEST_WAIT_SECONDS = 1.0
"""How long a reading waits for others."""


class RegisterPipeline:
    """Collects items and stores them."""

    def __init__(self, spider: PagesSpider) -> None:
        self._spider = spider
        self._readings = BatchWriter(self._register, self._park, spider.give_up, LONGEST_WAIT_SECONDS)
        self._failures = BatchWriter(self._record, self._record_alone, spider.give_up, LONGEST_WAIT_SECONDS)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy builds it."""
        return cls(crawler.spider)  # type: ignore[arg-type]  # only `PagesSpider` names this pipeline

    async def process_item(self, item: Any) -> Any:
        """Takes an item; waits only where storing falls behind reading."""
        if isinstance(item, PageReading):
            await self._readings.add(item)
        elif isinstance(item, PageFailure):
            await self._failures.add(item)
        return item

    async def close_spider(self) -> None:
        """Waits for what is in flight, then stores the rest."""
        self._spider.stop()
        await self._spider.settle()
        await self._readings.close()
        await self._failures.close()

    async def _register(self, readings: list[PageReading]) -> None:
        await self._spider.pages.register(readings)
        for one in readings:
            self._spider.stored(one.reading.entry_ids)

    async def _park(self, reading: PageReading, error: Exception) -> None:
        """Parks a page whose article our code stumbles over."""
        page = reading.reading
        await self._record([PageFailure(page.entry_ids, FAULT, log_internal_error(error, page.url), None)])

    async def _record(self, failures: list[PageFailure]) -> None:
        await self._spider.pages.record_failures(failures)
        for failure in failures:
            self._spider.stored(failure.entry_ids)

    async def _record_alone(self, failure: PageFailure, error: Exception) -> None:
        """Stores a failure without the article that stands in for the page, over which our code stumbles."""
        log_internal_error(error, "the entries' own words")
        await self._record([replace(failure, stand_in=None)])
