"""Reads feeds: bytes in, entries that are news out. Pure; runs in worker processes.

RSS of every version, RDF, Atom and JSON Feed are told by what they hold, not by what they are called. feedparser is
the parser of record. It never sees an entry twice: what the last poll knew is cut out of the document first
(`scan`); a document that is not well-formed goes to it whole, and what is known is left out afterwards. Text
comes out plain, links absolute and http or https, dates in UTC. Entity declarations are refused, and what is no feed
at all is named: not a feed, or a wall.
"""

from __future__ import annotations

import re
from functools import partial

from lxml import etree

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.feeds.items import parse_entries, parse_items
from crawler.feeds.json_feed import parse_json_feed
from crawler.feeds.references import drop_no_characters
from crawler.feeds.run_feedparser import Stumbled, read_items, run_feedparser
from crawler.feeds.scan import is_feed, local_name, parse_tree, scan_feed
from crawler.text.encoding import decode_document
from crawler.text.plain_text import read_markup, read_title
from storage.records import ENDS_EARLY

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
    data, note = decode_document(job.body, job.content_type)
    notes = [note] if note else []
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
            return _parse_xml(mended, job, [*notes, "refers to characters that do not exist; they were left out"])
        return _parse_damaged(data, job, [*notes, ENDS_EARLY] if ends_early(data) else notes)
    return _parse_tree(root, data, job, notes)


def _parse_tree(root: etree._Element, data: bytes, job: FetchedDocument, notes: list[str]) -> ParsedFeed:
    """A document that is well-formed, or was made so."""
    if not is_feed(root):
        raise name_document(data, local_name(root.tag))
    items, about = scan_feed(root, job.url)
    return parse_items(items, about, partial(read_items, root), job, notes)


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


def ends_early(data: bytes) -> bool:
    """Whether a document that is not well-formed lacks its end: the element that holds all its entries is never
    closed. A warning of the server's may stand before it, or a web page's end behind it."""
    opened = _ROOT_TAG.search(data)
    return opened is not None and re.search(rb"</" + re.escape(opened.group(1)) + rb"\s*>", data) is None


_ROOT_TAG = re.compile(rb"<((?:[\w.-]+:)?(?:rss|rdf|feed|channel|urlset|sitemapindex))[\s>]", re.IGNORECASE)


def _recover_tree(data: bytes) -> etree._Element:
    try:
        return parse_tree(data, is_damaged=True)
    except etree.XMLSyntaxError:
        raise FeedError("malformed", NOTHING_LEFT) from None


def refuse_entities(data: bytes) -> None:
    """Raises `FeedError` where a document declares entities: feeds do not, attacks do."""
    at = data.find(b"<!ENTITY")
    if at >= 0 and data.count(b"<![CDATA[", 0, at) <= data.count(b"]]>", 0, at):  # an article may quote one
        raise FeedError("entities", "the document declares entities, as attacks do and feeds do not")


def refuse_crowded_tags(data: bytes) -> None:
    """Raises `FeedError` where a tag has more attributes than feeds know: feedparser takes quadratic time for them."""
    if data.count(b"='") + data.count(b'="') <= MOST_ATTRIBUTES:
        return
    for tag in _LONG_TAG.finditer(data):
        if tag.group().count(b"=") > MOST_ATTRIBUTES:
            raise FeedError("malformed", "an element has more attributes than any feed's")


def name_document(data: bytes, root: str) -> FeedError:
    """The error for a document that is no feed."""
    if root in ("urlset", "sitemapindex"):
        return FeedError("not-a-feed", "this is a sitemap; write kind: sitemap")
    if root == "opml":
        return FeedError("not-a-feed", "this is a list of feeds (OPML); import it with: tipwatch sources import FILE")
    start = data[:100_000].decode("utf-8", "replace")
    lowered = start[:2_000].lower()
    if root == "html" or "<html" in lowered or "<!doctype html" in lowered or "<body" in lowered or "<head" in lowered:
        from crawler.pages.interstitials import why_blocked

        title = start[start.lower().find("<title") :] if "<title" in start.lower() else ""
        title = read_title(title[title.find(">") + 1 : title.lower().find("</title")]) if title else ""
        wall = why_blocked(html=start, text=" ".join(read_markup(start).split()), title=title)
        if wall is not None:
            return FeedError("blocked", f"a web page came instead of the feed: {wall}")
        return FeedError("not-a-feed", f"a web page came instead of a feed: {title or 'without title'}")
    if not data.strip():
        return FeedError("empty", "the document is empty")
    return FeedError("not-a-feed", f"not RSS, Atom or JSON Feed; it begins with {start[:40]!r}")
