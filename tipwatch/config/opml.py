"""Lists of feeds as other readers write and read them: OPML 2.0 in, sources of the configuration out, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from pydantic import ValidationError

from crawler.sources.registry import parse_source
from crawler.sources.settings import SourceSettings
from tipwatch.config.problems import first_message
from tipwatch.errors import BadInput
from tipwatch.text import one_line

MAX_BYTES = 5_000_000  # 20,000 feeds; no entity is expanded, so the size bounds the work
DEEPEST = 50  # folders in folders; a file beyond that is made to hurt


@dataclass(frozen=True, slots=True)
class OutlineFeed:
    """A feed of an OPML file. `tags` are its categories and the folders it lies in."""

    url: str
    name: str
    tags: tuple[str, ...] = ()
    page: str = ""
    language: str = ""


def read_opml(content: bytes, name: str) -> list[OutlineFeed]:
    """The feeds of an OPML file, in order, each address once; empty for a file without any.

    Raises:
        BadInput: the content is too large, declares entities, or is no OPML.
    """
    if len(content) > MAX_BYTES:
        raise BadInput(f"{name} is larger than {MAX_BYTES // 1_000_000} MB", "is it an OPML file?")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise BadInput(
            f"{name}:{line or 1}:{column or 1}: not XML", "export the list as OPML from your feed reader"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadInput(f"{name} declares XML entities, which a list of feeds has no use for", "export it again")
    if root.tag.lower() != "opml":
        raise BadInput(f"{name} is XML but not OPML", "export the list as OPML from your feed reader")
    found: dict[str, OutlineFeed] = {}
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, folders = waiting.pop()
        if len(folders) > DEEPEST:
            raise BadInput(f"{name} nests folders more than {DEEPEST} deep", "export it again")
        url = _attribute(element, "xmlUrl")
        if url:
            feed = _feed(element, url, folders)
            found.setdefault(feed.url, feed)
        title = _attribute(element, "text") or _attribute(element, "title")
        inside = folders if url or element.tag.lower() != "outline" or not title else (*folders, title)
        waiting.extend((child, inside) for child in reversed(element))
    return list(found.values())


def write_opml(feeds: Iterable[OutlineFeed], title: str) -> str:
    """The feeds as OPML 2.0, one outline each."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{escape(one_line(title))}</title></head>",
        "  <body>",
    ]
    for feed in feeds:
        attributes = {"type": "rss", "text": feed.name, "xmlUrl": feed.url}
        attributes |= {"htmlUrl": feed.page} if feed.page else {}
        attributes |= {"language": feed.language} if feed.language else {}
        attributes |= {"category": ",".join(feed.tags)} if feed.tags else {}
        pairs = " ".join(f"{key}={quoteattr(one_line(value))}" for key, value in attributes.items())
        lines.append(f"    <outline {pairs}/>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def new_sources(
    feeds: Iterable[OutlineFeed], watched: Sequence[SourceSettings], *, extra_tags: Sequence[str] = ()
) -> tuple[list[str | dict[str, Any]], list[tuple[str, str]]]:
    """The feeds that are not watched yet, ready for `sources:`, and those that cannot be, each with the reason.

    A name that is taken already gets a number behind it.
    """
    keys = {source.key for source in watched}
    labels = {source.label.casefold() for source in watched}
    fresh: list[str | dict[str, Any]] = []
    refused: list[tuple[str, str]] = []
    for feed in feeds:
        raw: dict[str, Any] = {"url": feed.url}
        if feed.name:
            raw["name"] = _free_name(feed.name[:190], labels)
        if tags := list(dict.fromkeys((*feed.tags, *extra_tags))):
            raw["tags"] = tags
        if re.match(r"[A-Za-z]{2}(?![A-Za-z])", feed.language or ""):  # as in de-AT
            raw["languages"] = [feed.language[:2].lower()]
        try:
            source = parse_source(raw)
        except ValidationError as error:
            refused.append((feed.url, first_message(error)))
            continue
        if source.key in keys:
            continue
        if source.label.casefold() in labels:  # without a name of its own, two addresses of one path
            raw["name"] = _free_name(source.label[:190], labels)
        keys.add(source.key)
        labels.add(str(raw.get("name", source.label)).casefold())
        fresh.append(feed.url if len(raw) == 1 else raw)
    return fresh, refused


def _feed(element: etree._Element, url: str, folders: tuple[str, ...]) -> OutlineFeed:
    name = _attribute(element, "title") or _attribute(element, "text")
    categories = [part.strip(" /") for part in _attribute(element, "category").split(",")]
    tags = tuple(
        dict.fromkeys(tag[:60] for tag in (*folders, *categories) if tag)
    )  # 60: the longest tag a source may have
    return OutlineFeed(url, name, tags, _attribute(element, "htmlUrl"), _attribute(element, "language"))


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute whatever the case of its name (`xmlurl` is common), on one line."""
    for key, value in element.attrib.items():
        if key.lower() == name.lower():
            return " ".join(value.split())
    return ""


def _free_name(name: str, taken: set[str]) -> str:
    wanted, number = name, 1
    while wanted.casefold() in taken:
        number += 1
        wanted = f"{name} {number}"
    return wanted
