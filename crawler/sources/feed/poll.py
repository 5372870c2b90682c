"""Visits feeds: the sources that are due in, one stored `PollOutcome` for each out.

Each host's feeds are visited one after another, all hosts at once; the rate limiter sets the pace. What a server answers
without news (304, or a body we know) costs no reading; what it answers with news is read in the worker processes,
several documents a call. Outcomes are stored in batches, each feed's validators and entries in one transaction, so
that a crash loses nothing: what was not stored is simply asked for again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.errors import plain_errors
from crawler.feeds.document import FeedError, FeedJob, ParsedFeed
from crawler.http.client import Client, Response
from crawler.http.failures import FetchError
from crawler.politeness.intervals import address_to_visit
from crawler.politeness.rate_limiter import PATIENCE_SECONDS, HostPaused
from crawler.settings import CrawlerSettings, SourceSettings
from crawler.sources.outcomes import RETRIED, Visit, changed, failed, judge_response, unanswered, unreadable
from crawler.sources.parse_queue import ParseQueue
from crawler.sources.recorder import OutcomeRecorder
from crawler.workers.internal_errors import FAULT, is_internal, log_internal_error
from storage.host_names import host_of
from storage.records import PollOutcome, SourceState
from storage.sources.sources import postpone_sources

if TYPE_CHECKING:
    from crawler.workers.pool import WorkerPool
    from storage.database.engine import Database

log = logging.getLogger(__name__)

SILENT_KINDS = frozenset({"timeout", "dns", "refused"})
SILENT_VISITS = 2
"""So many feeds of a host without any answer, one after another, and its others are not asked in this crawl: it is
down, and each would cost the time limit."""

SLOW_VISITS = 5
"""Likewise of answers that began and did not end in time: two slow feeds say little of their host, five in a row do."""

HOSTS_AT_ONCE = 500
"""Hosts under way or waiting for the limiter: enough that slow ones hold up none, few enough for memory."""


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed to visit: what is remembered of it and how it is configured."""

    state: SourceState
    source: SourceSettings


@dataclass(frozen=True, slots=True)
class HeldFailure:
    """A failure that is not stored yet, because the feed has a listing to fall back on."""

    due: DueFeed
    outcome: PollOutcome


