"""Runs one spider in this process's loop, and stops it in time.

In: a spider class and the live objects it works with. Out: how it ended. Promises: a stop is never lost, not even one
that comes while the spider is opening; pages in flight get some seconds to be finished and stored, then are dropped;
ten seconds after a stop nothing of the crawl is left; an error of the spider's own work is raised, never swallowed.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any, TypeVar

from scrapy.crawler import AsyncCrawlerRunner, Crawler

from crawler.politeness.rate_limiter import RateLimiter
from crawler.scrapy.settings import scrapy_settings
from crawler.scrapy.spider import GatedSpider
from crawler.settings import CrawlerSettings

FINISH_SECONDS = 6.0
"""What pages in flight get after a stop. A page under way is done in less, or its host is slow and it is dropped."""

CLOSE_SECONDS = 2.0
"""For storing what is finished, after those in flight were dropped; together under the ten seconds of a stop."""


@dataclass(frozen=True, slots=True)
class SpiderResult:
    """How a spider ended: `finished`, or `stopped` where a stop came first. `stats` are Scrapy's."""

    finish_reason: str
    stats: dict[str, Any]


S = TypeVar("S", bound=GatedSpider)


async def run_spider(
    spider_class: type[S], *, settings: CrawlerSettings, limiter: RateLimiter, stop: asyncio.Event, **arguments: Any
) -> SpiderResult:
    """Runs a spider to its end, or until `stop` is set.

    Args:
        spider_class: one of `crawler.spiders`.
        settings: limits of the crawl.
        limiter: the rate limiter.
        stop: ends the crawl in order when set.
        arguments: the spider's own.

    Raises:
        Exception: what the spider's work raised, or the storage behind its pipeline.
    """
    runner = AsyncCrawlerRunner(scrapy_settings(settings))
    crawler = runner.create_crawler(spider_class)
    crawl = asyncio.ensure_future(runner.crawl(crawler, limiter=limiter, crawler_settings=settings, **arguments))
    stopping = asyncio.ensure_future(stop.wait())
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
    if isinstance(spider, GatedSpider) and spider.failure is not None:
        raise spider.failure
    stats = dict(crawler.stats.get_stats())
    reason = "stopped" if stop.is_set() else str(stats.get("finish_reason"))
    return SpiderResult(reason, stats)


async def _stop(crawler: Crawler, crawl: asyncio.Future[None]) -> None:
    """Ends the crawl in order: nothing new, then what is in flight, then whatever is left."""
    spider = crawler.spider
    if isinstance(spider, GatedSpider):
        spider.stop()  # its work ends by itself when what is in flight is done
    await asyncio.wait({crawl}, timeout=FINISH_SECONDS)
    if crawl.done():
        return
    if isinstance(spider, GatedSpider):
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
