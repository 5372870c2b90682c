"""Tells prose from what is none, and whether a page speaks of what its entry says: texts in, yes or no out. Pure.

A page may be anything: a wall, a menu, another site's front page, bytes that are called HTML. What its entry says in
whole sentences is the measure: a page that takes their place has sentences too, and uses some of their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LEAST_SHARE = 0.15
"""Share of an entry's telling words that its page has at least. Of two unrelated articles of one language the median
pair shares 6 %, one pair in ten more than 16 % (1,900 pages of 14 languages); an excerpt shares nearly all."""

_SHORTEST_PARAGRAPH = 60
"""Characters: shorter lines are headings, menus and labels."""

_LONGEST_WORD = 40
"""Signs without a space between: what is longer is an address or encoded data, in scripts that part their words."""

_SENTENCE_END = re.compile(r"\w[\"'’”»)\]]*[.!?…。！？؟۔।։።။។]")
_TELLING = re.compile(r"[^\W\d_]{5,}")
_CHUNK = re.compile(rf"[!-~]{{{_LONGEST_WORD},}}")
_UNPARTED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts without spaces between words, some without full stops: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

_UNPARTED_LETTERS = 3
"""Such text is compared by so many letters at a time."""


def prose_of(text: str) -> str:
    """The paragraphs of `text` that hold sentences."""
    return "\n".join(line for line in text.splitlines() if len(line) >= _SHORTEST_PARAGRAPH and _is_prose(line))


def _is_prose(line: str) -> bool:
    if _UNPARTED.search(line):
        return True
    is_data = 2 * sum(len(chunk) for chunk in _CHUNK.findall(line)) > len(line)
    return not is_data and _SENTENCE_END.search(line) is not None


def speaks_of(texts: Iterable[str], words: str) -> bool:
    """Whether any of `texts` uses enough of the telling words of `words`; also where these have none."""
    telling = _telling_words(words)
    told = "\n".join(texts).casefold()
    return sum(word in told for word in telling) >= LEAST_SHARE * len(telling)


def _telling_words(text: str) -> set[str]:
    """Words long enough to say what a text is about."""
    found = set()
    for word in _TELLING.findall(text.casefold()):
        if _UNPARTED.search(word):
            found |= {word[at : at + _UNPARTED_LETTERS] for at in range(len(word) - _UNPARTED_LETTERS + 1)}
        else:
            found.add(word)
    return found