class FeedPoller:
    """One round of visits.

    Args:
        client: fetches.
        pool: the worker processes.
        recorder: stores outcomes; its `run` is the caller's task.
        database: to put off the sources of a host that wants to be left alone.
        settings: limits.
        now: the time.
        stop: when set, no further feed is begun and those under way are dropped; what has been fetched is still stored.
    """

    def __init__(
        self,
        *,
        client: Client,
        pool: WorkerPool,
        recorder: OutcomeRecorder,
        database: Database,
        settings: CrawlerSettings,
        now: Callable[[], datetime],
        stop: asyncio.Event,
    ) -> None:
        self._client = client
        self._queue = ParseQueue(pool)
        self._recorder = recorder
        self._database = database
        self._settings = settings
        self._now = now
        self._stop = stop
        self._held: list[HeldFailure] = []

    async def poll(self, feeds: Sequence[DueFeed]) -> list[HeldFailure]:
        """Visits all of `feeds`; gives the failures that were held for a fallback.

        Raises StorageError, and WorkersUnavailable where no worker can start; what went wrong with a feed is its
        outcome.
        """
        by_host: dict[str, list[DueFeed]] = defaultdict(list)
        for feed in feeds:
            by_host[host_of(address_to_visit(feed.state))].append(feed)
        places = asyncio.Semaphore(HOSTS_AT_ONCE)
        work = asyncio.create_task(self._all_hosts(by_host, places))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                work.cancel()
                await asyncio.wait({work})
            if not work.cancelled():
                work.result()
            await self._queue.finish()
        finally:
            work.cancel()
            stopping.cancel()
        return self._held

    async def _all_hosts(self, by_host: dict[str, list[DueFeed]], places: asyncio.Semaphore) -> None:
        async def one(host: str, feeds: list[DueFeed]) -> None:
            try:
                await self._host(host, feeds)
            finally:
                places.release()

        with plain_errors():
            async with asyncio.TaskGroup() as group:
                for host, feeds in by_host.items():
                    await places.acquire()
                    group.create_task(one(host, feeds))

    async def _host(self, host: str, feeds: list[DueFeed]) -> None:
        """A host's feeds in turn; those whose failure may pass at once are tried again after the others."""
        waiting = deque((feed, True) for feed in feeds)
        silences = slow = 0
        while waiting:
            feed, may_repeat = waiting.popleft()
            try:
                is_done = await self._visit(feed, may_repeat=may_repeat)
                silences = slow = 0
            except FetchError as error:
                is_silent = error.kind in SILENT_KINDS
                silences = silences + 1 if is_silent and not error.has_answered else 0
                slow = slow + 1 if is_silent else 0
                is_down = silences >= SILENT_VISITS or slow >= SLOW_VISITS
                if may_repeat and error.is_passing and not is_down:
                    waiting.append((feed, False))
                    continue
                unasked = [other for other, _ in waiting] if is_down else []
                for silent in [feed, *unasked]:
                    self._finish(silent, unanswered(self._visit_of(silent), error))
                if unasked:
                    return
                continue
            except HostPaused as paused:
                if paused.host != host:  # that of a redirect: the feed's own host has nothing against us
                    await self._postpone([feed], paused)
                    continue
                await self._postpone([feed, *(other for other, _ in waiting)], paused)
                return
            except Exception as error:
                if not is_internal(error):
                    raise
                self._finish(feed, failed(self._visit_of(feed), FAULT, log_internal_error(error, feed.state.url), None))
                continue
            if not is_done:
                waiting.append((feed, False))

    async def _visit(self, feed: DueFeed, *, may_repeat: bool) -> bool:
        """One visit; False where it is to be repeated. Raises FetchError, HostPaused."""
        state, source = feed.state, feed.source
        response = await self._client.fetch(
            address_to_visit(state),
            limit_bytes=self._settings.max_feed_bytes,
            etag=state.etag,
            last_modified=state.last_modified,
            credentials=source.credentials_for if source.credentials is not None else None,
        )
        visit = self._visit_of(feed)
        is_read = False
        try:
            if may_repeat and response.status in RETRIED and (response.retry_after_seconds or 0) <= PATIENCE_SECONDS:
                return False
            outcome = judge_response(visit, response)
            is_read = outcome is None
            if outcome is not None:
                self._finish(feed, outcome)
        finally:
            if not is_read:
                response.release()
        if is_read:
            await self._read(feed, visit, response)
        return True

    def _visit_of(self, feed: DueFeed) -> Visit:
        return Visit(feed.state, self._now(), self._settings.interval, feed.source.interval)

    async def _read(self, feed: DueFeed, visit: Visit, response: Response) -> None:
        job = FeedJob(
            body=response.body,
            content_type=response.content_type,
            url=response.url,
            seen_at=visit.at,
            fingerprints=feed.state.fingerprints,
            languages=feed.source.languages,
            max_entries=feed.source.max_entries or self._settings.max_entries,
        )

        def done(result: ParsedFeed | FeedError) -> None:
            response.release()
            if isinstance(result, ParsedFeed):
                self._finish(feed, changed(visit, response, result))
            elif response.status == 202 and result.kind == "not-a-feed":  # "accepted": a challenge is being prepared
                self._finish(feed, failed(visit, "blocked", result.text, response))
            else:
                self._finish(feed, unreadable(visit, response, result))

        await self._queue.add(job, done)

    def _finish(self, feed: DueFeed, outcome: PollOutcome) -> None:
        if outcome.status in ("failed", "gone") and feed.source.fallback is not None:
            self._held.append(HeldFailure(feed, outcome))
        else:
            self._recorder.add(feed.state.name, outcome)

    async def _postpone(self, feeds: Sequence[DueFeed], paused: HostPaused) -> None:
        """Puts off what a host does not want now; stored, so that a restart does not forget it."""
        log.info("host paused host=%r until=%s sources=%d", paused.host, paused.until.isoformat(), len(feeds))
        ids = [feed.state.id for feed in feeds]
        await self._database.write(postpone_sources, ids, paused.until, now=self._now(), reason=str(paused))
        for _ in feeds:
            self._recorder.postpone()
