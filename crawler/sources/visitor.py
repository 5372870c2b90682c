"""Visits sources, each by what its kind does, and what they all do it with: requests, workers, what is known.

In: sources with what is remembered of them. Out: one `PollOutcome` a source, handed to the recorder. Promises: the
sources of a host are visited one after the other, all hosts side by side, and the rate limiter sets the pace; a source
that fails, hangs or lies changes nothing for the others; a host that is down is not asked for each of its sources;
credentials go to their own origin only. At a stop requests under way are dropped, to be made again at the next crawl;
what has been fetched is still read.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from crawler.context import CrawlContext
from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.http.client import ATTEMPTS, FEED_ACCEPT, PAGE_ACCEPT, FetchOptions, Response
from crawler.http.failures import FetchError, outcome_of
from crawler.politeness.rate_limiter import HostPaused
from crawler.sources.due import DueSource, Visit
from crawler.sources.outcomes import changed, failed, judge_response
from crawler.sources.recorder import OutcomeRecorder
from crawler.sources.registry import source_kinds
from crawler.workers.errors import CallTimeout, WorkerCrashed, WorkersUnavailable
from crawler.workers.internal_errors import FAULT, is_internal, log_internal_error
from storage.host_names import host_of
from storage.records import PollOutcome

T = TypeVar("T")

READ_SECONDS = 10.0
"""Longest time for reading one document. A feed of the largest size allowed takes about two seconds, damaged."""

SILENT_REQUESTS = 2
"""So many requests to a host without any answer, one after another, and it is not asked any more in this crawl: it is
down, and each would cost the time limit."""

SLOW_REQUESTS = 5
"""Likewise of answers that began and did not end in time: two slow feeds say little of their host, five in a row do."""

HOSTS_AT_ONCE = 500
"""Hosts under way or waiting for the limiter: enough that slow ones hold up none, few enough for memory."""


class Stopped(Exception):  # noqa: N818  # it is no error
    """The crawl was stopped while a source was visited."""


@dataclass(slots=True)
class _Silence:
    """Of a host: how many requests in a row it has not answered, and answered too slowly."""

    error: FetchError
    unanswered: int = 0
    slow: int = 0

    @property
    def is_over(self) -> bool:
        """Whether it is to be asked again."""
        return self.unanswered < SILENT_REQUESTS and self.slow < SLOW_REQUESTS


class Visitor:
    """Visits some of the sources of one crawl.

    Args:
        context: the crawl.
        recorder: takes the outcomes.
        fetch: brings an answer as `Client.fetch` does.
    """

    def __init__(
        self,
        context: CrawlContext,
        recorder: OutcomeRecorder,
        fetch: Callable[[str, FetchOptions], Awaitable[Response]],
    ) -> None:
        self.context = context
        self._recorder = recorder
        self._fetch = fetch
        self._fetching: set[asyncio.Task[Any]] = set()
        self._silences: dict[str, _Silence] = {}

    async def run(self, sources: Sequence[DueSource]) -> None:
        """Visits all of these.

        Raises StorageError, and WorkerError where no worker can start; what went wrong with a source is its outcome.
        """
        by_host: dict[str, list[DueSource]] = defaultdict(list)
        for source in sources:
            by_host[source.host].append(source)
        hosts = iter(by_host.values())
        tasks = [asyncio.create_task(self._visit_hosts(hosts)) for _ in range(min(HOSTS_AT_ONCE, len(by_host)))]
        tasks.append(asyncio.create_task(self._drop_requests_at_stop()))
        try:
            await asyncio.gather(*tasks[:-1])
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _drop_requests_at_stop(self) -> None:
        await self.context.stop.wait()
        for task in self._fetching:
            task.cancel()

    async def _visit_hosts(self, hosts: Iterator[list[DueSource]]) -> None:
        for sources in hosts:
            await self._visit_host(sources)

    async def _visit_host(self, sources: list[DueSource]) -> None:
        for index, source in enumerate(sources):
            if self.context.stop.is_set():
                return
            visit = Visit(source, self.context.now(), self.context.settings.interval)
            try:
                outcome = await self.attempt(visit, source_kinds()[source.settings.kind].visits.poll)
            except Stopped:
                return
            except HostPaused as paused:
                if paused.host == source.host:
                    await self._recorder.postpone(sources[index:], paused)
                    return
                await self._recorder.postpone([source], paused)  # that of a redirect: this host has nothing against us
            else:
                await self._recorder.add(source, outcome)

    async def attempt(self, visit: Visit, poll: Poll) -> PollOutcome:
        """What comes of a visit; what goes wrong in it is its outcome. Raises HostPaused, Stopped."""
        try:
            return await poll(self, visit)
        except FetchError as error:
            return failed(visit, error.kind, error.text)
        except (HostPaused, Stopped):
            raise
        except Exception as error:
            if not is_internal(error):
                raise
            return failed(visit, FAULT, log_internal_error(error, visit.source.address))

    async def ask(self, visit: Visit, url: str, *, is_conditional: bool = True) -> Response:
        """The answer at `url`. Raises FetchError, HostPaused, Stopped."""
        host = host_of(url)
        silence = self._silences.get(host)
        if silence is not None and not silence.is_over:
            raise FetchError(silence.error.kind, silence.error.text)
        state, settings = visit.source.state, visit.source.settings
        options = FetchOptions(
            self.context.settings.max_feed_bytes,
            FEED_ACCEPT if settings.is_subscribed else PAGE_ACCEPT,
            etag=state.etag if is_conditional else None,
            last_modified=state.last_modified if is_conditional else None,
            credentials=settings.credentials_for,
            permit=None if settings.is_subscribed else self.context.robots.require,
            attempts=ATTEMPTS,
        )
        try:
            response = await self._fetch_until_stop(url, options)
        except FetchError as error:
            self._count_silence(host, error)
            raise
        self._silences.pop(host, None)
        return response

    async def _fetch_until_stop(self, url: str, options: FetchOptions) -> Response:
        task = asyncio.current_task()
        assert task is not None
        self._fetching.add(task)
        try:
            return await self._fetch(url, options)
        except asyncio.CancelledError:
            if self.context.stop.is_set():
                raise Stopped from None
            raise
        finally:
            self._fetching.discard(task)

    def _count_silence(self, host: str, error: FetchError) -> None:
        if not outcome_of(error.kind).is_silent:
            self._silences.pop(host, None)
            return
        silence = self._silences.setdefault(host, _Silence(error))
        silence.error = error
        silence.unanswered = 0 if error.has_answered else silence.unanswered + 1
        silence.slow += 1

    async def read(self, visit: Visit, response: Response, function: Callable[..., T], *details: Any) -> T:
        """What a reading function makes of an answer and these details, in a worker process. Raises FeedError."""
        source = visit.source
        document = FetchedDocument(
            body=response.body,
            content_type=response.content_type,
            url=response.url,
            seen_at=visit.at,
            fingerprints=source.state.fingerprints,
            languages=source.settings.languages,
            max_entries=self.most_entries(visit),
        )
        try:
            return await self.context.pool.run(function, document, *details, timeout_seconds=READ_SECONDS)
        except WorkersUnavailable:
            raise
        except (CallTimeout, WorkerCrashed) as error:
            raise FeedError(error.kind, f"the document cannot be read: it {error}") from None
        finally:
            response.release()

    async def read_changed(
        self, visit: Visit, url: str, function: Callable[..., T], *details: Any
    ) -> PollOutcome | tuple[Response, T]:
        """What a reading function makes of the document at `url`, or the outcome where there is nothing to read."""
        response = await self.ask(visit, url)
        outcome = judge_response(visit, response)
        if outcome is not None:
            response.release()
            return outcome
        try:
            return response, await self.read(visit, response, function, *details)
        except FeedError as error:
            return failed(visit, error.kind, error.text, response)

    async def conclude(self, visit: Visit, response: Response, feed: ParsedFeed) -> PollOutcome:
        """The outcome of a document that was read: its entries that are not known yet."""
        known = await self._recorder.known(visit.source, [entry.identity for entry in feed.entries])
        fresh = tuple(entry for entry in feed.entries if entry.identity not in known)
        return changed(visit, response, replace(feed, entries=fresh))

    async def poll_document(
        self, visit: Visit, url: str, function: Callable[..., ParsedFeed], *details: Any
    ) -> PollOutcome:
        """A visit that is one request: asked, read where it is not what it was, concluded.

        `function` is given a `FetchedDocument` and the details, in a worker process.
        """
        found = await self.read_changed(visit, url, function, *details)
        return found if isinstance(found, PollOutcome) else await self.conclude(visit, *found)

    def most_entries(self, visit: Visit) -> int:
        """Entries taken at one visit."""
        return visit.source.settings.max_entries or self.context.settings.max_entries


Poll = Callable[[Visitor, Visit], Awaitable[PollOutcome]]
"""How a kind of source visits one of it, `poll` in its folder's `visit.py`.

May raise FetchError, which becomes a failed outcome, HostPaused and Stopped.
"""
