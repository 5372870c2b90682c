"""Reads the answers of ReliefWeb's API and of GDELT's DOC API. Pure; runs in the worker processes.

In: JSON as they send it, broken at times. Out: entries. Formats: https://apidoc.reliefweb.int (version 2) and
https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawler.feeds.document import FeedError, ParsedFeed
from crawler.http.failures import one_line
from crawler.pages.metadata import read_time
from crawler.sources.entries import collect, make_entry, only_language
from crawler.text.loose_json import DAMAGED, load_json, load_whole_items
from storage.records import EntrySeen

_SPACED_MARK = re.compile(r"\s+([,.;:!?%)\]”’])|([(\[“])\s+")

GDELT_LANGUAGES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "ar": "Arabic",
    "de": "German",
    "it": "Italian",
    "nl": "Dutch",
    "ru": "Russian",
    "uk": "Ukrainian",
    "tr": "Turkish",
    "ro": "Romanian",
    "id": "Indonesian",
    "pl": "Polish",
    "el": "Greek",
    "sr": "Serbian",
    "bg": "Bulgarian",
    "hu": "Hungarian",
    "cs": "Czech",
    "sq": "Albanian",
    "vi": "Vietnamese",
    "th": "Thai",
    "fa": "Persian",
    "hi": "Hindi",
    "bn": "Bengali",
    "sw": "Swahili",
    "zh": "Chinese",
    "ja": "Japanese",
    "ko": "Korean",
}
"""GDELT names languages in English; ISO 639-1 codes of those it reads that we may be configured for."""

_CODES = {name.lower(): code for code, name in GDELT_LANGUAGES.items()}


@dataclass(frozen=True, slots=True)
class ApiJob:
    """An answer to read; as `FeedJob`."""

    body: bytes
    url: str
    seen_at: datetime
    languages: tuple[str, ...] = ()
    max_entries: int = 500


def read_reliefweb(job: ApiJob) -> ParsedFeed:
    """The reports of an answer of ReliefWeb's API, newest first as asked for.

    Raises:
        FeedError: `api-error` with the API's own words, `malformed`.
    """
    data = load_json(job.body)
    if not isinstance(data, dict):
        raise FeedError("malformed", "the answer is not an object")
    if "error" in data:
        message = data["error"].get("message", "") if isinstance(data["error"], dict) else str(data["error"])
        raise FeedError("api-error", one_line(f"ReliefWeb refuses: {message}"))
    items = data.get("data")
    return collect(
        (_report(item, job) for item in items if isinstance(item, dict)) if isinstance(items, list) else (),
        job.max_entries,
    )


def _report(item: dict[str, Any], job: ApiJob) -> EntrySeen | None:
    fields = item.get("fields")
    if not isinstance(fields, dict):
        return None
    links = (fields.get("url_alias"), fields.get("url"), item.get("href"))
    link: str | None = next((value for value in links if isinstance(value, str) and value), None)
    if link is None:
        return None
    date = fields.get("date")
    stated = (date.get("original") or date.get("created")) if isinstance(date, dict) else None
    return make_entry(
        link,
        base=job.url,
        title=str(fields.get("title") or ""),
        summary=str(fields.get("body-html") or fields.get("body") or ""),
        published_at=read_time(str(stated or ""), job.seen_at),
        language=_first(fields.get("language"), "code") or only_language(job.languages),
        outlet=_first(fields.get("source"), "shortname") or _first(fields.get("source"), "name"),
    )


def _first(value: Any, key: str) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) and found else None


def read_gdelt(job: ApiJob) -> ParsedFeed:
    """The articles of an answer of GDELT's DOC API, in its order. An empty answer has none.

    Raises:
        FeedError: `api-error` with the API's own words (it answers in plain text, status 200), `malformed`.
    """
    body = job.body.strip()
    if not body or body == b"{}":
        return collect((), job.max_entries)
    if body[:1] not in b"{[":
        raise FeedError("api-error", one_line(f"GDELT refuses: {body[:300].decode('utf-8', 'replace')}"))
    note = None
    try:
        data = load_json(body)
        articles = data.get("articles") if isinstance(data, dict) else None
        items = articles if isinstance(articles, list) else []
    except FeedError:
        items = list(load_whole_items(body, "articles"))
        note = DAMAGED
        if not items:
            raise
    return collect((_article(item, job) for item in items if isinstance(item, dict)), job.max_entries, note=note)


def _article(item: dict[str, Any], job: ApiJob) -> EntrySeen | None:
    link = item.get("url")
    if not isinstance(link, str) or not link:
        return None
    return make_entry(
        link,
        base=job.url,
        title=_SPACED_MARK.sub(r"\1\2", str(item.get("title") or "")),  # GDELT's titles come with spaces around marks
        published_at=_seen_date(str(item.get("seendate") or "")),
        language=_CODES.get(str(item.get("language") or "").lower()) or only_language(job.languages),
        outlet=str(item.get("domain") or "") or None,
    )


def _seen_date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
