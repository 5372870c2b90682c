"""Watches sitemaps, news sitemaps first of all, and indexes of sitemaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler.feeds.document import FeedError, ParsedFeed
from crawler.http.client import Response
from crawler.http.failures import FetchError
from crawler.scrapy.handler import Unfetched
from crawler.sources.entries import collect
from crawler.sources.outcomes import Visit, judge_response, unreadable
from crawler.sources.sitemap.read import Sitemap, SitemapJob, read_sitemap
from crawler.sources.spider import Site, SiteSpider
from storage.records import EntrySeen, PollOutcome

MOST_CHILDREN = 5
"""Sitemaps of an index read at one visit, newest first; older ones hold no news."""

OVERLAP = timedelta(days=2)
"""A sitemap dated this long before the last visit is read again: dates without a time, and clocks that are wrong."""


class SitemapSpider(SiteSpider):
    """The addresses that were not there before are a sitemap's news."""

    name = "sitemap"

    async def poll(self, site: Site, visit: Visit) -> PollOutcome:
        """One conditional request, and for an index one for each of its newest sitemaps."""
        response = await self.ask(site, site.address)
        outcome = judge_response(visit, response)
        if outcome is not None:
            return outcome
        try:
            sitemap: Sitemap = await self.read(read_sitemap, self._job(site, visit, response))
        except FeedError as error:
            return unreadable(visit, response, error)
        if not sitemap.is_index:
            return await self.conclude(site, visit, response, sitemap.feed)
        outcome = await self.conclude(site, visit, response, await self._children(site, visit, sitemap))
        if sitemap.is_dated:
            return outcome
        # an index without dates stays the same when its sitemaps change: it must be asked whole the next time
        return replace(outcome, etag=None, last_modified=None, content_hash=None)

    async def _children(self, site: Site, visit: Visit, index: Sitemap) -> ParsedFeed:
        """The entries of an index's newest sitemaps; one that fails is noted, and all of them failing is an error."""
        entries: list[EntrySeen] = []
        notes: list[str] = []
        failure: FeedError | None = None
        asked = index.children[:MOST_CHILDREN]
        for url in asked:
            try:
                response = await self.ask(site, url, is_conditional=False)
            except (Unfetched, FetchError) as error:
                failure = FeedError(error.kind, error.text)
                notes.append(f"{url}: {error.text}")
                continue
            if not 200 <= response.status < 300:
                failure = FeedError(f"http-{response.status}", f"{url} answered with status {response.status}")
                notes.append(failure.text)
                continue
            try:
                child: Sitemap = await self.read(read_sitemap, self._job(site, visit, response))
            except FeedError as error:
                failure = error
                notes.append(f"{url}: {error.text}")
                continue
            entries += child.feed.entries
        if asked and len(notes) == len(asked) and failure is not None:
            raise failure
        entries.sort(key=lambda entry: entry.published_at or visit.at, reverse=True)
        return collect(entries, self.most_entries(site), note="; ".join(notes)[:300] or None)

    def _job(self, site: Site, visit: Visit, response: Response) -> SitemapJob:
        last = site.state.last_success_at
        return SitemapJob(
            body=response.body,
            content_type=response.content_type,
            url=response.url,
            seen_at=visit.at,
            since=last - OVERLAP if last is not None else None,
            languages=site.source.languages,
            max_entries=self.most_entries(site),
        )
