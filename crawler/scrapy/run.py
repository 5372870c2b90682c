"""Runs one spider in this process's loop, and stops it in time.

In: a spider class and the crawl it is part of. Out: how it ended. Promises: a stop is never lost, not even one
that comes while the spider is opening; pages in flight get some seconds to be finished and stored, then are dropped;
ten seconds after a stop nothing of the crawl is left; an error of the spider's own work is raised, never swallowed.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner, Crawler

from crawler.context import CrawlContext
from crawler.scrapy.settings import scrapy_settings
from crawler.scrapy.spider import TaskSpider

FINISH_SECONDS = 6.0
"""What pages in flight get after a stop. A page under way is done in less, or its host is slow and it is dropped."""

CLOSE_SECONDS = 2.0
"""For storing what is finished, after those in flight were dropped; together under the ten seconds of a stop."""


async def run_spider(spider_class: type[TaskSpider], context: CrawlContext, **arguments: Any) -> str:
    """Runs a spider to its end, or until the crawl is stopped; gives Scrapy's reason for its end, or `stopped`.

    Args:
        spider_class: its class.
        context: the crawl.
        arguments: the spider's own.

    Raises:
        Exception: what the spider's work raised, or the storage behind its pipeline.
    """
    runner = AsyncCrawlerRunner(scrapy_settings(context.settings))
    crawler = runner.create_crawler(spider_class)
    crawl = asyncio.ensure_future(runner.crawl(crawler, context=context, **arguments))
    stopping = asyncio.ensure_future(context.stop.wait())
    try:
        await asyncio.wait({crawl, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not crawl.done():
            await _stop(crawler, crawl)
    except asyncio.CancelledError:
        # Scrapy's engine would swallow it and go on
        await _stop(crawler, crawl)
        raise
    finally:
        stopping.cancel()
    spider = crawler.spider
    if crawl.done() and not crawl.cancelled():
        crawl.result()
    if isinstance(spider, TaskSpider) and spider.failure is not None:
        raise spider.failure
    return "stopped" if context.stop.is_set() else str(crawler.stats.get_value("finish_reason"))


async def _stop(crawler: Crawler, crawl: asyncio.Future[None]) -> None:
    """Ends the crawl in order: nothing new, then what is in flight, then whatever is left."""
    spider = crawler.spider
    if isinstance(spider, TaskSpider):
        spider.stop()  # its work ends by itself when what is in flight is done
    await asyncio.wait({crawl}, timeout=FINISH_SECONDS)
    if crawl.done():
        return
    if isinstance(spider, TaskSpider):
        spider.abort()
    await asyncio.wait({crawl}, timeout=CLOSE_SECONDS / 2)
    if crawl.done():
        return
    # the engine hangs, as it does when stopped while opening: closing it is what ends it
    with contextlib.suppress(RuntimeError, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS / 2):
            await crawler.engine.close_async()
    crawl.cancel()
    await asyncio.wait({crawl}, timeout=CLOSE_SECONDS / 2)
