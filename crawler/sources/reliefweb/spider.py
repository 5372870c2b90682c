"""Watches a search on ReliefWeb: by its RSS search without an appname, by version 2 of its API with one.

The API gives each report's text, language and source, and wants an appname that ReliefWeb approved; the RSS search
gives titles and summaries to anybody. Both are subscribed to by hand, like a feed.
"""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlencode, urlsplit

from crawler.feeds.document import FeedJob
from crawler.feeds.parse import parse_feed
from crawler.http.client import Response
from crawler.settings import SourceSettings
from crawler.sources.api import ApiJob, read_reliefweb
from crawler.sources.outcomes import Visit
from crawler.sources.spider import Site, SiteSpider
from storage.records import PollOutcome

RSS_PATH = "/updates/rss.xml"
API_ADDRESS = "https://api.reliefweb.int/v2/reports"

MOST_REPORTS = 100
"""Reports asked for at once; the API gives up to 1,000, and a search that brings 100 between two visits is too wide."""

FIELDS = (
    "title",
    "url",
    "url_alias",
    "date",
    "source.name",
    "source.shortname",
    "country.iso3",
    "language.code",
    "body",
)


class ReliefWebSpider(SiteSpider):
    """The reports of a search that were not there before are its news."""

    name = "reliefweb"
    is_unasked: ClassVar[bool] = True

    async def poll(self, site: Site, visit: Visit) -> PollOutcome:
        """One request."""
        source = site.source
        if source.appname is None:
            return await self.poll_document(site, visit, rss_address(source), parse_feed, self._feed_job(site, visit))

        def job(response: Response) -> ApiJob:
            return ApiJob(response.body, response.url, visit.at, source.languages, self.most_entries(site))

        return await self.poll_document(site, visit, api_address(source, self.most_entries(site)), read_reliefweb, job)

    def _feed_job(self, site: Site, visit: Visit):  # type: ignore[no-untyped-def]  # a closure for `poll_document`
        def job(response: Response) -> FeedJob:
            return FeedJob(
                body=response.body,
                content_type=response.content_type,
                url=response.url,
                seen_at=visit.at,
                languages=site.source.languages,
                max_entries=self.most_entries(site),
            )

        return job


def rss_address(source: SourceSettings) -> str:
    """The RSS search for a source's query, on ReliefWeb or where the source says."""
    address = source.address
    if urlsplit(address).path in ("", "/"):
        address = address.rstrip("/") + RSS_PATH
    return f"{address}?{urlencode({'search': source.query or ''})}"


def api_address(source: SourceSettings, most: int) -> str:
    """The API's address for a source's query, newest reports first, on ReliefWeb or where the source says."""
    query = [
        ("appname", source.appname or ""),
        ("query[value]", source.query or ""),
        ("query[operator]", "AND"),
        ("limit", str(min(most, MOST_REPORTS))),
        ("sort[]", "date.created:desc"),
        *(("fields[include][]", field) for field in FIELDS),
    ]
    if source.languages:
        query.append(("filter[field]", "language.code"))
        query += [("filter[value][]", language) for language in source.languages]
    return f"{source.url or API_ADDRESS}?{urlencode(query)}"
