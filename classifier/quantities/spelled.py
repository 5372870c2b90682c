"""Numbers in words, as a text writes them.

In: tokens and the `Numerals` of their language. Out: the value of the number that begins at a token, and where it ends;
None where its size cannot be told. A word for many (`millions`) without a number is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.quantities.numerals import (
    AND,
    ARTICLES,
    DASHES,
    MILLION,
    OF,
    THOUSAND,
    Numerals,
    digits_at,
    has_stop,
    is_bracketed,
    multiplier_at,
)
from classifier.quantities.time_words import number_word_at
from classifier.text.tokens import Token
from classifier.text.word_books import sum_words

_WITH = frozenset(["с", "з", "із"])
"""Joins a half to its number in Slavic tongues: `two with a half`."""


def spelled_at(tokens: Sequence[Token], at: int, words: Numerals) -> tuple[float, int] | None:
    """A number in words that begins at a token: `two and a half million`, `two hundred and fifty thousand`."""
    if number_word_at(tokens, at, words.numbers) is None and not _is_single(tokens, at, words):
        return None
    following = words.numbers.get(tokens[at + 1].folded, 0) if at + 1 < len(tokens) else 0
    if tokens[at].folded in ARTICLES and multiplier_at(tokens, at + 1, words) is None and not 0 < following < 1:
        return None
    if at > 1 and tokens[at - 1].folded in OF and tokens[at - 2].folded in sum_words("parts"):
        return None  # three quarters of a million
    value, last = _Spelling(words).read(tokens, at)
    rest = _thousands_in_digits(tokens, last, words) if value >= MILLION and value % MILLION == 0 else None
    return (value, last) if rest is None else (value + rest[0], rest[1])


def _thousands_in_digits(tokens: Sequence[Token], at: int, words: Numerals) -> tuple[float, int] | None:
    """The thousands that go on in digits behind millions in words: `un milione e 600 mila`, `un million 600 000`."""
    has_and = at < len(tokens) and tokens[at].folded in AND
    first = at + has_and
    first += is_bracketed(tokens, first, words)
    if first >= len(tokens) or tokens[first].kind != "n":
        return None
    rest = digits_at(tokens, first, words)
    if rest is None or not THOUSAND <= rest[0] < MILLION or rest[0] != int(rest[0]):
        return None
    is_multiplied = multiplier_at(tokens, rest[1] - 1, words) is not None
    return rest if is_multiplied or not has_and else None


class _Spelling:
    """The value of a number in words, word by word: `whole` are its millions, `thousands` and `ones` what is below."""

    def __init__(self, words: Numerals) -> None:
        self._words = words
        self._whole = self._thousands = self._ones = 0.0
        self._piece = 0.0  # what the last word added
        self._factor = 1.0  # the last multiplier
        self._is_article = False

    def read(self, tokens: Sequence[Token], at: int) -> tuple[float, int]:
        """The value of the number that begins at a token, and where it ends."""
        last = at
        while last < len(tokens):
            skip = self._skip(tokens, last) if last > at else 0
            has_and = skip > 0 and tokens[last].folded in AND
            step = self._step(tokens, last + skip, has_and=has_and)
            if step is None:
                break
            last = step
        rest = self._ones * self._factor if 0 < self._ones < 1 else self._ones
        return round(self._whole + self._thousands + rest, 6), last

    def _skip(self, tokens: Sequence[Token], at: int) -> int:
        """How many tokens part the next word of the number: a dash, `and`, `and a`, the `of` of `quarter of a`."""
        word = tokens[at].folded
        following = tokens[at + 1].folded if at + 1 < len(tokens) else ""
        is_of = word in self._words.linkers or (word in OF and 0 < self._ones < 1)
        if tokens[at].text in DASHES or is_of:
            return 1
        if word in _WITH:
            return int(self._is_fraction(following))
        if word not in AND:
            return 0
        after = tokens[at + 2].folded if at + 2 < len(tokens) else ""
        return 2 if following in ARTICLES and self._is_fraction(after) else 1

    def _is_fraction(self, word: str) -> bool:
        return 0 < self._words.numbers.get(word, 0) < 1

    def _step(self, tokens: Sequence[Token], at: int, *, has_and: bool) -> int | None:
        number = number_word_at(tokens, at, self._words.numbers)
        if number is not None:
            value, last = number
            is_joined = has_and or tokens[at].folded in self._words.joined
            is_added = self._add(value, is_joined=is_joined)
            self._is_article = tokens[at].folded in ARTICLES
            return last if is_added else None
        factor = multiplier_at(tokens, at, self._words)
        if factor is None or has_and or not self._multiply(factor * self._pair(tokens, at)):
            return None
        return at + 1 + has_stop(tokens, at)

    def _pair(self, tokens: Sequence[Token], at: int) -> int:
        """Two for an Arabic form that means two only by itself, right before what it counts: `مليونا دولار`."""
        is_alone = self._whole + self._thousands + self._ones == 0 and tokens[at].folded in self._words.pairs
        if not is_alone or at + 1 >= len(tokens):
            return 1
        return 1 if tokens[at + 1].folded in self._words.joined | AND else 2

    def _add(self, value: float, *, is_joined: bool) -> bool:
        """Takes a further number as a part of this one; False where it is another one: `two or five`."""
        if 0 < self._ones < 1:  # half a million
            self._ones *= value
        elif value < 1 and self._is_article and not is_joined:
            self._ones = value  # eine halbe Million
        elif self._ones and value == 20 and self._ones == 4:
            self._ones = 80  # quatre-vingts
        elif self._ones == 0 or self._continues(value, is_joined=is_joined):
            self._ones += value
        else:
            return False
        self._piece = value if self._ones != 80 else self._ones
        return True

    def _continues(self, value: float, *, is_joined: bool) -> bool:
        """Whether a number is said right behind another of the same thousand: `hundred fifty`, `twenty five`."""
        piece = self._piece
        if value < 1 or piece >= 100:
            return value < 100
        if piece >= 20:
            return value < 10 or (piece in (60, 80) and value < 20)  # soixante-quinze
        return piece < 10 and (value == 10 or (is_joined and value in range(20, 100, 10)))  # خمسة وعشرون

    def _multiply(self, factor: float) -> bool:
        """Takes a multiplier; False where nothing is left that it could multiply."""
        below = self._thousands + self._ones
        if below == 0 and self._whole:
            return False
        if factor < THOUSAND:
            self._ones = self._ones * factor if self._ones < factor else self._ones + self._piece * (factor - 1)
            self._ones = self._piece = self._ones or factor
        elif factor < MILLION:
            self._thousands += (self._ones or 1.0) * factor
            self._ones = self._piece = 0.0
        else:
            self._whole += (below or 1.0) * factor
            self._thousands = self._ones = self._piece = 0.0
        self._factor = factor
        return True


def _is_single(tokens: Sequence[Token], at: int, words: Numerals) -> bool:
    """Whether a multiplier without a number says one: `the million-dollar gift`, but not `several million`."""
    if tokens[at].folded not in words.singles:
        return False
    before = at - 1 - (at > 1 and tokens[at - 1].text in DASHES)
    if before < 0:
        return True
    token = tokens[before]
    return not (token.kind == "n" or token.folded in sum_words("vague") or words.may_begin(token.folded))
