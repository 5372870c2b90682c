"""A language's words for numbers, and numbers in digits with what multiplies them.

In: tokens and the `Numerals` of their language. Out: the value of the number that begins at a token, and where it ends;
None where its size cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from classifier.languages import load_lexicon
from classifier.quantities.time_words import DIGITS, parted_words
from classifier.text.tokens import Token, fold, is_spaced

DASHES = frozenset(["-", "–", "—", "‐", "‑"])
ARTICLES = frozenset(["a", "an", "un", "une", "una", "um", "uma", "ein", "eine", "einer", "einem", "een", "se"])
"""Small words that count one only before a multiplier: `a million`."""

_UNIVERSAL_MULTIPLIERS = {
    "m": 1e6,
    "mm": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "mio": 1e6,
    "bn": 1e9,
    "million": 1e6,
    "billion": 1e9,
}
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_GROUPING = "'’٬ \u00a0\u202f\u2009"
_MEXICAN = re.compile(r"\d{1,3}['’]\d{3}[.,]\d{3}")
"""Millions parted by an apostrophe and thousands by a comma: `2'500,000`."""
THOUSAND, MILLION = 1e3, 1e6
AND = frozenset(["and", "e", "y", "et", "und", "si", "en", "ve", "dan", "та", "и", "і", "i", "و"])
"""The Arabic one is written with the word behind it, parted from it only where that is in digits."""
OF = frozenset(["of", "de", "di"])
_ARABIC_PREFIXES = ("و", "ب", "ل", "ف", "ك", "ال", "وال", "بال", "لل", "وب", "ول")
"""What Arabic writes in one word with a number: `by five`, `and half`, `the million`."""


@dataclass(frozen=True)
class Numerals:
    """A language's words for numbers, folded.

    `singles` are multipliers that say one of them by themselves, `pairs` those that may also say two; `joined` are
    numbers with an `and` in one word, `parted` the beginnings of numbers that an apostrophe parts; `linkers` stand
    between a number and its multiplier.
    """

    numbers: dict[str, float]
    multipliers: dict[str, float]
    singles: frozenset[str]
    pairs: frozenset[str]
    joined: frozenset[str]
    parted: frozenset[str]
    linkers: frozenset[str]
    decimal: str
    is_multiplier_first: bool

    def may_begin(self, word: str) -> bool:
        """Whether a number in words may begin with a folded word."""
        return word in self.numbers or word in self.multipliers or word in self.parted


@cache
def numerals_of(lang: str) -> Numerals:
    """The words for numbers of a language, read once."""
    lexicon = load_lexicon(lang)
    multipliers = dict(_UNIVERSAL_MULTIPLIERS)
    multipliers.update({fold(word): float(value) for word, value in lexicon.multipliers.items()})
    numbers = {fold(sign): value for sign, value in _FRACTIONS.items()}
    # one letter of a script without spaces is more often part of a word (`一円`, a district) than a number of coins
    named = {word: value for word, value in lexicon.numbers.items() if len(word) > 1 or is_spaced(word)}
    numbers |= {fold(word): float(value) for word, value in named.items()}
    singles = {fold(word) for word in lexicon.single_multipliers}
    pairs = {fold(word) for word in lexicon.dual_multipliers}
    joined: set[str] = set()
    if lang == "ar":
        joined = {"و" + word for word in numbers}
        singles = {one for word in singles for one in _prefixed(word)}
        pairs = {one for word in pairs for one in _prefixed(word)}
        multipliers = {one: value for word, value in multipliers.items() for one in _prefixed(word)}
        numbers = {one: value for word, value in numbers.items() for one in _prefixed(word)}
    return Numerals(
        numbers,
        multipliers,
        singles=frozenset(singles),
        pairs=frozenset(pairs),
        joined=frozenset(joined),
        parted=parted_words(numbers),
        linkers=OF if lang == "ro" else frozenset(),  # 20 de milioane
        decimal=lexicon.decimal,
        is_multiplier_first=lang in ("sw", "ha"),  # shilingi milioni 40
    )


def _prefixed(word: str) -> Iterable[str]:
    return (word, *(prefix + word for prefix in _ARABIC_PREFIXES))


def parse_number(written: str, *, decimal: str = ".", has_multiplier: bool = False) -> float | None:
    """The value of a written number, whose separators may be of any custom; None where it could mean two things.

    `decimal` is the language's decimal sign, used only where the writing itself does not tell. With a multiplier after
    it (`2.345 million`) a single group of three is a fraction in a language that writes fractions so.
    """
    digits = written.translate(DIGITS)
    if _MEXICAN.fullmatch(digits):
        digits = digits.replace(",", "").replace(".", "")
    for sign in _GROUPING:
        digits = digits.replace(sign, "")
    digits = digits.replace("٫", ".")
    separators = [c for c in digits if c in ".,"]
    if not separators:
        return float(digits) if digits.isdigit() else None
    kinds = set(separators)
    if len(kinds) == 2:
        last = digits[max(digits.rfind("."), digits.rfind(","))]
        if separators.count(last) > 1:
            return None
        other = "," if last == "." else "."
        return _join(digits.replace(other, ""), last) if _is_grouped(digits.split(last)[0], other) else None
    sign = separators[0]
    groups = digits.split(sign)
    if len(groups) > 2:
        return float("".join(groups)) if _is_grouped(digits, sign) else None
    whole, fraction = groups
    if len(fraction) != 3 or whole in ("0", "") or len(whole) > 3:
        return _join(digits, sign)
    if has_multiplier and sign == decimal:
        return _join(digits, sign)
    return float(whole + fraction)


def _is_grouped(digits: str, sign: str) -> bool:
    first, *rest = digits.split(sign)
    return (
        (1 <= len(first) <= 3 and all(len(group) == 3 for group in rest))
        or (
            all(
                len(group) == 2
                for group in rest[:-1]  # lakhs and crores: 1,00,00,000
            )
            and len(rest[-1:]) == 1
            and len(rest[-1]) == 3
            and 1 <= len(first) <= 2
        )
    )


def _join(digits: str, sign: str) -> float | None:
    try:
        return float(digits.replace(sign, "."))
    except ValueError:
        return None


def digits_at(tokens: Sequence[Token], at: int, words: Numerals) -> tuple[float, int] | None:
    """A number in digits with its multipliers and further parts: `5 mil 751 millones`, `1 milione e 300 mila`."""
    part = _part(tokens, at, words)
    if part is None:
        return None
    value, factor, last = part
    total = 0.0
    below = value * factor  # what the next multiplier of millions may still multiply
    while True:
        if factor >= MILLION:
            total, below = total + below, 0.0
        after = last + 1 if last < len(tokens) and tokens[last].folded in AND else last
        further = _part(tokens, after + is_bracketed(tokens, after, words), words) if factor > 1 else None
        if further is None or not _continues(further, factor, has_conjunction=after > last, before=total):
            share, last = _further_half(tokens, last, factor, words)
            return round(total + below + share, 6), last
        value, next_factor, last = further
        if next_factor > factor:  # 5 mil 751 millones
            below = (below + value) * next_factor
        else:
            below += value * next_factor
        factor = next_factor


def _further_half(tokens: Sequence[Token], at: int, factor: float, words: Numerals) -> tuple[float, int]:
    """The half of a multiplier that is said behind it, and where it ends: `2 millones y medio`."""
    if factor < THOUSAND or at >= len(tokens):
        return 0.0, at
    last = at
    if tokens[last].folded not in words.joined:
        last += 1 if tokens[last].folded in AND else len(tokens)
        last += last < len(tokens) and tokens[last].folded in ARTICLES
    share = words.numbers.get(tokens[last].folded, 0.0) if last < len(tokens) else 0.0
    if not 0 < share < 1:
        return 0.0, at
    return share * factor, last + 1 + (multiplier_at(tokens, last + 1, words) == factor)  # 3 ملايين ونصف المليون


def _part(tokens: Sequence[Token], at: int, words: Numerals) -> tuple[float, float, int] | None:
    """(value, multiplier, where it ends) of one number in digits."""
    if at >= len(tokens) or tokens[at].kind != "n":
        return None
    after = at + 1 + is_bracketed(tokens, at - 1, words)
    if words.is_multiplier_first and at > 0 and (before := multiplier_at(tokens, at - 1, words)):
        value = parse_number(tokens[at].text, decimal=words.decimal, has_multiplier=True)
        return None if value is None else (value, before, after)
    half = words.numbers.get(tokens[after].folded, 0.0) if after < len(tokens) else 0.0
    if not (0 < half < 1 and multiplier_at(tokens, after + 1, words)):  # 2 buçuk milyon
        half = 0.0
    factor, last = _multipliers(tokens, after + (half > 0), words)
    value = parse_number(tokens[at].text, decimal=words.decimal, has_multiplier=factor != 1)
    return None if value is None else (value + half, factor, last)


def is_bracketed(tokens: Sequence[Token], at: int, words: Numerals) -> bool:
    """Whether a bracket at `at` holds a number in digits that goes on behind it, as Arabic news prints them:
    `(٢٤٠) مليون`, `(٥٠٠) دينار`; in Latin letters only before a multiplier, as years stand in brackets too."""
    if not 0 <= at < len(tokens) - 3 or tokens[at].text != "(" or tokens[at + 1].kind != "n":
        return False
    behind = tokens[at + 3]
    is_going_on = behind.folded in words.multipliers or (behind.kind == "w" and not behind.text.isascii())
    return tokens[at + 2].text == ")" and is_going_on


def _continues(part: tuple[float, float, int], factor: float, *, has_conjunction: bool, before: float) -> bool:
    """Whether a number right after another with the multiplier `factor` is a smaller part of it."""
    value, smaller, _ = part
    if smaller > factor:
        return not has_conjunction and factor == THOUSAND and value < THOUSAND and before == 0
    if smaller == 1:
        return not has_conjunction and factor == THOUSAND and value < THOUSAND and value == int(value)
    return smaller < factor and value * smaller < factor


def _multipliers(tokens: Sequence[Token], at: int, words: Numerals) -> tuple[float, int]:
    """The product of the multipliers from `at` on (`mil millones`), a dash between them allowed."""
    factor, last = 1.0, at
    while last < len(tokens):
        skip = int(tokens[last].text in DASHES or tokens[last].folded in words.linkers)
        value = multiplier_at(tokens, last + skip, words)
        if value is None:
            break
        factor *= value
        last += skip + 1
        last += has_stop(tokens, last - 1)
    return factor, last


def multiplier_at(tokens: Sequence[Token], at: int, words: Numerals) -> float | None:
    """What the word at a token multiplies by; None where it is no multiplier."""
    return words.multipliers.get(tokens[at].folded) if at < len(tokens) else None


def has_stop(tokens: Sequence[Token], at: int) -> bool:
    """Whether the stop of an abbreviation follows: `mln.`, `mio.`."""
    return len(tokens[at].text) <= _LONGEST_SHORT and at + 2 < len(tokens) and tokens[at + 1].text == "."


_LONGEST_SHORT = 4  # letters of a multiplier that is written short
