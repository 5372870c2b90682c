"""Tries an address before it is watched: an address in, a report of what it is and how to write it down out.

A feed is read; a page of a site is searched for the feeds it names, and each is tried; a sitemap is read; a page
without any feed is tried as a listing. The request is one that a person makes, so robots.txt is only told of, not
obeyed; all else is as in a crawl: the same client, limiter, limits and parsers, these in a worker process that can be
ended.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeVar, TypeVarTuple

from crawler.feeds.document import FeedError, FeedJob, ParsedFeed
from crawler.feeds.links import FeedLink, find_feed_links, usual_places
from crawler.feeds.parse import parse_feed
from crawler.http.client import Client, Response
from crawler.http.failures import FetchError
from crawler.politeness.rate_limiter import HostPaused, RateLimiter
from crawler.politeness.robots import Robots
from crawler.settings import CrawlerSettings, SourceSettings
from crawler.sources.outcomes import SENTENCES
from crawler.workers.pool import WorkerError, WorkerPool
from storage.records import EntrySeen

if TYPE_CHECKING:
    from crawler.sources.sitemap.read import Sitemap

SHOWN_ENTRIES = 5
TRIED_FEEDS = 5
"""Of the feeds that a page names: the first are those of the site, the others of topics and comments."""

SILENT_DAYS = 60
"""A source whose latest entry is older is told of: many feeds are left behind when a site is rebuilt."""

READ_SECONDS = 10.0

Found = Literal["feed", "listing", "sitemap"]

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What an address turned out to be.

    `kind` is what to watch it as; None where it cannot be watched, and `problems` say why. `source_url` is the
    address to watch, which is another than `url` where it has moved or where a page led to its feed. `entries` counts
    all, `latest` shows the newest, newest first. `feeds` are further feeds that were found, tried and sound.
    `suggestion` is the text for `sources:` in `config.yaml`; None where there is nothing to watch.
    """

    url: str
    kind: Found | None
    source_url: str
    title: str = ""
    language: str | None = None
    entries: int = 0
    latest: tuple[EntrySeen, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    problems: tuple[str, ...] = ()
    suggestion: str | None = None

    @property
    def latest_at(self) -> datetime | None:
        """When the newest dated entry was published."""
        return max((entry.published_at for entry in self.latest if entry.published_at is not None), default=None)


async def check_source(
    url: str,
    settings: CrawlerSettings,
    *,
    source: SourceSettings | None = None,
    ssl_context: ssl.SSLContext | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> SourceReport:
    """Tries `url`, and reports.

    Args:
        url: http or https.
        settings: limits, user agent, fixed hosts.
        source: its configuration where it has one: credentials, languages, the rule for links.
        ssl_context: how certificates are verified; None is the system's authorities.
        now: the time.

    Raises:
        ValueError: `url` is no address that may be watched; the message says why.
    """
    one = source or SourceSettings.model_validate({"url": url})
    limiter = RateLimiter(delay_seconds=settings.delay_seconds, concurrency=settings.concurrency, now=now)
    pool = WorkerPool(1)
    try:
        async with Client(settings, limiter, ssl_context=ssl_context, now=now) as client:
            robots = Robots(client, limiter, is_obeyed=settings.robots, now=now)
            trial = _Check(client=client, pool=pool, robots=robots, settings=settings, source=one, now=now)
            return await trial.check(url)
    finally:
        await pool.aclose()


class _Check:
    def __init__(
        self,
        *,
        client: Client,
        pool: WorkerPool,
        robots: Robots,
        settings: CrawlerSettings,
        source: SourceSettings,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._pool = pool
        self._robots = robots
        self._settings = settings
        self._source = source
        self._now = now

    async def check(self, url: str) -> SourceReport:
        try:
            response = await self._fetch(url)
        except (FetchError, HostPaused) as error:
            return SourceReport(url, None, url, problems=(str(error),))
        if not 200 <= response.status < 300:
            text = SENTENCES.get(response.status) or "the server does not give it"
            return SourceReport(url, None, url, problems=(f"http-{response.status}: {text}",))
        try:
            feed = await self._parse(response)
        except FeedError as error:
            return await self._no_feed(url, response, error)
        return self._report(url, "feed", response, feed)

    async def _no_feed(self, url: str, response: Response, error: FeedError) -> SourceReport:
        if error.kind != "not-a-feed":
            return SourceReport(url, None, response.url, problems=(f"{error.kind}: {error.text}",))
        sitemap = await self._as_sitemap(url, response)
        if sitemap is not None:
            return sitemap
        title, links = await self._run(find_feed_links, response.body, response.content_type, response.url)
        sound = await self._try_feeds(links or [FeedLink(place, "") for place in usual_places(response.url)])
        if sound:
            (link, answer, feed), *others = sound
            report = self._report(link.url, "feed", answer, feed)
            return replace(report, url=url, feeds=tuple(other for other, _, _ in others))
        return await self._as_listing(url, response, title)

    async def _try_feeds(self, links: Sequence[FeedLink]) -> list[tuple[FeedLink, Response, ParsedFeed]]:
        sound = []
        for link in links[: TRIED_FEEDS + 1]:
            try:
                answer = await self._fetch(link.url)
                if 200 <= answer.status < 300:
                    feed = await self._parse(answer)
                    sound.append((FeedLink(link.url, link.title or feed.title), answer, feed))
            except (FetchError, FeedError, HostPaused):
                continue  # what a page names is often dead; the sound ones are told
        return sorted(sound, key=lambda one: _is_comments(one[0]))

    async def _as_sitemap(self, url: str, response: Response) -> SourceReport | None:
        from crawler.sources.sitemap.read import SitemapJob, read_sitemap

        job = SitemapJob(response.body, response.content_type, response.url, self._now())
        try:
            sitemap = await self._run(read_sitemap, job)
        except FeedError:
            return None
        note = None
        if sitemap.is_index:
            note = f"an index of {len(sitemap.children)} sitemaps; the newest are read at each visit"
            sitemap = await self._first_child(sitemap)
        report = self._report(url, "sitemap", response, sitemap.feed, robots=await self._forbids(response.url))
        return replace(report, problems=(note, *report.problems)) if note else report

    async def _first_child(self, index: Sitemap) -> Sitemap:
        """The newest sitemap of an index, as a sample; the index itself where it cannot be read."""
        from crawler.sources.sitemap.read import SitemapJob, read_sitemap

        try:
            answer = await self._fetch(index.children[0])
            return await self._run(read_sitemap, SitemapJob(answer.body, answer.content_type, answer.url, self._now()))
        except (IndexError, FetchError, FeedError, HostPaused):
            return index

    async def _as_listing(self, url: str, response: Response, title: str) -> SourceReport:
        from crawler.sources.listing.read import ListingJob, read_listing

        job = ListingJob(
            response.body, None, response.url, self._now(), rule=self._source.links, languages=self._source.languages
        )
        try:
            listing = await self._run(read_listing, job)
        except FeedError as error:
            problem = f"{error.kind}: no feed was found, and {error.text}"
            return SourceReport(url, None, response.url, title, problems=(problem,))
        report = self._report(url, "listing", response, listing, robots=await self._forbids(response.url))
        return replace(report, title=report.title or title)

    async def _forbids(self, url: str) -> str | None:
        try:
            permission = await self._robots.ask(url)
        except HostPaused as paused:
            return str(paused)
        return None if permission.is_allowed else permission.reason

    async def _fetch(self, url: str) -> Response:
        credentials = self._source.credentials_for if self._source.credentials is not None else None
        return await self._client.fetch(url, limit_bytes=self._settings.max_feed_bytes, credentials=credentials)

    async def _parse(self, response: Response) -> ParsedFeed:
        job = FeedJob(
            response.body,
            response.content_type,
            response.url,
            self._now(),
            languages=self._source.languages,
            max_entries=self._settings.max_entries,
        )
        return await self._run(parse_feed, job)

    async def _run(self, function: Callable[[*Ts], T], *arguments: *Ts) -> T:
        try:
            return await self._pool.run(function, *arguments, timeout_seconds=READ_SECONDS)
        except WorkerError as error:
            raise FeedError("parse-timeout", f"the document cannot be read: it {error}") from None

    def _report(
        self, url: str, kind: Found, response: Response, feed: ParsedFeed, *, robots: str | None = None
    ) -> SourceReport:
        source_url = response.permanent_url or url
        newest = sorted(feed.entries, key=lambda entry: entry.published_at or datetime.min.replace(tzinfo=UTC))
        latest = tuple(reversed(newest[-SHOWN_ENTRIES:]))
        report = SourceReport(
            url=url,
            kind=kind,
            source_url=source_url,
            title=feed.title,
            language=feed.language,
            entries=feed.total,
            latest=latest,
            suggestion=suggest(source_url, kind, feed),
        )
        problems = [*self._problems(report, response, feed), *([robots] if robots else [])]
        return replace(report, problems=tuple(problems))

    def _problems(self, report: SourceReport, response: Response, feed: ParsedFeed) -> list[str]:
        problems = []
        if response.permanent_url is not None:
            problems.append(f"it has moved for good to {response.permanent_url}")
        if feed.note:
            problems.append(feed.note)
        if not feed.entries:
            problems.append("it holds no entries now")
        elif report.latest_at is None:
            problems.append("its entries have no dates; they count from when they are first seen")
        elif self._now() - report.latest_at > timedelta(days=SILENT_DAYS):
            problems.append(f"its latest entry is from {report.latest_at:%Y-%m-%d}; it may be abandoned")
        return problems


def suggest(url: str, kind: Found, feed: ParsedFeed) -> str:
    """The lines for `sources:`; one for a feed, which needs nothing but its address."""
    quoted = json.dumps(url, ensure_ascii=False) if any(mark in url for mark in " #'\"{}[],&*!|>%@`") else url
    if kind == "feed":
        return f"- {quoted}"
    lines = [f"- url: {quoted}", f"  kind: {kind}"]
    if feed.title:
        lines.append(f"  name: {json.dumps(feed.title[:80], ensure_ascii=False)}")
    return "\n".join(lines)


def _is_comments(link: FeedLink) -> bool:
    return "comment" in f"{link.url} {link.title}".lower()
