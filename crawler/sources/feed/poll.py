"""Visits feeds: the sources that are due in, one stored `PollOutcome` for each out.

Each host's feeds are visited one after another, all hosts at once; the rate limiter sets the pace. What a server
answers without news (304, or a body we know) costs no reading; what it answers with news is read in the worker
processes, several documents a call. Outcomes are stored in batches, each feed's validators and entries in one
transaction, so that a crash loses nothing: what was not stored is simply asked for again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace

from crawler.context import CrawlContext
from crawler.errors import plain_errors
from crawler.feeds.document import FeedError, ParsedFeed, join_notes
from crawler.http.client import ATTEMPTS, FetchOptions, Response
from crawler.http.failures import FetchError, outcome_of
from crawler.politeness.rate_limiter import HostPaused
from crawler.sources.due import DueSource, Visit
from crawler.sources.feed.parse_queue import ParseQueue
from crawler.sources.outcomes import changed, failed, judge_response, unanswered, unreadable
from crawler.sources.recorder import Recorder
from crawler.workers.internal_errors import FAULT, is_internal, log_internal_error

SILENT_VISITS = 2
"""So many feeds of a host without any answer, one after another, and its others are not asked in this crawl: it is
down, and each would cost the time limit."""

SLOW_VISITS = 5
"""Likewise of answers that began and did not end in time: two slow feeds say little of their host, five in a row do."""

HOSTS_AT_ONCE = 500
"""Hosts under way or waiting for the limiter: enough that slow ones hold up none, few enough for memory."""


class FeedPoller:
    """One round of visits. At a stop those under way are dropped; what has been fetched is still read.

    Args:
        context: the crawl.
        recorder: takes the outcomes.
    """

    def __init__(self, context: CrawlContext, recorder: Recorder) -> None:
        self._context = context
        self._recorder = recorder
        self._queue = ParseQueue(context.pool)

    async def poll(self, feeds: Sequence[DueSource]) -> None:
        """Visits all of `feeds`.

        Raises StorageError, and WorkersUnavailable where no worker can start; what went wrong with a feed is its
        outcome.
        """
        by_host: dict[str, list[DueSource]] = defaultdict(list)
        for feed in feeds:
            by_host[feed.host].append(feed)
        places = asyncio.Semaphore(HOSTS_AT_ONCE)
        work = asyncio.create_task(self._all_hosts(by_host, places))
        stopping = asyncio.create_task(self._context.stop.wait())
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

    async def _all_hosts(self, by_host: dict[str, list[DueSource]], places: asyncio.Semaphore) -> None:
        async def one(host: str, feeds: list[DueSource]) -> None:
            try:
                await self._host(host, feeds)
            finally:
                places.release()

        with plain_errors():
            async with asyncio.TaskGroup() as group:
                for host, feeds in by_host.items():
                    await places.acquire()
                    group.create_task(one(host, feeds))

    async def _host(self, host: str, feeds: list[DueSource]) -> None:
        """A host's feeds in turn."""
        waiting = deque(feeds)
        silences = slow = 0
        while waiting:
            feed = waiting.popleft()
            try:
                await self._visit(feed)
                silences = slow = 0
            except FetchError as error:
                is_silent = outcome_of(error.kind).is_silent
                silences = silences + 1 if is_silent and not error.has_answered else 0
                slow = slow + 1 if is_silent else 0
                self._recorder.add(feed, unanswered(feed.visit(self._context), error))
                if silences >= SILENT_VISITS or slow >= SLOW_VISITS:
                    for unasked in waiting:
                        self._recorder.add(unasked, unanswered(unasked.visit(self._context), error))
                    return
            except HostPaused as paused:
                if paused.host != host:  # that of a redirect: the feed's own host has nothing against us
                    await self._recorder.postpone([feed], paused)
                    continue
                await self._recorder.postpone([feed, *waiting], paused)
                return
            except Exception as error:
                if not is_internal(error):
                    raise
                text = log_internal_error(error, feed.state.url)
                self._recorder.add(feed, failed(feed.visit(self._context), FAULT, text, None))

    async def _visit(self, feed: DueSource) -> None:
        """One visit. Raises FetchError, HostPaused."""
        options = FetchOptions(
            self._context.settings.max_feed_bytes,
            etag=feed.state.etag,
            last_modified=feed.state.last_modified,
            credentials=feed.settings.credentials_for,
            attempts=ATTEMPTS,
        )
        response = await self._context.client.fetch(feed.address, options)
        visit = feed.visit(self._context)
        outcome = judge_response(visit, response)
        if outcome is None:
            await self._read(feed, visit, response)
        else:
            response.release()
            self._recorder.add(feed, outcome)

    async def _read(self, feed: DueSource, visit: Visit, response: Response) -> None:
        document = feed.document(response, visit, self._context)

        def done(result: ParsedFeed | FeedError) -> None:
            response.release()
            if isinstance(result, ParsedFeed):
                outcome = changed(visit, response, result)
                if not result.total:  # unlike what lists what is new: at times nothing
                    outcome = replace(outcome, note=join_notes([*filter(None, [outcome.note]), "holds no entries"]))
            elif response.status == 202 and result.kind == "not-a-feed":  # "accepted": a challenge is being prepared
                outcome = failed(visit, "blocked", result.text, response)
            else:
                outcome = unreadable(visit, response, result)
            self._recorder.add(feed, outcome)

        await self._queue.add(document, done)
