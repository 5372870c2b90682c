"""Reads feeds: bytes in, entries that are news out. Pure; runs in worker processes.

RSS of every version, RDF, Atom and JSON Feed are told by what they hold, not by what they are called. feedparser is
the parser of record. It never sees an entry twice: what the last poll knew is cut out of the document first
(`scan`); a document that is not well-formed goes to it whole, and what is known is left out afterwards. Text
comes out plain, links absolute and http or https, dates in UTC. Entity declarations are refused, and what is no feed
at all is named: not a feed, or a wall.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed, join_notes
from crawler.feeds.entries import EntryReader
from crawler.feeds.entry_list import parse_entries, read_entries
from crawler.feeds.json_feed import parse_json_feed
from crawler.feeds.references import drop_no_characters
from crawler.feeds.run_feedparser import Stumbled, read_items, run_feedparser
from crawler.feeds.scan import (
    Item,
    fingerprint,
    is_feed,
    local_name,
    parse_tree,
    scan_feed,
    split_fingerprints,
)
from crawler.text.dates import read_date
from crawler.text.encoding import decode_document
from crawler.text.one_line import one_line
from crawler.text.plain_text import read_markup, read_title
from storage.records import EntrySeen

MOST_ATTRIBUTES = 2_000
"""Of one element; feeds have a dozen. So many take feedparser a twentieth of a second, ten times as many five."""

NOT_WELL_FORMED = "not well-formed"
NOTHING_LEFT = "the document is damaged, and no entry of it can be read"

LONGEST_DAMAGED = 2_000_000
"""Bytes read of a document that is not well-formed. feedparser goes through all of it and takes
ten times as much memory; the newest entries stand first."""

_LONG_TAG = re.compile(rb"<[^<>]{4000,}")  # shorter ones have no room for so many

TOO_DEEP = etree.ErrorTypes.ERR_RESOURCE_LIMIT
"""lxml's word for a document beyond its limits on depth and expansion: no feed is, save one made to do harm."""


def parse_feed(job: FetchedDocument) -> ParsedFeed:
    """One document read. Raises `FeedError`."""
    decoded = decode_document(job.body, job.content_type)
    notes = [decoded.note] if decoded.note else []
    data = decoded.data
    if data[:1] in (b"{", b"["):
        return parse_json_feed(data, job, notes)
    refuse_entities(data)
    refuse_crowded_tags(data)
    return _parse_xml(data, job, notes)


def _parse_xml(data: bytes, job: FetchedDocument, notes: list[str]) -> ParsedFeed:
    try:
        root = parse_tree(data)
    except etree.XMLSyntaxError as error:
        if error.code == TOO_DEEP:
            raise FeedError("malformed", "the document is nested too deeply to be a feed") from None
        mended = drop_no_characters(data)
        if mended != data:
            return _parse_xml(mended, job, [*notes, "names characters that do not exist, which were left out"])
        return _parse_damaged(data, job, notes)
    return _parse_tree(root, data, job, notes)


def _parse_tree(root: etree._Element, data: bytes, job: FetchedDocument, notes: list[str]) -> ParsedFeed:
    """A document that is well-formed, or was made so."""
    if not is_feed(root):
        raise name_document(data, local_name(root.tag))
    scan = scan_feed(root, job.url)
    if scan.repeated:
        notes.append(f"{scan.repeated} entries appear in it twice")
    considered = newest(scan.items, job)
    if len(considered) < len(scan.items):
        notes.append(f"holds {len(scan.items):,} entries; the newest {len(considered):,} are used")
    known = split_fingerprints(job.fingerprints)
    prints = [fingerprint(item.identity.text, item.content_hash) for item in considered]
    fresh = [item for item, mark in zip(considered, prints, strict=True) if mark not in known]
    reader = EntryReader(job.url, job.seen_at, job.languages, scan.language)
    entries: list[EntrySeen] = []
    if fresh:
        found, left_out = read_items(root, fresh)
        entries = _zip_entries(found, fresh, reader)
        if left_out:
            notes.append(f"values that cannot be read, left out: {left_out}")
    notes += reader.notes()
    return ParsedFeed(
        tuple(entries), len(scan.items), read_title(scan.title), reader.language, b"".join(prints), join_notes(notes)
    )


