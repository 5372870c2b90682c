"""What one crawl works with, handed on whole: connections, limits, workers, database, and how the crawl is going."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.http.client import Client
from crawler.http.robots import Robots
from crawler.politeness.rate_limiter import RateLimiter
from crawler.progress import CrawlSummary, Progress
from crawler.settings import CrawlerSettings

if TYPE_CHECKING:
    from crawler.workers.pool import WorkerPool
    from storage.database.engine import Database


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
