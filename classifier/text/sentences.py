"""Where the sentences of a text lie.

In: plain text, paragraphs parted by line breaks, and an ISO 639-1 code. Out: offsets, so that `text[start:end]` is the
sentence verbatim, without white space around it. Every character that is not white space lies in exactly one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from classifier.languages import load_lexicon

MAX_SENTENCE_CHARACTERS = 2_000
"""A longer run without an end (a table, a list torn from its lines) is cut at white space, so that no reader downstream
meets a sentence of a whole book."""

# A run of stops is tried from its first only and never given back in part, or a long one would take quadratic time.
_END = re.compile(r"(?:(?<![.!?؟۔…])[.!?؟۔…]++[\"'”’»)\]]*+|[\"”»]\.)(?=\s++\S)|[。！？।॥።။៕។]++[\"'”’」』》）)]*+|\n+")

# What a full stop after these words does not end, in any language; folded to lower case, without their last stop. Those
# of one language are in its lexicon.
_ABBREVIATIONS = (
    "mr mrs ms dr prof st no nr vs etc gen col sgt rev hon inc ltd co corp jr sr dept fig approx e.g i.e rs afl"
)
_LAST_WORD = re.compile(r"[^\s(«“\"'’]+$")
_LOOK_BACK_CHARACTERS = 24  # longer than any abbreviation


def split_sentences(text: str, lang: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end) offsets, in order; empty for a text without words.

    A full stop ends a sentence only before white space, and not after a known abbreviation, a single capital letter
    (initials, `U.S.`) or before a lower-case word.
    """
    return list(each_sentence(text, lang))


def each_sentence(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """The sentences of `split_sentences` one by one, for those who need only the first."""
    short = _known_abbreviations(lang)
    start = 0
    for end in _END.finditer(text):
        if end.group()[0] != "\n" and not _is_end(text, end, short):
            continue
        yield from _trim(text, start, end.end())
        start = end.end()
    yield from _trim(text, start, len(text))


@cache
def _known_abbreviations(lang: str) -> frozenset[str]:
    return frozenset([*_ABBREVIATIONS.split(), *load_lexicon(lang).abbreviations])


def _is_end(text: str, end: re.Match[str], short: frozenset[str]) -> bool:
    if end.group()[0] not in '.…"”»':
        return True
    after = end.end()
    while after < len(text) and (text[after].isspace() or text[after] in "\"'“‘«„([–—-"):
        after += 1
    if after < len(text) and text[after].islower() and text[after].upper() != text[after]:
        return False
    if end.group() != ".":
        return True
    word = _LAST_WORD.search(text[max(0, end.start() - _LOOK_BACK_CHARACTERS) : end.start()])
    if word is None:
        return True
    last = word.group().lower()
    if last in short:
        return False
    return not (
        last[-1:].isalpha() and (len(last) == 1 or (len(last) > 2 and last[-2] == "." and last.count(".") == 1))
    )


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence without white space around it, in pieces where it is too long; nothing where it is empty."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_SENTENCE_CHARACTERS:
        cut = text.rfind(" ", start + 1, start + MAX_SENTENCE_CHARACTERS)
        cut = cut if cut > start else start + MAX_SENTENCE_CHARACTERS
        yield start, cut
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end
