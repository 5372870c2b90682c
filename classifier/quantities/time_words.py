"""What a language calls times: months, numbers, units, and the words between and beside them.

In: ISO 639-1 code. Out: its `TimeWords`, read once from the lexicons. Words are folded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from classifier.languages import load_lexicon
from classifier.lexicon import read_yaml
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import Token, fold

_LAST_DIGIT = 0x1FFF  # code points of the scripts that news is written in
DIGITS = {code: str(unicodedata.digit(chr(code))) for code in range(0x80, _LAST_DIGIT) if chr(code).isdecimal()}
"""The digits of all scripts as Western ones."""
DASHES = frozenset("-–—‐‑/>→")
"""Signs between two dates, or between a number and its unit (`three-year`)."""


_APOSTROPHES = frozenset("'’")


@dataclass(frozen=True)
class TimeWords:
    """Months by their number, numbers, `month` and `year` by their words, lengths in months (`triennial`), `to`.

    `parted` are the beginnings of numbers that an apostrophe parts, `tens` words that make tens of the number before.
    """

    months: PhraseMatcher[int]
    numbers: dict[str, float]
    parted: frozenset[str]
    tens: frozenset[str]
    units: dict[str, str]
    spans: PhraseMatcher[float]
    to: frozenset[str]
    is_english: bool  # there a month in small letters may be a verb, and in digits day or month comes first
    is_year_first: bool  # `2024 Ocak`
    is_unit_first: bool  # `miaka mitatu`
    years_ahead: int  # of the calendar: `2569` in Thai is 2026

    def may_begin(self, word: str) -> bool:
        """Whether a date or a length may begin with a folded word."""
        if self.is_unit_first and word in self.units:
            return True
        return word in self.numbers or word in self.parted or self.months.may_begin(word) or self.spans.may_begin(word)


def parted_words(numbers: Iterable[str]) -> frozenset[str]:
    """The beginnings of words for numbers that an apostrophe parts, as in Ukrainian."""
    return frozenset(word.split(sign)[0] for word in numbers for sign in _APOSTROPHES if sign in word)


def number_word_at(tokens: Sequence[Token], at: int, numbers: Mapping[str, float]) -> tuple[float, int] | None:
    """The value of a word for a number, and where it ends: an apostrophe parts it in Ukrainian (`п'ять`), a dash in
    French (`dix-neuf`), a blank in Turkish (`on dokuz`)."""
    if at >= len(tokens):
        return None
    word = tokens[at].folded
    for size, signs, joint in ((3, _APOSTROPHES, "'"), (3, DASHES, "-"), (2, None, " ")):
        last = at + size
        if last <= len(tokens) and (signs is None or tokens[at + 1].text in signs):
            value = numbers.get(f"{word}{joint}{tokens[last - 1].folded}")
            if value is not None:
                return value, last
    value = numbers.get(word)
    return None if value is None else (value, at + 1)


@cache
def time_words(section: str) -> frozenset[str]:
    """A section of `lexicon/times.yaml`, folded."""
    return frozenset(fold(word) for word in read_yaml("times.yaml")[section])


@cache
def time_words_of(lang: str) -> TimeWords:
    """The words of a language."""
    lexicon = load_lexicon(lang)
    months: PhraseMatcher[int] = PhraseMatcher(
        ((name, number) for number, names in lexicon.months.items() for name in names), is_arabic=lang == "ar"
    )
    spans: PhraseMatcher[float] = PhraseMatcher(
        ((name, float(length)) for length, names in lexicon.spans.items() for name in names), is_arabic=lang == "ar"
    )
    units = {fold(word): unit for unit, words in lexicon.durations.items() for word in words}
    numbers = {fold(word): float(value) for word, value in lexicon.numbers.items() if value >= 1}
    if lang == "ar":
        numbers |= {f"{prefix}{word}": value for word, value in numbers.items() for prefix in ("ل", "ب", "و")}
    tens = frozenset(fold(word) for word, value in lexicon.multipliers.items() if value == _TEN)
    return TimeWords(
        months,
        numbers,
        parted_words(numbers),
        tens,
        units,
        spans,
        time_words("to"),
        is_english=lang == "en",
        is_year_first=lang in ("tr", "hu", "mn", "lt", "lv", "kk"),
        is_unit_first=lang in ("sw", "ha", "so"),
        years_ahead=_BUDDHIST if lang in ("th", "lo", "km") else 0,
    )


_BUDDHIST = 543
_TEN = 10
"""What a multiplier makes of the number before it in Indonesian (`dua puluh`, twenty)."""
