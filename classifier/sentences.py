"""Where the sentences of a text lie.

In: plain text, paragraphs parted by line breaks, and an ISO 639-1 code. Out: offsets, so that `text[start:end]` is the
sentence verbatim, without white space around it. Every character that is not white space lies in exactly one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_SENTENCE_CHARACTERS = 2_000
"""A longer run without an end (a table, a list torn from its lines) is cut at white space, so that no reader downstream
meets a sentence of a whole book."""

# A run of stops is tried from its first only and never given back in part, or a long one would take quadratic time.
_END = re.compile(r"(?:(?<![.!?؟۔…])[.!?؟۔…]++[\"'”’»)\]]*+|[\"”»]\.)(?=\s++\S)|[。！？।॥።။៕។]++[\"'”’」』》）)]*+|\n+")

# What a full stop after these words does not end, folded to lower case, without their last stop.
_ABBREVIATIONS = {
    "*": "mr mrs ms dr prof st no nr vs etc gen col sgt rev hon inc ltd co corp jr sr dept fig approx e.g i.e rs afl",
    "en": "jan feb mar apr jun jul aug sept sep oct nov dec sen rep gov amb nrs pkrs ksh kshs",
    "fr": "m mme mlle mm art janv févr avr juil sept oct nov déc env",
    "es": "sr sra srta dra lic ing art núm ee.uu uu av s/ b/ gs",
    "pt": "sr sra dra eng art av exmo",
    "it": "sig sig.ra dott avv on art ing",
    "de": "bzw ca d.h z.b u.a tsd mio mrd str hr fr art abs bspw jh evtl",
    "ro": "dl dna art nr lt mii mil",
    "nl": "dhr mevr mr drs ca bijv nl mln mld",
    "ru": "г гг руб млн млрд тыс ул им т.е т.д т.п стр долл",
    "uk": "р рр грн млн млрд тис вул ім т.д т.п дол",
    "pl": "r w ub br tys mln mld zł gr im ul al godz tel m.in np tzw ds pn pt św ks woj mies wg tj itp itd nt",
    "tr": "doç av vb vs yrd bkz",
    "id": "tn ny drs ir hj h prof rp yg",
    "ar": "",
}
_ABBREVIATIONS["de"] += " " + " ".join(str(day) for day in range(1, 32))  # am 1. Oktober
_LAST_WORD = re.compile(r"[^\s(«“\"'’]+$")
_LOOK_BACK_CHARACTERS = 24  # longer than any abbreviation above


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


def _known_abbreviations(lang: str) -> frozenset[str]:
    known = _CACHE.get(lang)
    if known is None:
        known = frozenset(f"{_ABBREVIATIONS['*']} {_ABBREVIATIONS.get(lang, '')}".split())
        if lang in _ABBREVIATIONS:  # an open set of codes must not grow the cache
            _CACHE[lang] = known
    return known


_CACHE: dict[str, frozenset[str]] = {}


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
