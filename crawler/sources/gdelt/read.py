"""Reads the answers of GDELT's DOC API. Pure; runs in the worker processes.

In: JSON as it sends it, broken at times. Out: entries. Format: https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.feeds.loose_json import DAMAGED, load_json, load_whole_items
from crawler.sources.entries import collect, make_entry, only_language
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


def read_gdelt(document: FetchedDocument) -> ParsedFeed:
    """The articles of an answer of GDELT's DOC API, in its order. An empty answer has none.

    Raises:
        FeedError: `api-error` with the API's own words (it answers in plain text, status 200), `malformed`.
    """
    body = document.body.strip()
    if not body or body == b"{}":
        return collect((), document.max_entries)
    if body[:1] not in b"{[":
        raise FeedError("api-error", f"GDELT refuses: {body[:300].decode('utf-8', 'replace')}")
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
    return collect(
        (_article(item, document) for item in items if isinstance(item, dict)), document.max_entries, note=note
    )


def _article(item: dict[str, Any], document: FetchedDocument) -> EntrySeen | None:
    link = item.get("url")
    if not isinstance(link, str) or not link:
        return None
    return make_entry(
        link,
        base=document.url,
        title=_SPACED_MARK.sub(r"\1\2", str(item.get("title") or "")),  # GDELT's titles come with spaces around marks
        published_at=_seen_date(str(item.get("seendate") or "")),
        language=_CODES.get(str(item.get("language") or "").lower()) or only_language(document.languages),
        outlet=str(item.get("domain") or "") or None,
    )


def _seen_date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
