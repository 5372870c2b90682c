"""What tells of a sum whether it is a project's: its form, the sums beside it, and how they add up.

In: `Money` as stated, and the candidates made of it. Out: names of features.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from classifier.extraction.candidates import Candidate
from classifier.lexicon import read_yaml
from classifier.quantities.money import Money
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.word_books import sum_words


class SumValue(NamedTuple):
    """What a candidate for an amount stands for."""

    amount: float
    currency: str
    is_uncertain: bool


def sum_value(candidate: Candidate) -> SumValue:
    """The value of a candidate for an amount."""
    assert isinstance(candidate.value, SumValue)
    return candidate.value


_HARD = frozenset(["USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD"])
HUGE = 1.5e9
"""In a hard currency: beyond any counter-trafficking project; such sums are profits, budgets or portfolios."""
PAIR_TOKENS = 4  # between a sum and its equivalent in another currency: `(`, `, or`, `, equal to`
ROUND = 0.3  # a rounded figure lies within this share of the exact one
_GIVERS = frozenset(["USD", "EUR", "GBP"])
"""Currencies in which others give; a text of the receiving country states its own money first."""


@cache
def _rates() -> PhraseMatcher[int]:
    pairs = [(phrase, 12) for phrase in read_yaml("sums.yaml")["yearly"]]
    return PhraseMatcher([*pairs, *((phrase, 1) for phrase in read_yaml("sums.yaml")["monthly"])])


def rate_of(money: Money) -> Match[int] | None:
    """The words right behind a sum that say it is given each year or month, with how many months that is."""
    tokens = money.sentence.tokens
    return _rates().match(tokens, money.last) if money.last < len(tokens) else None


def form_of(money: Money) -> list[str]:
    """Features of a sum's size and of the words beside it."""
    tokens = money.sentence.tokens
    features = [f"size:{len(str(int(money.amount)))}"]
    if len(tokens) - (money.last - money.first) <= _ALONE_TOKENS:
        features.append("alone")
    if money.first > 0 and tokens[money.first - 1].text == "(":
        features.append("bracketed")
    rest = [token.folded for token in tokens[money.last : money.last + 4]]
    if rate_of(money) is not None:
        features.append("rate")
    before = {token.folded for token in tokens[max(0, money.first - _TOGETHER_TOKENS) : money.first]}
    if not before.isdisjoint(sum_words("together")):
        features.append("together")
    if "each" in rest[:3] or "chacun" in rest[:3]:
        features.append("each")
    if money.amount >= HUGE and money.currency in _HARD:
        features.append("huge")
    if money.amount < _SMALL and money.currency in _HARD:
        features.append("tiny")
    return features


_TOGETHER_TOKENS = 2  # before a sum: `in total`, `a total of`
_ALONE_TOKENS = 2  # beside the sum: an answer to a question (`How much does it cost? 715.000 Euros.`)
_SMALL = 5_000  # in a hard currency: a price, a debt or a wage rather than a project


def neighbours_of(sums: Sequence[Money], at: int) -> list[str]:
    """How a sum stands to the one before and after it in its sentence."""
    money = sums[at]
    features = []
    for side, other in (
        ("before", sums[at - 1] if at else None),
        ("after", sums[at + 1] if at + 1 < len(sums) else None),
    ):
        if other is None or other.sentence is not money.sentence:
            continue
        first, second = (other, money) if side == "before" else (money, other)
        between = [token.folded for token in money.sentence.tokens[first.last : second.first]]
        if len(between) <= PAIR_TOKENS and money.currency != other.currency:
            features.append("converted" if side == "before" else "convertible")
            features.append("pair-kept" if (_is_given(first, second) is (first is money)) else "pair-left")
        elif money.currency == other.currency and "of" in between[:2]:
            features.append("whole" if side == "before" else "part")
        elif money.currency == other.currency and between[:1] in (["to"], ["and"], ["-"]) and len(between) == 1:
            features.append("range")
    return features


def _is_given(first: Money, second: Money) -> bool:
    """Whether of one sum in two currencies the first is the one that is given, not what it is worth elsewhere."""
    return not (second.currency in _GIVERS and second.giver > first.giver)


class Ranks:
    """Which sum is the largest or least of its currency in its sentence."""

    def __init__(self, sums: Sequence[Money]) -> None:
        self._amounts: dict[tuple[int, str | None], list[float]] = {}
        for money in sums:
            self._amounts.setdefault((money.sentence.index, money.currency), []).append(money.amount)
        self._ends = {key: (min(amounts), max(amounts)) for key, amounts in self._amounts.items()}

    def of(self, money: Money) -> list[str]:
        """Features of one of the sums; none where it stands alone."""
        key = money.sentence.index, money.currency
        if len(self._amounts[key]) < 2:
            return []
        least, most = self._ends[key]
        return ["most-here" if money.amount == most else "least-here" if money.amount == least else "mid-here"]


def relations_of(candidate: Candidate, candidates: Sequence[Candidate]) -> list[str]:
    """Whether a finer or a rounder figure of the same sum is stated, and whether others add up to it."""
    amount, currency, _ = sum_value(candidate)
    others = [sum_value(other) for other in candidates if other is not candidate]
    same = [other.amount for other in others if other.currency == currency]
    features = []
    digits = _digits(amount)
    close = [other for other in same if abs(other - amount) <= ROUND * max(other, amount)]
    if any(_digits(other) > digits for other in close):
        features.append("has-finer")
    if any(_digits(other) < digits for other in close):
        features.append("is-finer")
    sums_up = any(abs(one + two - amount) <= 0.02 * amount for at, one in enumerate(same) for two in same[at + 1 :])
    if sums_up:
        features.append("adds-up")
    if any(abs(one + amount - two) <= 0.02 * two for one in same for two in same if two > max(one, amount)):
        features.append("adds-to")
    return features


def _digits(amount: float) -> int:
    """How many digits of a figure say something."""
    return len(str(int(amount)).rstrip("0"))


def unit_of(amount: float) -> float:
    """What a figure is rounded to: a hundred thousand for 800,000."""
    return float(10 ** (len(str(int(amount))) - _digits(amount)))
