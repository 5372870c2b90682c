"""Reads the answers of ReliefWeb's API. Pure; runs in the worker processes.

In: JSON as it sends it, broken at times. Out: entries. Format: https://apidoc.reliefweb.int (version 2).
"""

from __future__ import annotations

from typing import Any

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.feeds.loose_json import load_json
from crawler.pages.metadata import read_time
from crawler.sources.entries import collect, make_entry, only_language
from storage.records import EntrySeen


def read_reliefweb(document: FetchedDocument) -> ParsedFeed:
    """The reports of an answer of ReliefWeb's API, newest first as asked for.

    Raises:
        FeedError: `api-error` with the API's own words, `malformed`.
    """
    data = load_json(document.body)
    if not isinstance(data, dict):
        raise FeedError("malformed", "the answer is not an object")
    if "error" in data:
        message = data["error"].get("message", "") if isinstance(data["error"], dict) else str(data["error"])
        raise FeedError("api-error", f"ReliefWeb refuses: {message}")
    items = data.get("data")
    return collect(
        (_report(item, document) for item in items if isinstance(item, dict)) if isinstance(items, list) else (),
        document.max_entries,
    )


def _report(item: dict[str, Any], document: FetchedDocument) -> EntrySeen | None:
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
        base=document.url,
        title=str(fields.get("title") or ""),
        summary=str(fields.get("body-html") or fields.get("body") or ""),
        published_at=read_time(str(stated or ""), document.seen_at),
        language=_first(fields.get("language"), "code") or only_language(document.languages),
        outlet=_first(fields.get("source"), "shortname") or _first(fields.get("source"), "name"),
    )


def _first(value: Any, key: str) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) and found else None
