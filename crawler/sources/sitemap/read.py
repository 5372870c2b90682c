"""Reads sitemaps: news sitemaps, plain ones, and indexes of them. Pure; runs in the worker processes.

In: a decompressed document. Out: entries, newest first, or the sitemaps an index names. Promises: nothing is expanded
or fetched; the number of entries and of sitemaps is bounded, newest first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed, join_notes
from crawler.feeds.parse import NOT_WELL_FORMED, ends_early, name_document, refuse_entities
from crawler.feeds.scan import local_name, parse_tree, text_of
from crawler.pages.metadata import read_time
from crawler.sources.entries import collect, make_entry, only_language
from crawler.text.encoding import decode_document
from storage.records import ENDS_EARLY, EntrySeen

MOST_URLS = 50_000
"""What the protocol allows in one file (sitemaps.org); the rest is not looked at."""

RECENT = timedelta(days=14)
"""A plain sitemap lists all pages a site ever had: those that changed longer ago are no news."""

_ROOTS = frozenset({"urlset", "sitemapindex"})
_LEAST = datetime(1, 1, 1, tzinfo=UTC)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap said: `feed` with its entries, or, for an index, the addresses of `children`, newest first.

    `is_dated`: every child says when it changed, so that an index that has not changed has no changed children.
    """

    feed: ParsedFeed
    children: tuple[str, ...] = ()
    is_index: bool = False
    is_dated: bool = False


@dataclass(frozen=True, slots=True)
class _Url:
    location: str
    changed_at: datetime | None
    news: dict[str, str]


def read_sitemap(document: FetchedDocument, since: datetime | None = None) -> Sitemap:
    """The contents of a sitemap; of an index without the sitemaps that have not changed since then.

    Raises:
        FeedError: `not-a-sitemap`, `blocked`, `entities`, `empty`.
    """
    data, _ = decode_document(document.body, document.content_type)
    refuse_entities(data)
    note = None
    try:
        root = parse_tree(data)
    except etree.XMLSyntaxError:
        root = _recover_tree(data)
        note = join_notes([ENDS_EARLY, NOT_WELL_FORMED] if ends_early(data) else [NOT_WELL_FORMED])
    kind = local_name(root.tag)
    if kind == "sitemapindex":
        return _read_index(root, document, since, note)
    if kind != "urlset":
        named = name_document(data, kind)
        raise (
            named if named.kind == "blocked" else FeedError("not-a-sitemap", f"the document is <{kind}>, not a sitemap")
        )
    return Sitemap(_read_urls(root, document, note))


def _recover_tree(data: bytes) -> etree._Element:
    """What can be read of a damaged sitemap; what never was one is named as such."""
    try:
        root = parse_tree(data, is_damaged=True)
    except etree.XMLSyntaxError:
        root = None
    if root is not None and local_name(root.tag) in _ROOTS and any(local_name(one.tag) == "loc" for one in root.iter()):
        return root
    named = name_document(data, "")
    raise named if named.kind != "not-a-feed" else FeedError("not-a-sitemap", "the document is not a sitemap") from None


def _read_index(root: etree._Element, document: FetchedDocument, since: datetime | None, note: str | None) -> Sitemap:
    elements = [element for element in list(root)[:MOST_URLS] if local_name(element.tag) == "sitemap"]
    found = [url for element in elements if (url := _read_url(element, document)) is not None]
    dated = [child for child in found if child.changed_at is not None]
    # without dates the last is commonly the newest: they are written one after the other
    found.reverse()
    ordered = sorted(found, key=lambda child: child.changed_at or _LEAST, reverse=True)
    fresh = [child for child in ordered if since is None or child.changed_at is None or child.changed_at >= since]
    children = tuple(dict.fromkeys(urljoin(document.url, child.location) for child in fresh))
    return Sitemap(
        collect((), 0, note=note), children, is_index=True, is_dated=bool(found) and len(dated) == len(found)
    )


def _read_urls(root: etree._Element, document: FetchedDocument, note: str | None) -> ParsedFeed:
    elements = [element for element in root if local_name(element.tag) == "url"]
    notes = [note] if note else []
    if len(elements) > MOST_URLS:
        notes.append(f"{len(elements)} addresses, of which {MOST_URLS} were looked at")
    found = [url for element in elements[:MOST_URLS] if (url := _read_url(element, document)) is not None]
    is_news = any(url.news for url in found)
    oldest = document.seen_at - RECENT
    recent = [url for url in found if url.news or url.changed_at is None or url.changed_at >= oldest]
    recent.sort(key=lambda url: url.changed_at or _LEAST, reverse=True)  # stable: undated ones stay in order, last
    entries = (_entry(url, document) for url in recent if is_news or not _is_front(url.location))
    return collect(entries, document.max_entries, note=join_notes(notes))


def _read_url(element: etree._Element, document: FetchedDocument) -> _Url | None:
    """None for what is no address."""
    location = changed = ""
    news: dict[str, str] = {}
    for child in element:
        name = local_name(child.tag)
        if name == "loc":
            location = text_of(child)
        elif name == "lastmod":
            changed = text_of(child)
        elif name == "news":
            news = {local_name(part.tag): text_of(part) for part in child.iter() if len(part) == 0}
    try:
        urlsplit(urljoin(document.url, location))
        urlsplit(location)
    except ValueError:
        return None
    stated = news.get("publication_date") or changed
    return _Url(location, read_time(stated, document.seen_at), news)


def _entry(url: _Url, document: FetchedDocument) -> EntrySeen | None:
    if not url.location:
        return None
    language = url.news.get("language", "")[:2].lower() or only_language(document.languages)
    return make_entry(
        url.location,
        base=document.url,
        title=url.news.get("title") or _title_of(url.location),
        summary=url.news.get("keywords", ""),
        published_at=url.changed_at,
        language=language,
        outlet=url.news.get("name"),
    )


def _is_front(location: str) -> bool:
    return urlsplit(location).path.strip("/") == ""


def _title_of(location: str) -> str:
    """The words of an address, until the page gives its title."""
    segments = [segment for segment in urlsplit(location).path.split("/") if segment]
    slug = unquote(segments[-1]).rpartition(".")[0] or unquote(segments[-1]) if segments else ""
    return " ".join(word for word in _WORD.findall(slug) if not word.isdigit())
