"""Reads JSON Feed (versions 1.0 and 1.1): text in, entries that are news out. Pure."""

from __future__ import annotations

from typing import Any

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed, join_notes
from crawler.feeds.entries import EntryReader
from crawler.feeds.entry_identity import first_link, hash_content, identify
from crawler.feeds.loose_json import DAMAGED, load_json, load_whole_items
from crawler.feeds.scan import fingerprint, split_fingerprints
from crawler.text.plain_text import read_title


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
    all_items = [item for item in items if isinstance(item, dict)]
    considered = all_items[: job.max_entries]
    if len(considered) < len(all_items):
        notes.append(f"holds {len(all_items):,} entries; the first {len(considered):,} are used")
    told = []
    for item in considered:
        content = hash_content(_text(item, "title"), _summary(item))
        links = [_text(item, "url"), _text(item, "external_url"), _address(_identifier(item))]
        told.append((_identifier(item), first_link(links, job.url), content))
    identities = identify(told, [job.url, _text(document, "feed_url"), _text(document, "home_page_url")])
    reader = EntryReader(job.url, job.seen_at, job.languages, _text(document, "language"))
    known = split_fingerprints(job.fingerprints)
    prints, entries, seen = [], [], set()
    for item, identity, (_, _, content) in zip(considered, identities, told, strict=True):
        if identity.text in seen:
            continue
        seen.add(identity.text)
        mark = fingerprint(identity.text, content)
        prints.append(mark)
        entry = reader.read(as_entry(item), identity, content) if mark not in known else None
        if entry is not None:
            entries.append(entry)
    notes += reader.notes()
    title = read_title(_text(document, "title"))
    return ParsedFeed(tuple(entries), len(all_items), title, reader.language, b"".join(prints), join_notes(notes))


def as_entry(item: dict[str, Any]) -> dict[str, Any]:
    """An item under the names that feedparser gives such things."""
    return {
        "title": _text(item, "title"),
        "summary": _text(item, "summary"),
        "content": [{"value": _text(item, "content_html") or _text(item, "content_text")}],
        "published": _text(item, "date_published") or None,
        "updated": _text(item, "date_modified") or None,
        "language": _text(item, "language"),
    }


def _summary(item: dict[str, Any]) -> str:
    return _text(item, "summary") or _text(item, "content_text") or _text(item, "content_html")


def _identifier(item: dict[str, Any]) -> str:
    value = item.get("id")
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _address(identifier: str) -> str:
    return identifier if "://" in identifier else ""


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""
