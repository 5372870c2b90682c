"""What crawls work with: what outlives one (connections, limits, workers), and what one is handed on whole."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from crawler.http.client import Client
from crawler.http.robots import Robots
from crawler.politeness.rate_limiter import RateLimiter
from crawler.progress import CrawlSummary, Progress
from crawler.settings import CrawlerSettings

if TYPE_CHECKING:
    from crawler.workers.pool import WorkerPool
    from storage.database.engine import Database


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


class CrawlSession:
    """What fetches and reads: connections, limiter, robots rules, worker processes; an asynchronous context manager.

    Args:
        settings: how to visit.
        pool: the worker processes; ended with the session.
        ssl_context: how certificates are verified; None is the system's authorities.
        now: the time.
    """

    def __init__(
        self,
        settings: CrawlerSettings,
        pool: WorkerPool,
        *,
        ssl_context: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self.now = now
        self.limiter = RateLimiter(
            delay_seconds=settings.delay_seconds,
            concurrency_per_host=settings.concurrency_per_host,
            concurrency=settings.concurrency,
            now=now,
        )
        self.client = Client(settings, self.limiter, ssl_context=ssl_context, now=now)
        self.robots = Robots(self.client, self.limiter, is_obeyed=settings.robots, now=now)
        self.pool = pool

    async def __aenter__(self) -> Self:
        await self.client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.pool.aclose()
        finally:
            await self.client.__aexit__(kind, error, trace)


@dataclass(frozen=True, slots=True)
class CrawlContext:
    """One crawl's means.

    Args:
        settings: limits and manners.
        database: where everything is kept.
        client: fetches; `limiter` paces it, `robots` says what it may visit.
        pool: the worker processes.
        progress, summary: told of every source and page.
        stop: ends the crawl in order when set: nothing new is begun, what is under way is stored.
        now: the time of day.
        is_clock_trusted: whether that may say how old an article is.
    """

    settings: CrawlerSettings
    database: Database
    client: Client
    limiter: RateLimiter
    robots: Robots
    pool: WorkerPool
    progress: Progress
    summary: CrawlSummary
    stop: asyncio.Event
    now: Callable[[], datetime]
    is_clock_trusted: bool = True

    @property
    def announce_within_seconds(self) -> int:
        """How old what is announced may be, 0 for any age: by a clock that is wrong all news might seem old."""
        return self.settings.announce_within if self.is_clock_trusted else 0
