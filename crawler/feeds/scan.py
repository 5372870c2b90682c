"""Finds the entries of a well-formed feed without reading them: a tree in, its items out. Pure.

Most of a changed feed is what it said before. Here lxml finds each item with what tells it from the others, and a hash
of its title and summary. Items that are known are cut out of the tree, so that feedparser, forty times as dear, reads
only what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urljoin

from lxml import etree

from crawler.feeds.entry_identity import PAGE_TYPES, first_link, hash_content
from crawler.feeds.items import About, Item
from crawler.feeds.references import drop_no_characters

_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_ITEMS = frozenset({"item", "entry"})
_SUMMARIES = frozenset({"description", "summary", "tagline"})
_CONTENTS = frozenset({"encoded", "content", "body", "fullitem"})
_OTHERS_READ = frozenset({"title", "link", "guid", "id", "language", "source", "group"})
"""`group` is that of a video's words."""

_DATES = frozenset({"pubdate", "date", "published", "updated", "modified", "issued", "created"})

_READ = _OTHERS_READ | _SUMMARIES | _CONTENTS | _DATES
"""Whatever an item has beside is read by nobody, and would only be for feedparser to stumble over."""


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
    namespace = str(root.tag).rpartition("}")[0].removeprefix("{")  # QName refuses names that recovery lets pass
    if local_name(root.tag) in ("rss", "feed") and namespace and "atom" not in namespace.lower():
        _drop_namespace(root, namespace)
    return root


def _drop_namespace(root: etree._Element, namespace: str) -> None:
    """Where a feed is given the namespace of HTML, or of a module of RSS, feedparser sees no items in it."""
    for element in root.iter(f"{{{namespace}}}*"):
        if local_name(element.tag) not in _CONTENTS:  # which are those of a module
            element.tag = local_name(element.tag)
    etree.cleanup_namespaces(root)


@lru_cache(maxsize=1_000)  # the same few dozen names over and over, and this is asked for every element
def local_name(tag: object) -> str:
    """`item` of `{http://purl.org/rss/1.0/}item`, lower case; empty for what is no element."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def is_feed(root: etree._Element) -> bool:
    """Whether the root element is that of a feed of any kind."""
    return local_name(root.tag) in _FEED_ROOTS


def scan_feed(root: etree._Element, url: str) -> tuple[list[Item], About]:
    """The items of a feed with this root, and what it says of itself. `url` makes relative links comparable."""
    title = language = ""
    site_urls: list[str] = []
    items: list[Item] = []
    for parent in [root, *(child for child in root if local_name(child.tag) == "channel")]:
        for child in parent:
            name = local_name(child.tag)
            if name in _ITEMS:
                items.append(_read_item(child, url))
            elif name == "title" and not title:
                title = text_of(child)
            elif name == "language" and not language:
                language = text_of(child)
            elif name == "link":
                site_urls.append(first_link(_hrefs_of([child]), url))
    language = language or root.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    return items, About(title, language, tuple(site_urls))


def _read_item(element: etree._Element, url: str) -> Item:
    guid = title = summary = content = date = ""
    permalink = about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "").strip()
    links: list[etree._Element] = []
    enclosed: list[str] = []
    for child in element:
        name = local_name(child.tag)
        if child.get("type") in PAGE_TYPES and (child.get("rel") == "enclosure" or name in ("enclosure", "content")):
            enclosed.append(child.get("href") or child.get("url") or child.get("src") or "")
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
    link = first_link([*_hrefs_of(links)] or [permalink], url) or first_link(enclosed, url)
    return Item(guid or about, link, hash_content(title, summary or content), date, element)


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


def cut_out(element: etree._Element) -> None:
    """Takes an item out of its tree."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def cut_all_but(root: etree._Element, kept: Sequence[Item]) -> None:
    """Takes all other items out of the tree, what the feed says of itself, and of the kept ones what nobody reads."""
    wanted = {id(item.source) for item in kept}
    for parent in [root, *(child for child in root if local_name(child.tag) == "channel")]:
        parent[:] = [child for child in parent if id(child) in wanted or local_name(child.tag) == "channel"]
    for item in kept:
        item.source[:] = [child for child in item.source if local_name(child.tag) in _READ]