def _zip_entries(found: Sequence[Any], fresh: Sequence[Item], reader: EntryReader) -> list[EntrySeen]:
    """feedparser's entries with the identities found in the scan: both go through the document in its order."""
    if len(found) != len(fresh):  # it saw items elsewhere than we did: what it says counts, with identities of its own
        return read_entries(found, reader, [])[0]
    seen = []
    for entry, item in zip(found, fresh, strict=True):
        read = reader.read(entry, item.identity, item.content_hash)
        if read is not None:
            seen.append(read)
    return seen


def _parse_damaged(data: bytes, job: FetchedDocument, notes: list[str]) -> ParsedFeed:
    """A document that is not well-formed, or no XML: as much as feedparser makes of it, else as the XML parser does."""
    if len(data) > LONGEST_DAMAGED:
        data = data[:LONGEST_DAMAGED].decode("utf-8", "ignore").encode()
        notes.append("too long for a damaged document; its first part was read")
    try:
        document = run_feedparser(data, job.url)
    except Stumbled:
        recovered = _parse_tree(_recover_tree(data), data, job, [*notes, NOT_WELL_FORMED])
        if not recovered.total:
            raise FeedError("malformed", NOTHING_LEFT) from None
        return recovered
    found = document["entries"]
    if not found:
        raise FeedError("malformed", NOTHING_LEFT) if document.get("version") else name_document(data, "")
    feed = document["feed"]
    return parse_entries(found, feed, [str(feed.get("link") or "")], job, [*notes, NOT_WELL_FORMED])


def _recover_tree(data: bytes) -> etree._Element:
    try:
        return parse_tree(data, is_damaged=True)
    except etree.XMLSyntaxError:
        raise FeedError("malformed", NOTHING_LEFT) from None


def refuse_entities(data: bytes) -> None:
    """Raises `FeedError` where a document declares entities: feeds do not, attacks do."""
    at = data.find(b"<!ENTITY")
    if at >= 0 and data.count(b"<![CDATA[", 0, at) <= data.count(b"]]>", 0, at):  # an article may quote one
        raise FeedError("entities", "the document declares entities, which feeds do not do and attacks do")


def refuse_crowded_tags(data: bytes) -> None:
    """Raises `FeedError` where a tag has more attributes than feeds know: feedparser takes quadratic time for them."""
    if data.count(b"='") + data.count(b'="') <= MOST_ATTRIBUTES:
        return
    for tag in _LONG_TAG.finditer(data):
        if tag.group().count(b"=") > MOST_ATTRIBUTES:
            raise FeedError("malformed", "an element has more attributes than any feed's")


def newest(items: list[Item], job: FetchedDocument) -> list[Item]:
    """At most `max_entries` items: from the start of the document, or from its end where its dates run upwards."""
    if len(items) <= job.max_entries:
        return items
    first, last = (read_date(one.date, job.seen_at, job.languages) for one in (items[0], items[-1]))
    if first is not None and last is not None and first < last:
        return items[-job.max_entries :]
    return items[: job.max_entries]


def name_document(data: bytes, root: str) -> FeedError:
    """The error for a document that is no feed."""
    if root in ("urlset", "sitemapindex"):
        return FeedError("not-a-feed", "this is a sitemap; write kind: sitemap")
    if root == "opml":
        return FeedError("not-a-feed", "this is a list of feeds (OPML); take it in with: tipwatch sources import FILE")
    start = data[:100_000].decode("utf-8", "replace")
    lowered = start[:2_000].lower()
    if root == "html" or "<html" in lowered or "<!doctype html" in lowered or "<body" in lowered or "<head" in lowered:
        from crawler.pages.interstitials import why_blocked

        title = start[start.lower().find("<title") :] if "<title" in start.lower() else ""
        title = read_title(title[title.find(">") + 1 : title.lower().find("</title")]) if title else ""
        wall = why_blocked(html=start, text=" ".join(read_markup(start).split()), title=title)
        if wall is not None:
            return FeedError("blocked", f"a web page came instead of the feed: {wall}")
        return FeedError("not-a-feed", one_line(f"a web page came instead of a feed: {title or 'without title'}"))
    if not data.strip():
        return FeedError("empty", "the document is empty")
    return FeedError("not-a-feed", one_line(f"neither RSS, Atom nor JSON Feed; it begins with {start[:40]!r}"))
