"""What the kinds of sources try an address with, for `tipwatch sources check`, and what they report of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from crawler.context import CrawlSession
from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.feeds.links import FeedLink
from crawler.http.client import FetchOptions, Response
from crawler.politeness.rate_limiter import HostPaused
from crawler.settings import LONGEST_URL
from crawler.sources.registry import DEFAULT_KIND
from crawler.sources.settings import SourceSettings
from crawler.sources.visitor import READ_SECONDS
from crawler.workers.errors import WorkerError
from storage.records import EntrySeen

SHOWN_ENTRIES = 5

SILENT_DAYS = 60
"""A source whose latest entry is older is remarked on: many feeds are left behind when a site is rebuilt."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What an address turned out to be.

    `kind` is what to watch it as; None where it cannot be watched, and `problems` say why. `source_url` is the
    address to watch, which is another than `url` where it has moved or where a page led to its feed. `entries` counts
    all, `latest` shows the newest, newest first. `feeds` are further feeds that were found, tried and sound.
    `suggestion` is the text for `sources:` in `config.yaml`; None where there is nothing to watch.
    """

    url: str
    kind: str | None
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


@dataclass(frozen=True, slots=True)
class Trial:
    """One address tried.

    Args:
        session: what a crawl would work with.
        source: how it is configured, where it is.
    """

    session: CrawlSession
    source: SourceSettings | None

    async def fetch(self, url: str) -> Response:
        """The answer at `url`. Raises FetchError, HostPaused."""
        credentials = self.source.credentials_for if self.source is not None else None
        return await self.session.client.fetch(
            url, FetchOptions(self.session.settings.max_feed_bytes, credentials=credentials)
        )

    async def read(self, function: Callable[..., T], response: Response, *details: Any) -> T:
        """What a reading function makes of an answer, in a worker process. Raises FeedError."""
        document = FetchedDocument(
            response.body,
            response.content_type,
            response.url,
            self.session.now(),
            languages=self.source.languages if self.source is not None else (),
            max_entries=self.session.settings.max_entries,
        )
        return await self.run(function, document, *details)

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """What a function returns or raises in a worker process; FeedError where that ends."""
        try:
            return await self.session.pool.run(function, *arguments, timeout_seconds=READ_SECONDS)
        except WorkerError as error:
            raise FeedError(error.kind, f"the document cannot be read: it {error}") from None

    async def objections(self, url: str) -> list[str]:
        """Why robots.txt would keep a crawl from `url`; empty where it would not."""
        try:
            refusal = await self.session.robots.ask(url)
        except HostPaused as paused:
            return [str(paused)]
        return [] if refusal is None else [refusal.text]

    def report(self, url: str, kind: str, response: Response, feed: ParsedFeed) -> SourceReport:
        """What was found at `url`, which is of this kind."""
        source_url = response.permanent_url or url
        newest = sorted(feed.entries, key=lambda entry: entry.published_at or datetime.min.replace(tzinfo=UTC))
        report = SourceReport(
            url=url,
            kind=kind,
            source_url=source_url,
            title=feed.title,
            language=feed.language,
            entries=feed.total,
            latest=tuple(reversed(newest[-SHOWN_ENTRIES:])),
            suggestion=suggest(source_url, kind, feed),
        )
        return replace(report, problems=tuple(self._problems(report, response, feed)))

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
        elif self.session.now() - report.latest_at > timedelta(days=SILENT_DAYS):
            problems.append(f"its latest entry is from {report.latest_at:%Y-%m-%d}; it may be abandoned")
        return problems


Recognise = Callable[[Trial, str, Response], Awaitable[SourceReport | None]]
"""Tells what the answer of an address is, where it is of a kind; None where it is not. Raises FeedError for what no
other kind would take either."""


def suggest(url: str, kind: str, feed: ParsedFeed) -> str:
    """The lines for `sources:`; one where its address is enough."""
    import yaml

    source: Any = url
    if kind != DEFAULT_KIND:
        source = {"url": url, "kind": kind} | ({"name": feed.title[:80]} if feed.title else {})
    return yaml.safe_dump([source], sort_keys=False, allow_unicode=True, width=LONGEST_URL * 2).rstrip()
