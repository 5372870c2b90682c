"""Crawls: visits the sources that are due, reads the pages they tell of, registers what is found.

What enters are the database, the sources as configured and the time; what leaves are rows in the database and a
`CrawlSummary`. A crawl can be stopped at any moment, and killed at any moment: what matters is stored in whole
transactions, and the next crawl goes on from there. Nothing in this process would be missed by another: `hosts` gives
it the part of the work that belongs to some hosts, so that several machines can share one database.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from crawler.errors import plain_errors
from crawler.http.client import Client
from crawler.pages.waiting import PageRound
from crawler.politeness.rate_limiter import RateLimiter
from crawler.politeness.robots import Robots
from crawler.progress import CrawlSummary, Progress, SilentProgress
from crawler.settings import CrawlerSettings, SourceSettings
from crawler.sources.feed.poll import DueFeed, FeedPoller
from crawler.sources.recorder import OutcomeRecorder
from crawler.sources.sites import DueSite, SiteVisitor
from crawler.worker_calls import prepare_worker
from crawler.workers.pool import WorkerPool
from storage.records import SourceState
from storage.sources.sources import due_sources, sync_sources

if TYPE_CHECKING:
    from classifier.settings import ClassifierSettings
    from storage.database.engine import Database

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


class Crawler:
    """What outlives one crawl: connections, rate limiter, robots rules, worker processes; an asynchronous context manager.

    Args:
        settings: how to visit.
        classifier_settings, model_folder: for the judge in the worker processes; None takes the defaults.
        ssl_context: how certificates are verified; None is the system's authorities.
        now: the time.
    """

    def __init__(
        self,
        settings: CrawlerSettings,
        *,
        classifier_settings: ClassifierSettings | None = None,
        model_folder: Path | None = None,
        ssl_context: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self._ssl_context = ssl_context
        self._now = now
        self.limiter = make_limiter(settings, now)
        self.client = Client(settings, self.limiter, ssl_context=ssl_context, now=now)
        self.robots = Robots(self.client, self.limiter, is_obeyed=settings.robots, now=now)
        self.pool = WorkerPool(
            settings.workers,
            setup=functools.partial(prepare_worker, classifier_settings, model_folder, may_rule_out=settings.rule_out),
        )

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

    async def crawl(
        self,
        database: Database,
        sources: Sequence[SourceSettings],
        *,
        progress: Progress | None = None,
        stop: asyncio.Event | None = None,
        names: Sequence[str] | None = None,
        hosts: Sequence[str] | None = None,
        is_forced: bool = False,
        has_pages: bool = True,
    ) -> CrawlSummary:
        """One crawl; see `crawl`."""
        return await crawl(
            database,
            sources,
            self.settings,
            pool=self.pool,
            limiter=self.limiter,
            progress=progress or SilentProgress(),
            stop=stop or asyncio.Event(),
            now=self._now,
            names=names,
            hosts=hosts,
            is_forced=is_forced,
            has_pages=has_pages,
            client=self.client,
            robots=self.robots,
            ssl_context=self._ssl_context,
        )


def make_limiter(settings: CrawlerSettings, now: Callable[[], datetime] = utc_now) -> RateLimiter:
    """The rate limiter for these settings."""
    return RateLimiter(
        delay_seconds=settings.delay_seconds,
        concurrency_per_host=settings.concurrency_per_host,
        concurrency=settings.concurrency,
        now=now,
    )


async def crawl(
    database: Database,
    sources: Sequence[SourceSettings],
    settings: CrawlerSettings,
    *,
    pool: WorkerPool,
    limiter: RateLimiter,
    progress: Progress,
    stop: asyncio.Event,
    now: Callable[[], datetime],
    names: Sequence[str] | None = None,
    hosts: Sequence[str] | None = None,
    is_forced: bool = False,
    has_pages: bool = True,
    client: Client | None = None,
    robots: Robots | None = None,
    ssl_context: ssl.SSLContext | None = None,
) -> CrawlSummary:
    """Visits what is due among `sources`, then reads the pages that wait.

    Args:
        database: where everything is kept.
        sources: all that are configured; the database is brought in line with them unless `hosts` is given.
        settings: limits and manners.
        pool, limiter: worker processes and rate limiter; they outlive the crawl.
        progress: told as it goes.
        stop: ends the crawl within seconds when set; pages under way are finished and stored.
        now: the time.
        names: only the sources of these names, and pages whoever told of them.
        hosts: only sources and pages on these hosts.
        is_forced: also sources that are not due.
        has_pages: False leaves the pages waiting for a later crawl.
        client, robots, ssl_context: kept from an earlier crawl; made for this one where not given.

    Raises:
        StorageError: the database cannot be used. What was stored before is whole.
        WorkerError: no worker process can be started.
    """
    async with contextlib.AsyncExitStack() as stack:
        if client is None:
            client = await stack.enter_async_context(Client(settings, limiter, ssl_context=ssl_context, now=now))
        run = _Crawl(
            database=database,
            settings=settings,
            pool=pool,
            limiter=limiter,
            client=client,
            robots=robots or Robots(client, limiter, is_obeyed=settings.robots, now=now),
            progress=progress,
            stop=stop,
            now=now,
            ssl_context=ssl_context,
        )
        return await run.run(sources, names=names, hosts=hosts, is_forced=is_forced, has_pages=has_pages)


class _Crawl:
    """One crawl under way."""

    def __init__(
        self,
        *,
        database: Database,
        settings: CrawlerSettings,
        pool: WorkerPool,
        limiter: RateLimiter,
        client: Client,
        robots: Robots,
        progress: Progress,
        stop: asyncio.Event,
        now: Callable[[], datetime],
        ssl_context: ssl.SSLContext | None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._pool = pool
        self._limiter = limiter
        self._client = client
        self._robots = robots
        self._progress = progress
        self._stop = stop
        self._now = now
        self._ssl_context = ssl_context
        self._summary = CrawlSummary()

    async def run(
        self,
        sources: Sequence[SourceSettings],
        *,
        names: Sequence[str] | None,
        hosts: Sequence[str] | None,
        is_forced: bool,
        has_pages: bool,
    ) -> CrawlSummary:
        began = time.monotonic()
        if hosts is None:
            await self._database.write(sync_sources, [source.as_spec() for source in sources], self._now())
        due = await self._database.read(due_sources, self._now(), names=names, hosts=hosts, is_forced=is_forced)
        configured = {source.label: source for source in sources}
        known = [(state, configured[state.name]) for state in due if state.name in configured]
        self._summary.sources = len(known)
        self._progress.sources(0, len(known))
        visits = asyncio.create_task(self._visit(known))
        pages = PageRound(
            database=self._database,
            pool=self._pool,
            limiter=self._limiter,
            robots=self._robots,
            settings=self._settings,
            summary=self._summary,
            progress=self._progress,
            now=self._now,
            stop=self._stop,
            hosts=hosts,
            ssl_context=self._ssl_context,
        )
        try:
            if has_pages:
                await pages.read_beside(visits)
            await visits  # where a stop came first
        finally:
            visits.cancel()
            await asyncio.gather(visits, return_exceptions=True)
        self._summary.is_stopped = self._stop.is_set()
        self._summary.seconds = time.monotonic() - began
        log.info(
            "crawl ended sources=%d changed=%d failed=%d entries=%d pages=%d new_projects=%d seconds=%.1f stopped=%s",
            self._summary.sources,
            self._summary.changed,
            self._summary.failed,
            self._summary.entries,
            self._summary.pages,
            self._summary.new_projects,
            self._summary.seconds,
            self._summary.is_stopped,
        )
        return self._summary

    async def _visit(self, due: Sequence[tuple[SourceState, SourceSettings]]) -> None:
        """Visits all sources and stores the outcomes. Raises StorageError, WorkersUnavailable."""
        if not due:
            return
        recorder = OutcomeRecorder(self._database, self._summary, self._progress)
        recording = asyncio.create_task(recorder.run())
        visiting = asyncio.create_task(self._visit_kinds(due, recorder))
        try:
            await asyncio.wait({recording, visiting}, return_when=asyncio.FIRST_COMPLETED)
            if recording.done():  # it could not store: visiting on would be for nothing
                recording.result()
            visiting_error = visiting.exception() if visiting.done() and not visiting.cancelled() else None
            recorder.close()
            await recording
            if visiting_error is not None:
                raise visiting_error
        finally:
            for task in (visiting, recording):
                task.cancel()
            await asyncio.gather(visiting, recording, return_exceptions=True)

    async def _visit_kinds(self, due: Sequence[tuple[SourceState, SourceSettings]], recorder: OutcomeRecorder) -> None:
        """Feeds and the other kinds at the same time, then the listings of feeds that failed."""
        feeds = [DueFeed(state, source) for state, source in due if source.kind == "feed"]
        sites = [DueSite(state, source) for state, source in due if source.kind != "feed"]
        poller = FeedPoller(
            client=self._client,
            pool=self._pool,
            recorder=recorder,
            database=self._database,
            settings=self._settings,
            now=self._now,
            stop=self._stop,
        )
        visitor = SiteVisitor(
            limiter=self._limiter,
            robots=self._robots,
            pool=self._pool,
            recorder=recorder,
            database=self._database,
            settings=self._settings,
            now=self._now,
            stop=self._stop,
            ssl_context=self._ssl_context,
        )
        with plain_errors():
            async with asyncio.TaskGroup() as group:
                polling = group.create_task(poller.poll(feeds))
                group.create_task(visitor.visit(sites))
        held = polling.result()
        if held:
            await visitor.fall_back(held)
