"""Makes plain text of what feeds call text: markup, escaped markup, twice escaped entities in; words out. Pure.

Nothing of the markup survives: no tag, no script, no style, no address. What leaves is text, to be escaped again
wherever it is shown.
"""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml import html as lxml_html

from classifier.text.normalisation import normalise_text

LONGEST_MARKUP = 200_000
"""Of one title or summary; the rest is left out. The longest full-text entries of real feeds lie far below."""

LONGEST_TITLE = 500
LONGEST_SUMMARY = 8_000
"""Characters kept of a summary: it stands in where a page cannot be read, and news articles are rarely longer."""


def words(text: str) -> list[str]:
    """A list written as it is read."""
    return text.split()


_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TAG = re.compile(r"<[A-Za-z/!?][^<>]{0,2000}>")
_BLOCKS = frozenset(
    words(
        "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote section article header footer pre figure "
        "figcaption hr dd dt"
    )
)
_UNSEEN = frozenset(words("script style noscript template iframe object svg math form button select textarea"))

_JOINERS = frozenset("\u200c\u200d")


def read_title(text: str, limit: int = LONGEST_TITLE) -> str:
    """A title as one line, entities read even where they were escaped twice; empty where nothing is left."""
    return cut(_one_line(read_markup(text)), limit)


def read_summary(text: str, limit: int = LONGEST_SUMMARY) -> str:
    """A summary as paragraphs parted by a blank line; empty where nothing is left."""
    paragraphs = (_one_line(part) for part in read_markup(text).split("\n\n"))
    return cut("\n\n".join(part for part in paragraphs if part), limit)


def read_link(text: str) -> str:
    """A link as an address is written: line breaks, control characters and direction marks dropped, as browsers do."""
    return "".join(character for character in text.strip() if character.isprintable())


def read_markup(text: str) -> str:
    """The words of `text`: plain, HTML, or HTML escaped once too often. Blocks are parted by blank lines."""
    text = text[:LONGEST_MARKUP]
    for _ in range(2):  # markup in escaped markup is as deep as real feeds go
        if "<" in text and _TAG.search(text):
            text = _strip_tags(text)
        if "&" not in text or not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where one ends near, with an ellipsis; never within a character."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = max(head.rfind(" "), head.rfind("\n"))
    if space > limit * 0.8:  # languages without spaces are cut where the limit falls
        head = head[:space]
    while head and _joins(text[len(head)]):  # a letter is not parted from its accents
        head = head[:-1]
    return head.rstrip() + "…"


def _joins(character: str) -> bool:
    import unicodedata

    return unicodedata.combining(character) != 0 or character in "\u200c\u200d\ufe0e\ufe0f"


def _strip_tags(text: str) -> str:
    try:
        root = lxml_html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return _TAG.sub(" ", text)
    pieces: list[str] = []
    unseen = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if event == "start":
            if tag in _UNSEEN:
                unseen += 1
            if tag in _BLOCKS:
                pieces.append("\n\n")
            if not unseen and element.text:
                pieces.append(_inline(element.text))
            continue
        if event == "end":
            if tag in _UNSEEN:
                unseen -= 1
            if tag in _BLOCKS:
                pieces.append("\n\n")
        if not unseen and element.tail and element is not root:
            pieces.append(_inline(element.tail))
    return "".join(pieces)


def _inline(text: str) -> str:
    return text.replace("\n", " ") if "\n" in text else text


def _one_line(text: str) -> str:
    """Normalised, and runs of space and of what has no shape as one space."""
    text = normalise_text(text)
    if not text.isprintable():
        text = "".join(mark if mark.isprintable() or mark in _JOINERS else " " for mark in text)
    return " ".join(text.split())
