"""Watches a search in GDELT's DOC API: articles of the world's press by what they say.

Its limits: one request in five seconds, 250 articles an answer, searches over three months back. It gives title,
outlet and time; the pages are read like any other.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from crawler.sources.due import Visit
from crawler.sources.gdelt.kind import GdeltSettings
from crawler.sources.gdelt.read import GDELT_LANGUAGES, read_gdelt
from crawler.sources.visitor import Visitor
from storage.records import PollOutcome

SECONDS_BETWEEN = 5.0
"""What GDELT asks of its users; it answers 429 to less."""

MOST_RECORDS = 250
"""The most that one answer holds."""

FIRST_SECONDS = 3 * 86_400
"""How far back the first search goes: enough to see that it works, little enough to fit an answer."""

OVERLAP_SECONDS = 6 * 3_600
"""An article may be in GDELT's index this long after it was seen."""


async def poll(visitor: Visitor, visit: Visit) -> PollOutcome:
    """One request, at the pace that the API asks for."""
    source = visit.source
    assert isinstance(source.settings, GdeltSettings)
    visitor.context.limiter.slow_down(source.host, SECONDS_BETWEEN)
    last = source.state.last_success_at
    passed = (visit.at - last).total_seconds() if last is not None else FIRST_SECONDS
    address = search_address(source.settings, min(passed, FIRST_SECONDS) + OVERLAP_SECONDS)
    return await visitor.poll_document(visit, address, read_gdelt)


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
