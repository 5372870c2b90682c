"""Stores what the pages spider found, in batches.

In: `PageReading` and `PageFailure` items. Out: transactions of its `crawler.pages.store.PageStore`. Promises: closing
the spider waits for the pages in flight and stores them; a failure to store ends the crawl, not the program: what was
not stored is still waiting in the database; a page whose article our code stumbles over is parked, and of a failure
that it stumbles over the article that stands in for the page is left out.
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
"""How long an item waits for others."""


class RegisterPipeline:
    """Collects items and stores them."""

    def __init__(self, spider: PagesSpider) -> None:
        self._spider = spider
        self._writer: BatchWriter[PageReading | PageFailure] = BatchWriter(
            self._store, self._store_faulty, spider.give_up, LONGEST_WAIT_SECONDS
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy builds it."""
        return cls(crawler.spider)  # type: ignore[arg-type]  # only `PagesSpider` names this pipeline

    async def process_item(self, item: Any) -> Any:
        """Takes an item; waits only where storing falls behind reading."""
        await self._writer.add(item)
        return item

    async def close_spider(self) -> None:
        """Waits for what is in flight, then stores the rest."""
        self._spider.stop()
        await self._spider.settle()
        await self._writer.close()

    async def _store(self, items: list[PageReading | PageFailure]) -> None:
        await self._spider.pages.store(items)
        for item in items:
            self._spider.stored(item.entry_ids)

    async def _store_faulty(self, item: PageReading | PageFailure, error: Exception) -> None:
        if isinstance(item, PageReading):
            failure = PageFailure(item.entry_ids, FAULT, log_internal_error(error, item.reading.url), None)
        else:
            log_internal_error(error, "the entries' own words")
            failure = replace(item, stand_in=None)
        await self._store([failure])
