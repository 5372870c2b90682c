"""What pages are handed out by and come back to, in the database's place, and a crawl of them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from crawler.context import CrawlContext
from crawler.http.client import Client
from crawler.http.robots import Robots
from crawler.pages.records import PageReading
from crawler.pages.spider import PagesSpider
from crawler.politeness.rate_limiter import RateLimiter
from crawler.progress import CrawlSummary, SilentProgress
from crawler.scrapy.run import run_spider
from crawler.settings import CrawlerSettings
from storage.records import PageFailure, PendingPage
from tests.support import judging
from tests.support.newsroom_pages import NOW, newsroom_page

PAGE = newsroom_page().encode()


@dataclass
class Desk:
    """Stands where the database would: hands out pages, takes what comes back."""

    waiting: list[PendingPage]
    readings: list[PageReading] = field(default_factory=list)
    failures: list[PageFailure] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    most_held: int = 0
    handed: set[int] = field(default_factory=set)

    async def pull(self, limit: int, excluded: Collection[int]) -> Sequence[PendingPage]:
        done = {entry for one in self.readings for entry in one.reading.entry_ids}
        done |= {entry for one in self.failures for entry in one.entry_ids}
        free = [page for page in self.waiting if not done & set(page.entry_ids)]
        pages = [page for page in free if not set(excluded) & set(page.entry_ids)][:limit]
        self.handed |= {entry for page in pages for entry in page.entry_ids}
        self.most_held = max(self.most_held, len(self.handed) - len(done))
        return pages

    async def store(self, items: Sequence[PageReading | PageFailure]) -> None:
        self.batches.append(len(items))
        self.readings += [one for one in items if isinstance(one, PageReading)]
        self.failures += [one for one in items if isinstance(one, PageFailure)]

    def notes(self) -> dict[str, str | None]:
        return {one.reading.url.rpartition("/")[2]: one.reading.read_note for one in self.readings}

    def kinds(self) -> dict[int, str]:
        return {one.entry_ids[0]: one.error_kind for one in self.failures}


class InlinePool:
    """Reads in this process: what happens in workers is tested elsewhere, and starting them costs half a second."""

    async def run(self, function: Any, raw: Any, *, timeout_seconds: float, is_pinned: bool = False) -> Any:
        judging.prepare()
        return function(raw)


async def crawl(
    desk: Desk,
    limits: CrawlerSettings,
    limiter: RateLimiter | None = None,
    *,
    pool: Any = None,
    is_robots_obeyed: bool = False,
    ssl_context: ssl.SSLContext | None = None,
    **arguments: Any,
) -> str:
    limiter = limiter or RateLimiter(delay_seconds=limits.delay_seconds, concurrency=limits.concurrency)
    async with Client(limits, limiter, ssl_context=ssl_context, now=lambda: NOW) as client:
        robots = Robots(client, limiter, is_obeyed=is_robots_obeyed)
        context = context_of(limits, client, limiter, robots, pool or InlinePool(), desk.stop)
        return await run_spider(PagesSpider, context, pages=desk, **arguments)


def context_of(
    limits: CrawlerSettings,
    client: Client,
    limiter: RateLimiter,
    robots: Robots,
    pool: Any,
    stop: asyncio.Event | None = None,
) -> CrawlContext:
    """What a crawl without a database works with."""
    return CrawlContext(
        settings=limits,
        database=cast("Any", None),
        client=client,
        limiter=limiter,
        robots=robots,
        pool=pool,
        progress=SilentProgress(),
        summary=CrawlSummary(),
        stop=stop or asyncio.Event(),
        now=lambda: NOW,
    )
