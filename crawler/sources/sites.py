"""Visits the sources that are no feeds: listings, sitemaps and APIs, each kind by its Scrapy spider.

What enters are the sources that are due; what leaves is one stored `PollOutcome` for each, as for a feed. A feed that
failed and has a listing to fall back on is visited here too: its entries then come from the listing, while the
failure of the feed stays what it is.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.errors import plain_errors
from crawler.http.failures import one_line
from crawler.politeness.intervals import address_to_visit
from crawler.politeness.rate_limiter import HostPaused, RateLimiter
from crawler.politeness.robots import Robots
from crawler.settings import CrawlerSettings, SourceSettings
from crawler.sources.recorder import OutcomeRecorder
from storage.records import PollOutcome, SourceState
from storage.sources.sources import known_entries, postpone_sources

if TYPE_CHECKING:
    from crawler.sources.feed.poll import HeldFailure
    from crawler.sources.spider import Site, SiteSpider
    from crawler.workers.pool import WorkerPool
    from storage.database.engine import Database

log = logging.getLogger(__name__)

SPIDER_CLASSES = {
    "listing": "crawler.sources.listing.spider:ListingSpider",
    "sitemap": "crawler.sources.sitemap.spider:SitemapSpider",
    "reliefweb": "crawler.sources.reliefweb.spider:ReliefWebSpider",
    "gdelt": "crawler.sources.gdelt.spider:GdeltSpider",
}
"""By kind, or for kind `spider` by its name. Loaded when first needed: Scrapy takes a quarter of a second."""


@dataclass(frozen=True, slots=True)
class DueSite:
    """A source to visit: what is remembered of it and how it is configured."""

    state: SourceState
    source: SourceSettings


class SiteVisitor:
    """One round of visits.

    Args:
        limiter, robots, pool, settings, ssl_context: what the spiders work with.
        recorder: stores outcomes.
        database: tells what is known, and puts off sources.
        now: the time.
        stop: ends the round in order when set.
    """

    def __init__(
        self,
        *,
        limiter: RateLimiter,
        robots: Robots,
        pool: WorkerPool,
        recorder: OutcomeRecorder,
        database: Database,
        settings: CrawlerSettings,
        now: Callable[[], datetime],
        stop: asyncio.Event,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._limiter = limiter
        self._robots = robots
        self._pool = pool
        self._recorder = recorder
        self._database = database
        self._settings = settings
        self._now = now
        self._stop = stop
        self._ssl_context = ssl_context

    async def visit(self, due: Sequence[DueSite]) -> None:
        """Visits all of `due`. Raises StorageError, WorkersUnavailable; what goes wrong with a source is its outcome."""
        if not due:
            return
        from crawler.sources.spider import Site

        by_spider: dict[str, list[Site]] = defaultdict(list)
        for one in due:
            is_named = one.source.kind == "spider"
            address = one.source.address if is_named else address_to_visit(one.state)
            by_spider[one.source.spider or "" if is_named else one.source.kind].append(
                Site(one.state, one.source, address)
            )

        async def record(site: Site, outcome: PollOutcome) -> None:
            self._recorder.add(site.state.name, outcome)

        async def postpone(sites: Sequence[Site], paused: HostPaused) -> None:
            ids = [site.state.id for site in sites]
            await self._database.write(postpone_sources, ids, paused.until, now=self._now(), reason=str(paused))
            for _ in sites:
                self._recorder.postpone()

        with plain_errors():
            async with asyncio.TaskGroup() as group:
                for name, sites in by_spider.items():
                    group.create_task(self._run(name, sites, record, postpone))

    async def fall_back(self, held: Sequence[HeldFailure]) -> None:
        """Visits the fallback listings of feeds that failed, and stores the failures with what the listings tell."""
        from crawler.sources.spider import Site

        waiting = {one.due.state.id: one for one in held}
        sites = [
            Site(_without_memory(one.due.state), one.due.source, one.due.source.fallback)
            for one in held
            if one.due.source.fallback is not None
        ]

        async def record(site: Site, outcome: PollOutcome) -> None:
            failure = waiting.pop(site.state.id).outcome
            if outcome.entries:
                failure = replace(failure, entries=outcome.entries)
            elif outcome.status in ("failed", "gone"):
                text = f"{failure.error_text}; its fallback listing failed too: {outcome.error_text}"
                failure = replace(failure, error_text=one_line(text))
            self._recorder.add(site.state.name, failure)

        async def postpone(sites: Sequence[Site], paused: HostPaused) -> None:
            log.info("fallbacks put off host=%r until=%s sources=%d", paused.host, paused.until, len(sites))

        try:
            if sites and not self._stop.is_set():
                await self._run("listing", sites, record, postpone)
        finally:
            for one in waiting.values():  # those that the listing could not be asked for
                self._recorder.add(one.due.state.name, one.outcome)

    async def _run(
        self,
        name: str,
        sites: Sequence[Site],
        record: Callable[[Site, PollOutcome], Awaitable[None]],
        postpone: Callable[[Sequence[Site], HostPaused], Awaitable[None]],
    ) -> None:
        from crawler.scrapy.run import run_spider

        await run_spider(
            _load(name),
            settings=self._settings,
            limiter=self._limiter,
            stop=self._stop,
            pool=self._pool,
            robots=self._robots,
            now=self._now,
            ssl_context=self._ssl_context,
            sites=sites,
            record=record,
            known=self._known,
            postpone=postpone,
        )

    async def _known(self, source_id: int, identities: Collection[str]) -> Mapping[str, str]:
        return await self._database.read(known_entries, source_id, identities)


def _without_memory(state: SourceState) -> SourceState:
    """The state of a source at another address than its own: nothing known of that one's documents."""
    return replace(state, etag=None, last_modified=None, content_hash=None, redirect_to=None, redirects_seen=0)


def _load(name: str) -> type[SiteSpider]:
    module, _, attribute = SPIDER_CLASSES[name].partition(":")
    spider: type[SiteSpider] = getattr(importlib.import_module(module), attribute)
    return spider
