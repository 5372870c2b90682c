"""Watches sitemaps, news sitemaps first of all, and indexes of sitemaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler.feeds.document import FeedError, ParsedFeed
from crawler.http.client import Response
from crawler.http.failures import FetchError
from crawler.sources.due import DueSource, Visit
from crawler.sources.entries import collect
from crawler.sources.outcomes import judge_response, unreadable
from crawler.sources.sitemap.read import Sitemap, read_sitemap
from crawler.sources.spider import SourceSpider
from storage.records import EntrySeen, PollOutcome

MOST_CHILDREN = 5
"""Sitemaps of an index read at one visit, newest first; older ones hold no news."""

OVERLAP = timedelta(days=2)
"""A sitemap dated this long before the last visit is read again: dates without a time, and clocks that are wrong."""


class SitemapSpider(SourceSpider):
    """The addresses that were not there before are a sitemap's news."""

    name = "sitemap"

    async def poll(self, source: DueSource, visit: Visit) -> PollOutcome:
        """One conditional request, and for an index one for each of its newest sitemaps."""
        response = await self.ask(source, source.address)
        outcome = judge_response(visit, response)
        if outcome is not None:
            return outcome
        try:
            sitemap = await self._read(source, visit, response)
        except FeedError as error:
            return unreadable(visit, response, error)
        if not sitemap.is_index:
            return await self.conclude(source, visit, response, sitemap.feed)
        outcome = await self.conclude(source, visit, response, await self._children(source, visit, sitemap))
        if sitemap.is_dated:
            return outcome
        # an index without dates stays the same when its sitemaps change: it must be asked whole the next time
        return replace(outcome, etag=None, last_modified=None, content_hash=None)

    async def _children(self, source: DueSource, visit: Visit, index: Sitemap) -> ParsedFeed:
        """The entries of an index's newest sitemaps; one that fails is noted, and all of them failing is an error."""
        entries: list[EntrySeen] = []
        notes: list[str] = []
        failure: FeedError | None = None
        asked = index.children[:MOST_CHILDREN]
        for url in asked:
            try:
                response = await self.ask(source, url, is_conditional=False)
            except FetchError as error:
                failure = FeedError(error.kind, error.text)
                notes.append(f"{url}: {error.text}")
                continue
            if not response.is_ok:
                failure = FeedError(response.kind, f"{url} answered with status {response.status}")
                notes.append(failure.text)
                continue
            try:
                child = await self._read(source, visit, response)
            except FeedError as error:
                failure = error
                notes.append(f"{url}: {error.text}")
                continue
            entries += child.feed.entries
        if asked and len(notes) == len(asked) and failure is not None:
            raise failure
        entries.sort(key=lambda entry: entry.published_at or visit.at, reverse=True)
        return collect(entries, source.most_entries(self.context), note="; ".join(notes)[:300] or None)

    async def _read(self, source: DueSource, visit: Visit, response: Response) -> Sitemap:
        last = source.state.last_success_at
        since = last - OVERLAP if last is not None else None
        return await self.read(source, visit, response, read_sitemap, since)
