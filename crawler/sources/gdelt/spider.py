"""Watches a search in GDELT's DOC API: articles of the world's press by what they say.

Its limits: one request in five seconds, 250 articles an answer, searches over three months back. It gives title,
outlet and time; the pages are read like any other.
"""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlencode, urlsplit

from crawler.sources.due import DueSource, Visit
from crawler.sources.gdelt.kind import GdeltSettings
from crawler.sources.gdelt.read import GDELT_LANGUAGES, read_gdelt
from crawler.sources.spider import SourceSpider, seconds_since
from storage.records import PollOutcome

SECONDS_BETWEEN = 5.0
"""What GDELT asks of its users; it answers 429 to less."""

MOST_RECORDS = 250
"""The most that one answer holds."""

FIRST_SECONDS = 3 * 86_400
"""How far back the first search goes: enough to see that it works, little enough to fit an answer."""

OVERLAP_SECONDS = 6 * 3_600
"""An article may be in GDELT's index this long after it was seen."""


class GdeltSpider(SourceSpider):
    """The articles of a search that were not there before are its news."""

    name = "gdelt"
    is_subscribed: ClassVar[bool] = True

    async def work(self) -> None:
        """Slows the API's host down to what it asks for, then visits."""
        for source in self.sources:
            self.context.limiter.slow_down(source.host, SECONDS_BETWEEN)
        await super().work()

    async def poll(self, source: DueSource, visit: Visit) -> PollOutcome:
        """One request."""
        assert isinstance(source.settings, GdeltSettings)
        span = seconds_since(source.state.last_success_at, visit.at, FIRST_SECONDS) + OVERLAP_SECONDS
        return await self.poll_document(source, visit, search_address(source.settings, span), read_gdelt)


def search_address(source: GdeltSettings, span_seconds: float) -> str:
    """The API's address for a source's query over the last seconds."""
    words = source.query.strip()
    names = [GDELT_LANGUAGES[language].lower() for language in source.languages if language in GDELT_LANGUAGES]
    if len(names) == 1:
        words += f" sourcelang:{names[0]}"
    elif names:
        words += f" ({' OR '.join(f'sourcelang:{name}' for name in names)})"
    query = {
        "query": words,
        "mode": "artlist",
        "format": "json",
        "sort": "datedesc",
        "maxrecords": str(min(source.max_entries or MOST_RECORDS, MOST_RECORDS)),
        "timespan": f"{max(1, round(span_seconds / 3_600))}h",
    }
    return f"{_endpoint(source)}?{urlencode(query)}"


def _endpoint(source: GdeltSettings) -> str:
    parts = urlsplit(source.url)
    return source.url if parts.path not in ("", "/") else f"{source.url.rstrip('/')}/api/v2/doc/doc"
