"""Crawls: visits the sources that are due, reads the pages they tell of, registers what is found.

What enters are the database, the sources as configured and the time; what leaves are rows in the database and a
`CrawlSummary`. A crawl can be stopped at any moment, and killed at any moment: what matters is stored in whole
transactions, and the next crawl goes on from there. Nothing in this process would be missed by another: `hosts` gives
it the part of the work that belongs to some hosts, so that several machines can share one database.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.context import CrawlContext, CrawlSession, utc_now
from crawler.pages.round import read_pages
from crawler.progress import CrawlSummary, Progress, SilentProgress
from crawler.settings import CrawlerSettings
from crawler.sources.due import DueSource
from crawler.sources.settings import SourceSettings
from crawler.sources.visit import visit_sources
from crawler.warm_up import prepare_worker
from crawler.workers.pool import WorkerPool
from storage.sources.sources import due_sources, sync_sources

if TYPE_CHECKING:
    from classifier.settings import ClassifierSettings
    from storage.database.engine import Database


class Crawler(CrawlSession):
    """What outlives one crawl, and crawls; an asynchronous context manager.

    Args:
        settings: how to visit.
        pool: the worker processes; its own, with the judge in them, unless given.
        classifier_settings: for the judge; None takes the defaults.
        ssl_context, now: see `CrawlSession`.
    """

    def __init__(
        self,
        settings: CrawlerSettings,
        *,
        pool: WorkerPool | None = None,
        classifier_settings: ClassifierSettings | None = None,
        ssl_context: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        setup = functools.partial(prepare_worker, classifier_settings, may_rule_out=settings.rule_out)
        super().__init__(settings, pool or WorkerPool(settings.workers, setup=setup), ssl_context=ssl_context, now=now)

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
        is_clock_trusted: bool = True,
        has_pages: bool = True,
    ) -> CrawlSummary:
        """Visits what is due among `sources`, and meanwhile and then reads the pages that wait.

        Args:
            database: where everything is kept.
            sources: all that are configured; the database is brought in line with them unless `hosts` is given.
            progress: told as it goes.
            stop: ends the crawl within seconds when set; pages under way are finished and stored.
            names: only the sources of these names, and pages whoever reports them.
            hosts: only sources and pages on these hosts.
            is_forced: also sources that are not due.
            is_clock_trusted: whether this machine's time may say that an article is too old to be announced.
            has_pages: False leaves the pages waiting for a later crawl.

        Raises:
            StorageError: the database cannot be used. What was stored before is whole.
            WorkerError: no worker process can be started.
        """
        began = time.monotonic()
        if hosts is None:
            await database.write(sync_sources, [source.as_spec() for source in sources], self.now())
        states = await database.read(due_sources, self.now(), names=names, hosts=hosts, is_forced=is_forced)
        configured = {source.label: source for source in sources}
        due = [DueSource.of(state, configured[state.name]) for state in states if state.name in configured]
        context = CrawlContext(
            settings=self.settings,
            database=database,
            client=self.client,
            limiter=self.limiter,
            robots=self.robots,
            pool=self.pool,
            progress=progress or SilentProgress(),
            summary=CrawlSummary(sources=len(due)),
            stop=stop or asyncio.Event(),
            now=self.now,
            is_clock_trusted=is_clock_trusted,
        )
        await _crawl(context, due, hosts=hosts, has_pages=has_pages)
        context.summary.seconds = time.monotonic() - began
        return context.summary


async def _crawl(
    context: CrawlContext, due: Sequence[DueSource], *, hosts: Sequence[str] | None, has_pages: bool
) -> None:
    """Sources and pages side by side, until both have come to their end or the crawl is stopped."""
    context.progress.sources(0, len(due))
    visits = asyncio.create_task(visit_sources(context, due))
    try:
        if has_pages:
            await read_pages(context, visits, hosts)
        await visits  # where a stop came first
    finally:
        visits.cancel()
        await asyncio.gather(visits, return_exceptions=True)
    context.summary.is_stopped = context.stop.is_set()
