"""Reads the pages that wait: entries out of the database, articles into the register.

The pages spider pulls entries a few at a time; what it read is registered in batches of one transaction each. While
feeds are still being visited the pages of those already visited are read: a slow host keeps nobody's pages waiting.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.politeness.rate_limiter import RateLimiter
from crawler.politeness.robots import Robots
from crawler.progress import CrawlSummary, Progress
from crawler.settings import CrawlerSettings
from crawler.workers.internal_errors import is_internal, log_internal_error
from storage.articles.pages import pending_pages, record_page_failures
from storage.clock import time_of_news
from storage.records import ArticleReading, PageFailure, PendingPage, Registration
from storage.register.registration import register_articles

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from classifier.document import Verdict
    from crawler.pages.records import PageReading
    from crawler.workers.pool import WorkerPool
    from storage.database.engine import Database

PROBE_SECONDS = 5.0
"""While sources are being visited, pages are looked for this often; within it most visits without news are over."""

FIRST_PAGES = 100
"""Pulled before the spider is started at all: its start costs as much as some thirty pages."""


def register_news(
    connection: Connection, batch: Sequence[tuple[ArticleReading, Verdict]], now: datetime
) -> list[Registration]:
    """As `register_articles`, with a time that does not go back where the clock does."""
    return register_articles(connection, batch, time_of_news(connection, now))


class PageRound:
    """Reads waiting pages of some or all hosts.

    Args:
        database, pool, limiter, robots, settings, ssl_context: what the spider works with.
        summary, progress: told of every page.
        now: the time.
        stop: ends it in order when set.
        hosts: pages of these hosts only; None for all.
    """

    def __init__(
        self,
        *,
        database: Database,
        pool: WorkerPool,
        limiter: RateLimiter,
        robots: Robots,
        settings: CrawlerSettings,
        summary: CrawlSummary,
        progress: Progress,
        now: Callable[[], datetime],
        stop: asyncio.Event,
        hosts: Sequence[str] | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._database = database
        self._pool = pool
        self._limiter = limiter
        self._robots = robots
        self._settings = settings
        self._summary = summary
        self._progress = progress
        self._now = now
        self._stop = stop
        self._hosts = hosts
        self._ssl_context = ssl_context
        self._done = 0
        self._total = 0
        self._put_off: set[int] = set()
        self._slow: dict[str, int] = {}
        self._first: list[PendingPage] = []

    async def read_beside(self, visits: asyncio.Task[None]) -> None:
        """Reads pages until `visits` has ended and none is left. Raises what `visits` raises, and StorageError."""
        while not self._stop.is_set():
            is_last = visits.done()
            if not is_last:
                await asyncio.wait({visits}, timeout=PROBE_SECONDS)
                is_last = visits.done()
            if is_last:
                visits.result()
            await self.read_waiting()
            if is_last:
                return

    async def read_waiting(self) -> None:
        """Reads what waits now, and what comes to wait meanwhile."""
        self._first = await self._look(FIRST_PAGES, self._put_off)
        if not self._first or self._stop.is_set():
            return
        from crawler.pages.spider import PagesSpider
        from crawler.scrapy.run import run_spider

        await run_spider(
            PagesSpider,
            settings=self._settings,
            limiter=self._limiter,
            stop=self._stop,
            pool=self._pool,
            robots=self._robots,
            now=self._now,
            ssl_context=self._ssl_context,
            pull=self._pull,
            register=self._register,
            record_failures=self._record_failures,
            slow=self._slow,
        )

    async def _look(self, limit: int, excluded: Collection[int]) -> list[PendingPage]:
        return await self._database.write(
            pending_pages, self._now(), limit=limit, hosts=self._hosts, exclude_entry_ids=tuple(excluded)
        )

    async def _pull(self, limit: int, excluded: Collection[int]) -> Sequence[PendingPage]:
        if self._first:
            pages, self._first = self._first, []
        else:
            pages = await self._look(limit, {*excluded, *self._put_off})
        self._total += len(pages)
        self._progress.pages(self._done, self._total)
        return pages

    async def _register(self, readings: list[PageReading]) -> None:
        batch = [(one.reading, one.verdict) for one in readings]
        registrations = await self._database.write(register_news, batch, self._now())
        self._summary.pages += len(readings)
        self._count_all(batch, registrations)
        self._tell(len(readings))

    def _count_all(
        self, batch: Sequence[tuple[ArticleReading, Verdict]], registrations: Sequence[Registration]
    ) -> None:
        for (reading, verdict), registration in zip(batch, registrations, strict=True):
            for each in (registration, *registration.others):
                self._count(reading.title, verdict, each)

    def _count(self, title: str, verdict: Verdict, registration: Registration) -> None:
        summary = self._summary
        if registration.outcome == "ruled-out":
            summary.ruled_out += 1
            return
        if registration.outcome == "known-article":
            return
        if registration.outcome == "near-copy":
            summary.near_copies += 1
        if verdict.is_relevant:
            summary.relevant += 1
            if registration.outcome == "new-project":
                summary.new_projects += 1
                self._progress.found("new-project", title)
            elif registration.project_id is not None:
                summary.known_projects += 1
                self._progress.found("known-project", title)
            else:
                self._progress.found("relevant", title)

    async def _record_failures(self, failures: list[PageFailure]) -> None:
        stand_ins = [one.stand_in for one in failures if one.stand_in is not None]
        try:
            registrations = await self._database.write(_store_failures, failures, stand_ins, self._now())
        except Exception as error:
            if not (stand_ins and is_internal(error)):
                raise
            log_internal_error(error, "the entries' own words")
            await self._record_failures([replace(one, stand_in=None) for one in failures])
            return
        self._count_all(stand_ins, registrations)
        parked = sum(failure.retry_at is None for failure in failures)
        self._summary.parked += parked
        self._summary.delayed += len(failures) - parked
        for failure in failures:  # due again within this very crawl where the server asks for a short pause only
            self._put_off.update(failure.entry_ids)
        self._tell(len(failures))

    def _tell(self, count: int) -> None:
        self._done += count
        self._progress.pages(self._done, self._total)


def _store_failures(
    connection: Connection,
    failures: Sequence[PageFailure],
    stand_ins: Sequence[tuple[ArticleReading, Verdict]],
    now: datetime,
) -> list[Registration]:
    """Pages that could not be read, and the articles that stand in for those parked, in one transaction."""
    registrations = register_news(connection, stand_ins, now) if stand_ins else []
    record_page_failures(connection, failures, now)
    return registrations
