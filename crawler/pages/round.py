"""Reads the pages that wait while sources are still being visited: a slow host keeps nobody's pages waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from crawler.context import CrawlContext
from crawler.pages.store import PageStore

PROBE_SECONDS = 5.0
"""While sources are being visited, pages are looked for this often; within it most visits without news are over."""

FIRST_PAGES = 100
"""Pulled before the spider is started at all: its start costs as much as some thirty pages."""


async def read_pages(context: CrawlContext, visits: asyncio.Task[None], hosts: Sequence[str] | None) -> None:
    """Reads pages (of these hosts; None for all) until `visits` has ended and none is left, or the crawl is stopped.

    Raises what `visits` raises, and StorageError.
    """
    store, slow = PageStore(context, hosts), dict[str, int]()
    while not context.stop.is_set():
        is_last = visits.done()
        if not is_last:
            await asyncio.wait({visits}, timeout=PROBE_SECONDS)
            is_last = visits.done()
        if is_last:
            visits.result()
        await _read_waiting(context, store, slow)
        if is_last:
            return


async def _read_waiting(context: CrawlContext, store: PageStore, slow: dict[str, int]) -> None:
    """Reads what waits now, and what comes to wait meanwhile."""
    first = await store.pull(FIRST_PAGES, ())
    if not first or context.stop.is_set():
        return
    from crawler.pages.spider import PagesSpider  # Scrapy takes a quarter of a second
    from crawler.scrapy.run import run_spider

    await run_spider(PagesSpider, context, pages=store, first=first, slow=slow)
