"""Lengths of time as a text states them: `three-year`, `18 months`, `two and a half years`, `٣ سنوات`, `triennal`.

In: tokens of a sentence and a place. Out: the length that begins there in whole months, and where it ends. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.quantities.time_words import DASHES, DIGITS, TimeWords, number_word_at, time_words
from classifier.text.tokens import Token

_ARTICLES = frozenset(["a", "an", "un", "une", "una", "um", "uma", "ein", "eine", "einer", "een", "o", "un'"])
MAX_LENGTH_MONTHS = 180  # fifteen years; longer spans are histories, not projects
_MONTHS_OF = {"month": 1.0, "year": 12.0}


def length_at(tokens: Sequence[Token], at: int, words: TimeWords) -> tuple[int, int] | None:
    """A length of time in months at `at`: `three-year`, `18 months`, `٣ سنوات`, `triennal`."""
    span = words.spans.match(tokens, at)
    if span is not None:
        half = _after_half(tokens, span.last) if span.value >= _MONTHS_OF["year"] else None
        return (int(span.value), span.last) if half is None else (int(span.value) + 6, half)  # سنتين ونصف
    if words.is_unit_first:
        return _unit_first(tokens, at, words)
    token = tokens[at]
    if token.kind == "n":
        digits = token.text.translate(DIGITS).replace(",", ".")
        number = (float(digits), at + 1) if digits.replace(".", "", 1).isdigit() else None
    else:
        number = number_word_at(tokens, at, words.numbers)
    if number is None:
        return None
    if at > 1 and _is_half(tokens, at - 2):
        return None  # 1/2-year is no two years
    value, last = _whole_number(tokens, at, number, words)
    unit = words.units.get(tokens[last].folded) if last < len(tokens) else None
    if unit is None and last < len(tokens) and tokens[last].folded.startswith(("و", "ل", "ب")):
        unit = words.units.get(tokens[last].folded[1:])
    if unit not in _MONTHS_OF:
        return None
    last += 1
    half = _after_half(tokens, last)
    if half is not None:
        value, last = value + 0.5, half  # dos años y medio
    months = value * _MONTHS_OF[unit]
    if not 1 <= months <= MAX_LENGTH_MONTHS or months != int(months):
        return None
    return int(months), last


def _unit_first(tokens: Sequence[Token], at: int, words: TimeWords) -> tuple[int, int] | None:
    """A length whose unit stands before its number: `miaka mitatu`, `miezi 18`."""
    unit = words.units.get(tokens[at].folded)
    if unit not in _MONTHS_OF or at + 1 >= len(tokens):
        return None
    digits = tokens[at + 1].text.translate(DIGITS)
    value = float(digits) if digits.isdigit() else words.numbers.get(tokens[at + 1].folded, 0.0)
    months = value * _MONTHS_OF[unit]
    return (int(months), at + 2) if 1 <= months <= MAX_LENGTH_MONTHS and months == int(months) else None


def _whole_number(tokens: Sequence[Token], at: int, number: tuple[float, int], words: TimeWords) -> tuple[float, int]:
    """The number whose first word stands at `at`, and where its unit is to follow: `two and a half`, `12 (twelve)`.

    `number` is the value of that word, and where it ends.
    """
    token, (value, last) = tokens[at], number
    if token.kind == "w" and last < len(tokens) and tokens[last].folded in words.tens:
        value, last = value * 10, last + 1  # dua puluh empat
    half = last + 3 if token.kind == "n" and _is_half(tokens, last) else _after_half(tokens, last)
    if half is not None:
        value, last = value + 0.5, half  # two and a half years, 2 1/2 years
    elif (
        token.kind == "w" and value >= _TENS and last + 1 < len(tokens) and tokens[last].folded in time_words("joined")
    ):
        ones = words.numbers.get(tokens[last + 1].folded, 0)
        if 1 <= ones < _TENS / 2 and tokens[last + 1].folded not in _ARTICLES:
            value, last = value + ones, last + 2  # treinta y seis
    if last < len(tokens) and tokens[last].text == "(":
        close = next((step for step in range(last + 1, min(last + 6, len(tokens))) if tokens[step].text == ")"), None)
        last = last if close is None else close + 1  # 24 (twenty-four)
    dashed = last
    while last < len(tokens) and tokens[last].text in DASHES:
        last += 1
    if dashed < last < len(tokens) and tokens[last].folded in time_words("case_endings"):
        last += 1  # 18-ти месяцев
    if last < len(tokens) and tokens[last].folded in words.numbers and token.kind == "w":
        value = 0 if token.folded in _ARTICLES else value  # a five-year project
        value += words.numbers[tokens[last].folded]
        last += 1
        while last < len(tokens) and tokens[last].text in DASHES:
            last += 1
    if last + 1 < len(tokens) and tokens[last].folded in time_words("between"):
        last += 1  # 41 de luni, three more years
    return value, last


def _after_half(tokens: Sequence[Token], at: int) -> int | None:
    """Where `and a half` that begins at `at` ends, hyphened too; None where none does."""
    joint = _behind_hyphen(tokens, at)
    if joint < len(tokens) and tokens[joint].folded in time_words("joined"):
        at = _behind_hyphen(tokens, joint + 1)
        if at < len(tokens) and tokens[at].folded in _ARTICLES:
            at = _behind_hyphen(tokens, at + 1)
    return at + 1 if at < len(tokens) and tokens[at].folded in time_words("half") else None


def _behind_hyphen(tokens: Sequence[Token], at: int) -> int:
    """The place behind a hyphen that joins two words there (`three-and-a-half`), else the place itself."""
    is_joint = 0 < at < len(tokens) - 1 and tokens[at].text in _HYPHENS
    return at + (is_joint and tokens[at - 1].end == tokens[at].start and tokens[at].end == tokens[at + 1].start)


def _is_half(tokens: Sequence[Token], at: int) -> bool:
    """Whether a half in digits begins at `at`."""
    return [token.text for token in tokens[at : at + 3]] == ["1", "/", "2"]


_HYPHENS = frozenset("-‐‑")
_TENS = 20
"""The least number that is written with its ones behind `and`."""
