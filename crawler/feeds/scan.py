"""Finds the entries of a well-formed feed without reading them: a tree in, its items with identity and hash out. Pure.

Most of a changed feed is what it said before. Here lxml finds each item, its identity (`entry_identity`) and a hash of
its title and summary, and from the two a fingerprint of eight bytes. Items whose fingerprint is known are cut out of
the tree, so that feedparser, forty times as dear, reads only what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urljoin

from lxml import etree

from crawler.feeds.entry_identity import EntryIdentity, first_link, hash_content, identify
from crawler.feeds.references import drop_no_characters

FINGERPRINT_BYTES = 8
"""Of one entry: with the few hundred that are compared, two are alike by chance once in 10^14 polls."""

_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_ITEMS = frozenset({"item", "entry"})
_SUMMARIES = frozenset({"description", "summary", "tagline"})
_CONTENTS = frozenset({"encoded", "content", "body", "fullitem"})
_OTHERS_READ = frozenset({"title", "link", "guid", "id", "language", "source", "group"})
"""`group` is that of a video's words."""

_DATES = frozenset({"pubdate", "date", "published", "updated", "modified", "issued", "created"})

_READ = _OTHERS_READ | _SUMMARIES | _CONTENTS | _DATES
"""Whatever an item has beside is read by nobody, and would only be for feedparser to stumble over."""


@dataclass(slots=True)
class Item:
    """One item of a feed; `date` is as written."""

    element: etree._Element
    identity: EntryIdentity
    content_hash: str
    date: str


@dataclass(slots=True)
class Scan:
    """A feed as scanned: items in the order of the document, each identity once."""

    root: etree._Element
    title: str
    language: str
    items: list[Item]
    repeated: int


def parse_tree(data: bytes, *, is_damaged: bool = False) -> etree._Element:
    """The tree of well-formed UTF-8 XML, or of what can be read of a damaged document. Nothing is expanded, loaded or
    fetched. Raises `etree.XMLSyntaxError`."""
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=is_damaged,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    # of half a pair of surrogates, in spite of all damage, lxml would make text that it cannot decode
    root = etree.fromstring(drop_no_characters(data) if is_damaged else data, parser)
    if root is None:
        raise etree.XMLSyntaxError("no element is left", 0, 0, 0)
    return root


@lru_cache(maxsize=1_000)  # the same few dozen names over and over, and this is asked for every element
def local_name(tag: object) -> str:
    """`item` of `{http://purl.org/rss/1.0/}item`, lower case; empty for what is no element."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def is_feed(root: etree._Element) -> bool:
    """Whether the root element is that of a feed of any kind."""
    return local_name(root.tag) in _FEED_ROOTS


def scan_feed(root: etree._Element, url: str) -> Scan:
    """The items of a feed with this root. `url` makes relative links comparable."""
    title = language = ""
    site_urls = [url]
    elements: list[etree._Element] = []
    for parent in [root, *(child for child in root if local_name(child.tag) == "channel")]:
        for child in parent:
            name = local_name(child.tag)
            if name in _ITEMS:
                elements.append(child)
            elif name == "title" and not title:
                title = text_of(child)
            elif name == "language" and not language:
                language = text_of(child)
            elif name == "link":
                site_urls.append(first_link(_hrefs_of([child]), url))
    language = language or root.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    read = [_read_item(element, url) for element in elements]
    identities = identify([(guid, link, content_hash) for guid, link, content_hash, _ in read], site_urls)
    items: list[Item] = []
    seen: set[str] = set()
    for element, (_, _, content_hash, date), identity in zip(elements, read, identities, strict=True):
        if identity.text not in seen:
            seen.add(identity.text)
            items.append(Item(element, identity, content_hash, date))
        else:
            cut_out(element)
    return Scan(root, title, language, items, len(elements) - len(items))


def _read_item(element: etree._Element, url: str) -> tuple[str, str, str, str]:
    guid = title = summary = content = date = ""
    permalink = about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "").strip()
    links: list[etree._Element] = []
    for child in element:
        name = local_name(child.tag)
        if name in ("guid", "id"):
            guid = guid or text_of(child)
            if name == "guid" and child.get("isPermaLink", "true").lower() == "true" and "://" in guid:
                permalink = guid
        elif name == "link":
            links.append(child)
        elif name == "title":
            title = title or text_of(child)
        elif name in _SUMMARIES:
            summary = summary or text_of(child)
        elif name in _CONTENTS:
            content = content or text_of(child)
        elif name in _DATES:
            date = date or text_of(child)
    link = first_link([*_hrefs_of(links)] or [permalink], url)
    return guid or about, link, hash_content(title, summary or content), date


def _hrefs_of(links: Sequence[etree._Element]) -> Iterator[str]:
    """Where these lead, web pages first; relative ones by the base that the document names, if it does."""
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
    for link in sorted(alternates, key=lambda link: "html" not in link.get("type", "html")):
        href = text_of(link) or link.get("href", "").strip()
        base = link.base if href and "://" not in href else None
        try:
            href = urljoin(base, href) if base else href
        except ValueError:
            continue
        if href:
            yield href


def text_of(element: etree._Element) -> str:
    """All text in an element, stripped."""
    return (element.text or "").strip() if not len(element) else "".join(element.itertext()).strip()


def fingerprint(identity: str, content_hash: str) -> bytes:
    """Eight bytes that change when the entry does."""
    return blake2b(
        f"{identity}\0{content_hash}".encode("utf-8", "surrogatepass"), digest_size=FINGERPRINT_BYTES
    ).digest()


def split_fingerprints(stored: bytes | None) -> frozenset[bytes]:
    """The single fingerprints of what `SourceState.fingerprints` holds."""
    data = stored or b""
    return frozenset(data[start : start + FINGERPRINT_BYTES] for start in range(0, len(data), FINGERPRINT_BYTES))


def cut_out(element: etree._Element) -> None:
    """Takes an item out of its tree."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def cut_all_but(root: etree._Element, kept: Sequence[Item]) -> None:
    """Takes all other items out of the tree, what the feed says of itself, and of the kept ones what nobody reads."""
    wanted = {id(item.element) for item in kept}
    for parent in [root, *(child for child in root if local_name(child.tag) == "channel")]:
        parent[:] = [child for child in parent if id(child) in wanted or local_name(child.tag) == "channel"]
    for item in kept:
        item.element[:] = [child for child in item.element if local_name(child.tag) in _READ]
