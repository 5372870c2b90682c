"""Chooses an article's headline from what a page and its source call it. Pure."""

from __future__ import annotations

import re

from crawler.pages.metadata import BodyFacts, HeadFacts, clean_line

_SEPARATORS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*\|\s*|\s+::\s+")
_WORD = re.compile(r"\w+")

LEAST_WORDS = 3
"""A title with fewer words is a section's or the outlet's name, where there is a longer one to choose."""


def choose_title(head: HeadFacts, body: BodyFacts, entry_title: str) -> str:
    """The headline: what the page declares, else its heading, else its document title without the site's name, else the
    source's. One that two of them agree on is preferred. Empty where nobody gives one.
    """
    entry = clean_line(entry_title, 1_000) or ""
    site = head.site_name or body.publisher
    candidates = [*head.titles, body.headline, head.document_title]
    stripped = [without_site(title, site, entry) for title in candidates if title]
    stripped = [title for title in stripped if _words(title)]
    for title in stripped:
        if entry and _words(title) == _words(without_site(entry, site, title)):
            return title
    for title in stripped:
        if len(_words(title)) >= LEAST_WORDS and title.casefold() != (site or "").casefold():
            return title
    return without_site(entry, site, "") or (stripped[0] if stripped else "")


def without_site(title: str, site: str | None, other: str) -> str:
    """The title without the outlet's name before or after it.

    A part is dropped where it is the site's name, or where what remains is what another source calls the article.
    """
    parts = _SEPARATORS.split(title)
    if len(parts) < 2:
        return title
    other_words = _words(other)
    for kept in (_cut(title, parts, end=1), _cut(title, parts, end=2), _cut(title, parts, start=1)):
        if kept and other_words and _words(kept) == other_words:
            return kept
    name = _words(site or "")
    if name and _words(parts[-1]) == name:
        return _cut(title, parts, end=1)
    if name and _words(parts[0]) == name:
        return _cut(title, parts, start=1)
    return title


def _cut(title: str, parts: list[str], start: int = 0, end: int = 0) -> str:
    """The title as written, without its first or last parts."""
    if start + end >= len(parts):
        return ""
    begin = title.index(parts[start]) if start else 0
    kept = parts[len(parts) - end - 1]
    return title[begin : title.rindex(kept) + len(kept) if end else len(title)].strip()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
