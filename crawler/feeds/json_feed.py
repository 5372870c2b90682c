"""Reads JSON Feed (versions 1.0 and 1.1): text in, entries that are news out. Pure."""

from __future__ import annotations

from typing import Any

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.feeds.items import parse_entries
from crawler.feeds.loose_json import DAMAGED, load_json, load_whole_items


def parse_json_feed(data: bytes, job: FetchedDocument, notes: list[str]) -> ParsedFeed:
    """The document as read. Raises `FeedError`."""
    try:
        document = load_json(data)
    except FeedError:
        whole = [item for item in load_whole_items(data, "items") if "id" in item]  # as every item has
        document = {"title": "", "items": whole}
        if not document["items"]:
            raise
        notes.append(DAMAGED)
    items = document.get("items") if isinstance(document, dict) else None
    is_feed = isinstance(items, list) and ("jsonfeed.org" in str(document.get("version")) or "title" in document)
    if not is_feed or not isinstance(items, list):
        raise FeedError("not-a-feed", "JSON, but not a JSON Feed")
    found = [as_entry(item) for item in items if isinstance(item, dict)]
    feed = {name: _text(document, name) for name in ("title", "language")}
    return parse_entries(found, feed, [_text(document, "feed_url"), _text(document, "home_page_url")], job, notes)


def as_entry(item: dict[str, Any]) -> dict[str, Any]:
    """An item under the names that feedparser gives such things."""
    identifier, body = _identifier(item), _text(item, "content_html") or _text(item, "content_text")
    links = [_text(item, "url"), _text(item, "external_url"), identifier if "://" in identifier else ""]
    attachments = item.get("attachments")
    enclosed = [
        {"href": _text(one, "url"), "rel": "enclosure", "type": _text(one, "mime_type")}
        for one in (attachments if isinstance(attachments, list) else ())
        if isinstance(one, dict)
    ]
    return {
        "id": identifier,
        "links": [*({"href": link} for link in links), *enclosed],
        "title": _text(item, "title"),
        "summary": _text(item, "summary") or _text(item, "content_text") or body,
        "content": [{"value": body}],
        "published": _text(item, "date_published") or None,
        "updated": _text(item, "date_modified") or None,
        "language": _text(item, "language"),
    }


def _identifier(item: dict[str, Any]) -> str:
    value = item.get("id")
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""
