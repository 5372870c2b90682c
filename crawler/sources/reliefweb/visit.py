"""Watches a search on ReliefWeb: by its RSS search without an appname, by version 2 of its API with one.

The API gives each report's text, language and source, and wants an appname that ReliefWeb approved; the RSS search
gives titles and summaries to anybody. Both are subscribed to by hand, like a feed.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from crawler.feeds.parse import parse_feed
from crawler.sources.due import Visit
from crawler.sources.reliefweb.kind import ReliefWebSettings
from crawler.sources.reliefweb.read import read_reliefweb
from crawler.sources.visitor import Visitor
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


async def poll(visitor: Visitor, visit: Visit) -> PollOutcome:
    """One request."""
    settings = visit.source.settings
    assert isinstance(settings, ReliefWebSettings)
    if settings.appname is None:
        return await visitor.poll_document(visit, rss_address(settings), parse_feed)
    return await visitor.poll_document(visit, api_address(settings, visitor.most_entries(visit)), read_reliefweb)


def rss_address(source: ReliefWebSettings) -> str:
    """The RSS search for a source's query, on ReliefWeb or where the source says."""
    address = source.url
    if urlsplit(address).path in ("", "/"):
        address = address.rstrip("/") + RSS_PATH
    return f"{address}?{urlencode({'search': source.query or ''})}"


def api_address(source: ReliefWebSettings, most: int) -> str:
    """The API's address for a source's query, newest reports first, on ReliefWeb or where the source says."""
    query = [
        ("appname", source.appname or ""),
        ("query[value]", source.query),
        ("query[operator]", "AND"),
        ("limit", str(min(most, MOST_REPORTS))),
        ("sort[]", "date.created:desc"),
        *(("fields[include][]", field) for field in FIELDS),
    ]
    address = source.url if "url" in source.model_fields_set else API_ADDRESS
    if source.languages:
        query.append(("filter[field]", "language.code"))
        query += [("filter[value][]", language) for language in source.languages]
    return f"{address}?{urlencode(query)}"
