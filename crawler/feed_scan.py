"""Finds the entries of a well-formed feed without reading them: a tree in, its items with identity and hash out. Pure.

Most of a changed feed is what it said before. Here lxml finds each item, gives it an identity (guid, else link, else
a hash of its content; one that several items share tells nothing, and the next is taken) and a hash of its title and
summary, and from the two a fingerprint of eight bytes. Items whose fingerprint is known are cut out of the tree, so
that feedparser, forty times as dear, reads only what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urljoin

from lxml import etree

LONGEST_IDENTITY = 200
"""As storage keeps them; a longer one is replaced by its hash."""

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

BY_CONTENT = "content:"
"""How the identity of an item begins that has neither guid nor link of its own."""


LINK_OF_MANY = 3
"""A link on so many items that differ is that of the site, or of a page of them all: none's own. Two may be a story and
its update."""


@dataclass(slots=True)
class Item:
    """One item of a feed; `date` is as written. `has_own_link` is False where its link is one that stands on many."""

    element: etree._Element
    identity: str
    content_hash: str
    date: str
    has_own_link: bool = True


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
    root = etree.fromstring(data, parser)
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
    language = language or root.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    read = [_read_item(element, url) for element in elements]
    identities = choose_identities([(guid, link, content_hash) for guid, link, content_hash, _ in read])
    sharing = _count_partners((link, content_hash) for _, link, content_hash, _ in read)
    items: list[Item] = []
    seen: set[str] = set()
    for element, (_, link, content_hash, date), identity in zip(elements, read, identities, strict=True):
        if identity not in seen:
            seen.add(identity)
            is_own = not link or sharing[link] < LINK_OF_MANY
            items.append(Item(element, identity, content_hash, date, is_own))
        else:
            cut_out(element)
    return Scan(root, title, language, items, len(elements) - len(items))


def _read_item(element: etree._Element, url: str) -> tuple[str, str, str, str]:
    guid = link = title = summary = content = date = ""
    for child in element:
        name = local_name(child.tag)
        if name in ("guid", "id"):
            guid = guid or text_of(child)
        elif name == "link":
            link = link or _link_of(child, url)
        elif name == "title":
            title = title or text_of(child)
        elif name in _SUMMARIES:
            summary = summary or text_of(child)
        elif name in _CONTENTS:
            content = content or text_of(child)
        elif name in _DATES:
            date = date or text_of(child)
    guid = guid or element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "").strip()
    return guid, link, hash_content(title, summary or content), date


def _link_of(element: etree._Element, url: str) -> str:
    if element.get("rel", "alternate") != "alternate":
        return ""
    text = text_of(element) or element.get("href", "").strip()
    if text.startswith(("https://", "http://")):
        return text
    try:
        return urljoin(url, text) if text else ""
    except ValueError:
        return ""


def text_of(element: etree._Element) -> str:
    """All text in an element, stripped."""
    return (element.text or "").strip() if not len(element) else "".join(element.itertext()).strip()


def hash_content(title: str, summary: str) -> str:
    """Changes when title or summary do."""
    return blake2b(f"{title}\0{summary}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def choose_identities(read: Sequence[tuple[str, str, str]]) -> list[str]:
    """For (guid, link, content hash) of each item, what tells it from the others: the first of the three that does.

    A guid that stands on several items which differ is the feed's mistake and identifies none of them; likewise a
    link. An item that is there twice, guid and link and all, keeps its guid both times: it is one.
    """
    rest_of_guid = _count_partners((guid, (link, content_hash)) for guid, link, content_hash in read)
    rest_of_link = _count_partners((link, content_hash) for _, link, content_hash in read)
    chosen = []
    for guid, link, content_hash in read:
        if guid and rest_of_guid[guid] == 1:
            chosen.append(shorten_identity(guid))
        elif link and rest_of_link[link] == 1:
            chosen.append(shorten_identity(link))
        else:
            chosen.append(f"{BY_CONTENT}{content_hash}")
    return chosen


def _count_partners(pairs: Iterable[tuple[str, object]]) -> Counter[str]:
    return Counter(first for first, _ in set(pairs))


def shorten_identity(text: str) -> str:
    """At most 200 characters, the same for the same text."""
    if len(text) <= LONGEST_IDENTITY:
        return text
    return f"hash:{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


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
