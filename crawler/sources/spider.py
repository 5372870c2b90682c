"""What spiders of sources that are no feeds share: a visit each, and an outcome to store.

In: sources with what is remembered of them. Out: one `PollOutcome` a source, handed to `record` with its entries.
Promises: a source that fails, hangs or lies changes nothing for the others; an unchanged one costs one conditional
request; only entries that are not known yet are handed on; credentials go to their own origin only.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from multidict import CIMultiDict
from scrapy.http import Response as ScrapyResponse

from crawler.feeds.document import FeedError, ParsedFeed
from crawler.http.body import Body
from crawler.http.client import PERMANENT, Response
from crawler.http.failures import FetchError
from crawler.http.memory import Reservation
from crawler.politeness.rate_limiter import HostPaused
from crawler.politeness.retry_after import pause_seconds
from crawler.scrapy.handler import Unfetched
from crawler.scrapy.spider import GatedSpider, header
from crawler.settings import SourceSettings
from crawler.sources.outcomes import RETRIED, Visit, changed, failed, judge_response, unanswered, unreadable
from crawler.sources.parse_queue import name_worker_error
from crawler.workers.internal_errors import FAULT, is_internal, log_internal_error
from crawler.workers.pool import CallTimeout, PoolClosed, WorkerCrashed, WorkersUnavailable
from storage.records import PollOutcome, SourceState

READ_SECONDS = 10.0
"""Longest time for reading one document."""


@dataclass(frozen=True, slots=True)
class Site:
    """A source to visit: what is remembered of it, how it is configured, and the address to ask first."""

    state: SourceState
    source: SourceSettings
    address: str


Record = Callable[[Site, PollOutcome], Awaitable[None]]
Known = Callable[[int, Collection[str]], Awaitable[Mapping[str, str]]]
Postpone = Callable[[Sequence[Site], HostPaused], Awaitable[None]]


class SiteSpider(GatedSpider):
    """Visits sources, those of one host one after the other.

    Args:
        sites: the sources to visit.
        record: stores an outcome.
        known: of these identities of a source, those that it told of before.
        postpone: puts off sources whose host wants to be left alone.
    """

    name = "sites"
    is_unasked: ClassVar[bool] = False
    """Whether robots.txt is left out: for APIs and searches that a person subscribed to by hand, as to a feed."""

    sites: Sequence[Site]
    record: Record
    known: Known
    postpone: Postpone

    async def work(self) -> None:
        """One task a host."""
        hosts: dict[str, list[Site]] = defaultdict(list)
        for site in self.sites:
            hosts[site.source.host].append(site)
        for sites in hosts.values():
            self.launch(self._visit_host(sites))
        await self.settle()

    async def _visit_host(self, sites: list[Site]) -> None:
        for index, site in enumerate(sites):
            if self.is_stopping:
                return
            try:
                outcome = await self._visit(site)
            except HostPaused as paused:
                if paused.host != site.source.host:  # that of a redirect
                    await self.postpone([site], paused)
                    continue
                await self.postpone(sites[index:], paused)
                return
            except PoolClosed:
                self.stop()
                return
            await self.record(site, outcome)

    async def _visit(self, site: Site) -> PollOutcome:
        visit = Visit(site.state, self.now(), self.crawler_settings.interval, site.source.interval)
        try:
            async with asyncio.timeout(self.crawler_settings.source_timeout_seconds):
                return await self.poll(site, visit)
        except TimeoutError:
            seconds = self.crawler_settings.source_timeout_seconds
            return failed(visit, "timeout", f"its requests took longer than {seconds:g} seconds together", None)
        except Unfetched as error:
            return unanswered(visit, FetchError(error.kind, error.text))
        except FetchError as error:
            return unanswered(visit, error)
        except FeedError as error:
            return failed(visit, error.kind, error.text, None)
        except Exception as error:
            if isinstance(error, HostPaused) or not is_internal(error):
                raise
            return failed(visit, FAULT, log_internal_error(error, site.address), None)

    async def poll(self, site: Site, visit: Visit) -> PollOutcome:
        """One visit of one source; a spider's own.

        May raise FetchError, Unfetched, FeedError (each becomes a failed outcome) and HostPaused.
        """
        raise NotImplementedError

    async def ask(self, site: Site, url: str, *, is_conditional: bool = True) -> Response:
        """The answer at `url`, decompressed; where the server stumbles, that of a second attempt."""
        headers: dict[str, str] = {}
        if is_conditional and site.state.etag:
            headers["If-None-Match"] = site.state.etag
        if is_conditional and site.state.last_modified:
            headers["If-Modified-Since"] = site.state.last_modified
        share = self.limiter.bodies.share()
        meta: dict[str, Any] = {"share": share, "download_maxsize": self.crawler_settings.max_feed_bytes}
        if self.is_unasked:
            meta["is_unasked"] = True
        if (secret := site.source.credentials_for(url)) is not None:
            headers[secret[0]] = secret[1]
            meta["secret_headers"] = (secret[0],)
        response = await self.fetch(url, headers=headers, **meta)
        if response.status in RETRIED and not header(response, "Retry-After"):
            response = await self.fetch(url, headers=headers, **meta)
        return self._open(response, share)

    def _open(self, response: ScrapyResponse, share: Reservation) -> Response:
        body = Body(header(response, "Content-Encoding") or "", self.crawler_settings.max_feed_bytes)
        body.add(response.body)
        headers = CIMultiDict(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        wait = pause_seconds(response.status, headers.get("Retry-After"), self.now())
        return Response(response.url, response.status, headers, body.finish(), _permanent_url(response), wait, share)

    async def read(self, function: Callable[[Any], Any], job: Any) -> Any:
        """What a reading function makes of a job, in a worker. Raises FeedError."""
        try:
            return await self.pool.run(function, job, timeout_seconds=READ_SECONDS)
        except WorkersUnavailable:
            raise
        except (CallTimeout, WorkerCrashed) as error:
            raise name_worker_error(error) from None

    async def conclude(self, site: Site, visit: Visit, response: Response, feed: ParsedFeed) -> PollOutcome:
        """The outcome of a document that was read: its entries that are not known yet."""
        known = await self.known(site.state.id, [entry.identity for entry in feed.entries])
        fresh = tuple(entry for entry in feed.entries if entry.identity not in known)
        return changed(visit, response, replace(feed, entries=fresh))

    async def poll_document(
        self, site: Site, visit: Visit, url: str, function: Callable[[Any], ParsedFeed], job: Callable[[Response], Any]
    ) -> PollOutcome:
        """A visit that is one request: asked, read where it is not what it was, concluded."""
        response = await self.ask(site, url)
        outcome = judge_response(visit, response)
        if outcome is not None:
            return outcome
        try:
            feed: ParsedFeed = await self.read(function, job(response))
        except FeedError as error:
            return unreadable(visit, response, error)
        finally:
            response.release()
        return await self.conclude(site, visit, response, feed)

    def most_entries(self, site: Site) -> int:
        """Entries taken at one visit."""
        return site.source.max_entries or self.crawler_settings.max_entries


def _permanent_url(response: ScrapyResponse) -> str | None:
    """Where the permanent redirects led that began the chain; None where there were none."""
    reasons = response.meta.get("redirect_reasons", [])
    urls = [*response.meta.get("redirect_urls", []), response.url]
    lasting = 0
    while lasting < len(reasons) and reasons[lasting] in PERMANENT:
        lasting += 1
    return urls[lasting] if lasting else None


def charset_of(content_type: str) -> str | None:
    """The charset a `Content-Type` names."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")[:40] or None
    return None


def seconds_since(then: datetime | None, now: datetime, most: float) -> float:
    """Seconds from `then` to `now`, at most `most`; `most` where there is no `then`."""
    return min((now - then).total_seconds(), most) if then is not None else most
