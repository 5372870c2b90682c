"""What spiders of sources that are no feeds share: a visit each, and an outcome to store.

In: sources with what is remembered of them. Out: one `PollOutcome` a source, handed to the recorder with its entries.
Promises: a source that fails, hangs or lies changes nothing for the others; an unchanged one costs one conditional
request; only entries that are not known yet are handed on; credentials go to their own origin only.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from crawler.context import CrawlContext
from crawler.feeds.document import FeedError, ParsedFeed
from crawler.http.client import ATTEMPTS, PAGE_ACCEPT, FetchOptions, Response
from crawler.http.failures import FetchError
from crawler.politeness.rate_limiter import HostPaused
from crawler.scrapy.run import run_spider
from crawler.scrapy.spider import TaskSpider
from crawler.sources.due import DueSource, Visit
from crawler.sources.outcomes import changed, failed, judge_response, name_worker_error, unanswered, unreadable
from crawler.sources.recorder import Recorder
from crawler.workers.errors import CallTimeout, PoolClosed, WorkerCrashed, WorkersUnavailable
from crawler.workers.internal_errors import FAULT, is_internal, log_internal_error
from storage.records import PollOutcome

T = TypeVar("T")

READ_SECONDS = 10.0
"""Longest time for reading one document."""


class SourceSpider(TaskSpider):
    """Visits sources, those of one host one after the other.

    Args:
        sources: those to visit.
        recorder: takes the outcomes.
    """

    name = "sources"
    is_subscribed: ClassVar[bool] = False
    """Whether robots.txt is left out: for APIs and searches that a person subscribed to by hand, as to a feed."""

    sources: Sequence[DueSource]
    recorder: Recorder

    @classmethod
    async def visit(cls, context: CrawlContext, recorder: Recorder, sources: Sequence[DueSource]) -> None:
        """See `crawler.sources.visit.VisitKind`."""
        await run_spider(cls, context, sources=sources, recorder=recorder)

    async def work(self) -> None:
        """One task a host."""
        hosts: dict[str, list[DueSource]] = defaultdict(list)
        for source in self.sources:
            hosts[source.host].append(source)
        for sources in hosts.values():
            self.launch(self._visit_host(sources))
        await self.settle()

    async def _visit_host(self, sources: list[DueSource]) -> None:
        for index, source in enumerate(sources):
            if self.is_stopping:
                return
            try:
                outcome = await self._visit(source)
            except HostPaused as paused:
                if paused.host != source.host:  # that of a redirect
                    await self.recorder.postpone([source], paused)
                    continue
                await self.recorder.postpone(sources[index:], paused)
                return
            except PoolClosed:
                self.stop()
                return
            self.recorder.add(source, outcome)

    async def _visit(self, source: DueSource) -> PollOutcome:
        visit = source.visit(self.context)
        try:
            async with asyncio.timeout(self.context.settings.source_timeout_seconds):
                return await self.poll(source, visit)
        except TimeoutError:
            seconds = self.context.settings.source_timeout_seconds
            return failed(visit, "timeout", f"its requests took longer than {seconds:g} seconds together", None)
        except FetchError as error:
            return unanswered(visit, error)
        except FeedError as error:
            return failed(visit, error.kind, error.text, None)
        except Exception as error:
            if isinstance(error, HostPaused) or not is_internal(error):
                raise
            return failed(visit, FAULT, log_internal_error(error, source.address), None)

    async def poll(self, source: DueSource, visit: Visit) -> PollOutcome:
        """One visit of one source; a spider's own.

        May raise FetchError, FeedError (each becomes a failed outcome) and HostPaused.
        """
        raise NotImplementedError

    async def ask(self, source: DueSource, url: str, *, is_conditional: bool = True) -> Response:
        """The answer at `url`."""
        options = FetchOptions(
            self.context.settings.max_feed_bytes,
            PAGE_ACCEPT,
            etag=source.state.etag if is_conditional else None,
            last_modified=source.state.last_modified if is_conditional else None,
            credentials=source.settings.credentials_for,
            permit=None if self.is_subscribed else self.context.robots.require,
            attempts=ATTEMPTS,
        )
        return await self.fetch(url, options)

    async def read(
        self, source: DueSource, visit: Visit, response: Response, function: Callable[..., T], *details: Any
    ) -> T:
        """What a reading function makes of an answer, in a worker. Raises FeedError."""
        document = source.document(response, visit, self.context)
        try:
            return await self.context.pool.run(function, document, *details, timeout_seconds=READ_SECONDS)
        except WorkersUnavailable:
            raise
        except (CallTimeout, WorkerCrashed) as error:
            raise name_worker_error(error) from None
        finally:
            response.release()

    async def conclude(self, source: DueSource, visit: Visit, response: Response, feed: ParsedFeed) -> PollOutcome:
        """The outcome of a document that was read: its entries that are not known yet."""
        known = await self.recorder.known(source, [entry.identity for entry in feed.entries])
        fresh = tuple(entry for entry in feed.entries if entry.identity not in known)
        return changed(visit, response, replace(feed, entries=fresh))

    async def poll_document(
        self, source: DueSource, visit: Visit, url: str, function: Callable[..., ParsedFeed], *details: Any
    ) -> PollOutcome:
        """A visit that is one request: asked, read where it is not what it was, concluded.

        `function` is given a `FetchedDocument` and the details, in a worker process.
        """
        response = await self.ask(source, url)
        outcome = judge_response(visit, response)
        if outcome is not None:
            return outcome
        try:
            feed = await self.read(source, visit, response, function, *details)
        except FeedError as error:
            return unreadable(visit, response, error)
        return await self.conclude(source, visit, response, feed)


def seconds_since(then: datetime | None, now: datetime, most: float) -> float:
    """Seconds from `then` to `now`, at most `most`; `most` where there is no `then`."""
    return min((now - then).total_seconds(), most) if then is not None else most
