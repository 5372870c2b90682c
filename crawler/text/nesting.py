"""Flattens pages that are nested too deeply for a parser: markup in, markup of bounded depth out. Pure.

A level is an element that contains elements: void elements, those whose end is implied by the next of their kind,
self-closing SVG and MathML, and whatever stands in comments, scripts and styles are none. Beyond the limit tags are
left out and their text stays, but for what stands around articles (menus, asides, footers), which goes with its text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from crawler.text.plain_text import words

DEEPEST = 400
"""Levels that are kept. Real pages stay under 60; resiliparse takes quadratic time, and lxml ends a page at 2,048."""

FEW_TAGS = 4_000
"""A page with fewer is read fast however deep it is: half a second at most. In one with more, closing tags without
opening ones may hide its depth from a coarse count."""

# A comment's start, or a tag up to the next bracket: each character is looked at once, whatever the markup.
_TAG = re.compile(r"<(?:(!--)|(/?)([a-z][^\s/<>]*)[^<>]*>?)", re.IGNORECASE)
_UNCOUNTED = frozenset(
    words(
        "area base br col embed hr img input link meta param source track wbr "
        "p li td tr th dt dd option a h1 h2 h3 h4 h5 h6"
    )
)
"""Elements without content, and those whose end is implied by the next of their kind."""

_RAW = frozenset(words("script style textarea title xmp iframe noembed noframes"))
"""Elements in which a tag is text."""

_FOREIGN = frozenset({"svg", "math"})
"""In these, and nowhere else, a tag ending in a slash opens nothing."""

_SURROUNDINGS = frozenset({"nav", "aside", "footer"})


def flatten(html: str) -> tuple[str, bool]:
    """The page with no element deeper than `DEEPEST`, and whether anything had to be left out for that."""
    if html.count("<") <= FEW_TAGS and not _may_be_deep(html):
        return html, False
    kept: list[str] = []
    at = depth = 0
    # By name; what closes nothing that is open counts for nothing, as parsers see it.
    still_open: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    surroundings = ""
    for start, end, name, is_end in _levels(html):
        if surroundings:
            left_out[name] += (name == surroundings) * (-1 if is_end else 1)
            if not left_out[surroundings]:
                surroundings, at = "", end
        elif is_end and not left_out[name]:
            depth -= still_open[name] > 0
            still_open[name] -= still_open[name] > 0
        elif not is_end and depth < DEEPEST:
            depth += 1
            still_open[name] += 1
        else:
            left_out[name] += -1 if is_end else 1
            kept.append(html[at:start])
            at = end
            if name in _SURROUNDINGS and left_out[name] == 1 and not is_end:
                surroundings = name
    if not kept:
        return html, False
    return " ".join([*kept, "" if surroundings else html[at:]]), True


def _levels(html: str) -> Iterator[tuple[int, int, str, bool]]:
    """The tags that open or close a level: where each begins and ends, its name, whether it closes."""
    at = foreign = 0
    while (tag := _TAG.search(html, at)) is not None:
        at = tag.end()
        if tag[1]:
            at = _end_of(html, "-->", at)
            continue
        name, is_end = tag[3].lower(), bool(tag[2])
        if name in _RAW:
            at = at if is_end else _end_of(html, f"</{name}", at)
        elif not (name in _UNCOUNTED or (foreign and not is_end and tag[0].endswith("/>"))):
            if name in _FOREIGN:
                foreign = max(0, foreign + (-1 if is_end else 1))
            yield tag.start(), at, name, is_end


def _end_of(html: str, mark: str, at: int) -> int:
    """Where `mark` ends behind `at`; the end of the page where it does not come, as parsers have it."""
    found = _mark(mark).search(html, at)
    return found.end() if found else len(html)


@cache
def _mark(mark: str) -> re.Pattern[str]:
    return re.compile(re.escape(mark), re.IGNORECASE)


def _may_be_deep(html: str, pieces: int = 32) -> bool:
    """Whether more elements are open somewhere than `DEEPEST`, counted so coarsely that it costs nothing."""
    step = max(4_000, len(html) // pieces)
    still_open = 0
    for start in range(0, len(html), step):
        opened = html.count("<", start, start + step) - 2 * html.count("</", start, start + step)
        if still_open + opened > DEEPEST:
            return True
        still_open = max(0, still_open + opened)
    return False
