"""Has feedparser read feeds, and where it stumbles as much of them as it can. Pure.

In: a document, or the tree of one with the items that are wanted. Out: feedparser's own document, or its entry for each
item. Promises: a value that it stumbles over (a position without numbers, an attribute that is none) costs that value
alone; no address or path in a body is opened; whatever it raises is a `Stumbled`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import feedparser
from lxml import etree

from crawler.feeds.items import Item
from crawler.feeds.scan import cut_all_but, cut_out

feedparser.api.PREFERRED_XML_PARSERS = []
"""It would look for a parser named drv_libxml2 with every document; the search through the path for a module that
nobody has is a twentieth of a changed feed's cost, and expat, which it then takes, is the one that its tests know."""


class Stumbled(Exception):  # noqa: N818 - it is feedparser's mishap, not an error of the caller's
    """feedparser raised something: a library that reads anything may stumble over anything."""


def run_feedparser(data: bytes, url: str = "") -> Any:
    """Its document. A body is never passed as such: it would be taken for an address or the path of a file."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    if url and b"base=" in data:
        # links are made absolute by us; only where the document names a base of its own must feedparser, which makes
        # addresses of guids too, know what that is relative to
        headers["content-location"] = url
    try:
        # markup is made plain text of by us, so its own cleaning, half of its cost, would be for nothing
        return feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        raise Stumbled(f"{type(error).__name__}: {error}") from error


def read_items(root: etree._Element, items: Sequence[Item]) -> tuple[list[Any], int]:
    """Its entries for these items of the tree, and how many values had to be left out. Changes the tree.

    Where it stumbles, each item is read by itself: there is one entry an item then, empty where nothing is left.
    """
    cut_all_but(root, items)
    try:
        return _entries(root), 0
    except Stumbled:
        pass
    parents = [item.source.getparent() for item in items]
    for item in items:
        cut_out(item.source)
    entries, left_out = [], 0
    for item, parent in zip(items, parents, strict=True):
        parent.append(item.source)
        entry, count = _read_alone(root, item.source)
        cut_out(item.source)
        entries.append(entry)
        left_out += count
    return entries, left_out


def _read_alone(root: etree._Element, element: etree._Element) -> tuple[Any, int]:
    """The entry of the only item in the tree, its values put in one by one, and how many had to be left out."""
    try:
        return _first_of(_entries(root)), 0
    except Stumbled:
        pass
    values = list(element)
    element[:] = []
    entry: Any = {}
    left_out = 0
    for value in values:
        element.append(value)
        try:
            entry = _first_of(_entries(root))
        except Stumbled:
            element.remove(value)
            left_out += 1
    return entry, left_out


def _first_of(entries: Sequence[Any]) -> Any:
    return entries[0] if entries else {}


def _entries(root: etree._Element) -> Any:
    return run_feedparser(etree.tostring(root, encoding="utf-8"))["entries"]
