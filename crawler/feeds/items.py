"""Reads what is news among the entries of a document: told apart, compared with what the last poll knew, read. Pure.

In: the entries of any document, each with what tells it from the others, and how they are read. Out: those that are new
or changed, each identity once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from crawler.feeds.document import FetchedDocument, ParsedFeed, join_notes
from crawler.feeds.entries import EntryReader
from crawler.feeds.entry_identity import PAGE_TYPES, EntryIdentity, first_link, hash_content, identify
from crawler.text.dates import read_date
from crawler.text.plain_text import read_title
from storage.records import EntrySeen

FINGERPRINT_BYTES = 8
"""Of one entry: with the few hundred that are compared, two are alike by chance once in 10^14 polls."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry before it is read; `date` is as written, `source` what it is read from."""

    guid: str
    link: str
    content_hash: str
    date: str
    source: Any


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself; `site_urls` are addresses of no entry."""

    title: str
    language: str
    site_urls: tuple[str, ...]


ReadItems = Callable[[Sequence[Item]], tuple[Sequence[Any], int]]
"""Reads items as feedparser does: an entry of each, and how many values had to be left out."""


def parse_items(
    found: Sequence[Item], about: About, read: ReadItems, job: FetchedDocument, notes: list[str]
) -> ParsedFeed:
    """The document that holds these."""
    items = _tell_apart(found, [job.url, *about.site_urls])
    if len(items) < len(found):
        notes.append(f"{len(found) - len(items)} entries appear in it twice")
    considered = _newest(items, job)
    if len(considered) < len(items):
        notes.append(f"holds {len(items):,} entries; the newest {len(considered):,} are used")
    known = _split_fingerprints(job.fingerprints)
    prints = {identity.text: _fingerprint(identity.text, item.content_hash) for item, identity in considered}
    fresh = [(item, identity) for item, identity in considered if prints[identity.text] not in known]
    reader = EntryReader(job.url, job.seen_at, job.languages, about.language)
    entries: list[EntrySeen] = []
    unread = 0
    if fresh:
        told, left_out = read([item for item, _ in fresh])
        unread = max(0, len(fresh) - len(told))
        if unread:
            notes.append(f"entries that cannot be read: {unread}")
        if len(told) != len(fresh):  # feedparser saw items elsewhere than we did: what it says counts
            fresh = _tell_apart([as_item(entry, job.url) for entry in told], [job.url])
            told = [item.source for item, _ in fresh]
        for one, (item, identity) in zip(told, fresh, strict=True):
            entry = reader.read(one, identity, item.content_hash)
            if entry is not None:
                entries.append(entry)
        if left_out:
            notes.append(f"unreadable values, left out: {left_out}")
    notes += reader.notes()
    title = read_title(about.title)
    total = len(items) - len(reader.skipped) - unread
    kept = b"".join(mark for identity, mark in prints.items() if identity not in reader.skipped)
    return ParsedFeed(tuple(entries), total, title, reader.language, kept, join_notes(notes))


def parse_entries(
    found: Iterable[Any], feed: Mapping[str, Any], site_urls: Sequence[str], job: FetchedDocument, notes: list[str]
) -> ParsedFeed:
    """As `parse_items`, of entries that are named as feedparser names things already; `feed` is what the document says
    of itself."""
    items = [as_item(entry, job.url) for entry in found]
    about = About(_text(feed, "title"), _text(feed, "language"), tuple(site_urls))
    return parse_items(items, about, lambda fresh: ([item.source for item in fresh], 0), job, notes)


def as_item(entry: Any, url: str) -> Item:
    """What tells an entry of this document that feedparser has read, or that is named so, from the others."""
    guid = _text(entry, "id").strip()
    # feedparser makes an address of any guid that is not said to be none, "id-7" too
    links = [guid if "://" in guid else ""] if entry.get("guidislink") else [_text(entry, "link")]
    # an element of that name makes text of them
    listed = [one for one in entry.get("links") or () if isinstance(one, Mapping)]
    links += [_text(one, "href") for one in listed if _leads_to_a_page(one)]
    content_hash = hash_content(_text(entry, "title"), _text(entry, "summary"))
    date = str(dict.get(entry, "published") or dict.get(entry, "updated") or "")
    return Item(guid, first_link(links, url), content_hash, date, entry)


def _leads_to_a_page(link: Mapping[str, Any]) -> bool:
    rel = link.get("rel", "alternate")
    return rel == "alternate" or (rel == "enclosure" and link.get("type") in PAGE_TYPES)


def _tell_apart(found: Sequence[Item], site_urls: Sequence[str]) -> list[tuple[Item, EntryIdentity]]:
    """The items with their identities, each identity once."""
    first: dict[str, tuple[Item, EntryIdentity]] = {}
    identities = identify([(item.guid, item.link, item.content_hash) for item in found], site_urls)
    for item, identity in zip(found, identities, strict=True):
        first.setdefault(identity.text, (item, identity))
    return list(first.values())


def _newest(items: list[tuple[Item, EntryIdentity]], job: FetchedDocument) -> list[tuple[Item, EntryIdentity]]:
    """At most `max_entries` items: from the start of the document, or from its end where its dates run upwards."""
    if len(items) <= job.max_entries:
        return items
    first, last = (read_date(item.date, job.seen_at, job.languages) for item, _ in (items[0], items[-1]))
    if first is not None and last is not None and first < last:
        return items[-job.max_entries :]
    return items[: job.max_entries]


def _fingerprint(identity: str, content_hash: str) -> bytes:
    """Eight bytes that change when the entry does."""
    told = f"{identity}\0{content_hash}".encode("utf-8", "surrogatepass")
    return blake2b(told, digest_size=FINGERPRINT_BYTES).digest()


def _split_fingerprints(stored: bytes | None) -> frozenset[bytes]:
    """The single fingerprints of what `SourceState.fingerprints` holds."""
    data = stored or b""
    return frozenset(data[start : start + FINGERPRINT_BYTES] for start in range(0, len(data), FINGERPRINT_BYTES))


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "")
