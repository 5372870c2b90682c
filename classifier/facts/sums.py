"""Candidates for a project's amount, from the sums a text states.

In: sums with a `Context`. Out: candidates by (amount, currency, whether the currency is a guess), with what they are to
one another: a part and its whole, one sum in two currencies, a rounded and an exact figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from classifier.facts.candidates import Candidate, Pool, choose
from classifier.facts.context import Context
from classifier.facts.dates import Length
from classifier.facts.linear import Linear
from classifier.facts.money import Money
from classifier.facts.surroundings import label_of
from classifier.facts.tokens import fold
from classifier.lexicon import read_yaml


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
_PAIR_TOKENS = 4  # between a sum and its equivalent in another currency: `(`, `, or`, `, equal to`
_ROUND_UP = 0.11  # a headline rounds up by less: £0.5 million for £449,990
_ROUND = 0.3  # a rounded figure lies within this share of the exact one
_YEARLY = (
    ["a", "year"],
    ["per", "year"],
    ["par", "an"],
    ["al", "ano"],
    ["por", "ano"],
    ["a", "month"],
    ["pro", "jahr"],
)


def sum_candidates(context: Context, stated: Sequence[Money], lengths: Sequence[Length] = ()) -> list[Candidate]:
    """The sums of a document, one candidate a value; a yearly sum counts for all the years it is given for."""
    pool = Pool(context)
    sums = [_for_all_years(money, lengths) for money in stated]
    largest = max((money.amount for money in sums), default=0.0)
    for at, money in enumerate(sums):
        value = SumValue(money.amount, money.currency, money.is_uncertain)
        here = [other for other in sums if other.sentence is money.sentence]
        extra = [
            f"nth:{min(here.index(money) + 1, 3)}",
            *_form(money),
            *_neighbours(sums, at),
            *_here(money, here),
            *label_of(money),
        ]
        if money.amount == largest:
            extra.append("largest")
        pool.add(value, money.sentence, money.first, money.last, extra=extra, kind="sum")
    candidates = pool.candidates()
    for candidate in candidates:
        if len(candidates) == 1:
            candidate.features.append("only")
        if candidate is candidates[0]:
            candidate.features.append("first-sum")
        candidate.features += _relations(candidate, candidates)
    return candidates


def _for_all_years(money: Money, lengths: Sequence[Length]) -> Money:
    """The whole of a sum given each year or month for a stated time: `$500,000 a year for two years`."""
    tokens = money.sentence.tokens
    rate = [token.folded for token in tokens[money.last : money.last + 2]]
    if rate not in _YEARLY:
        return money
    after = money.last + len(rate)
    for length in lengths:
        if length.sentence is money.sentence and after < length.first <= after + 1:
            times = length.months if rate[1] == "month" else length.months / 12
            return replace(money, last=length.last, amount=round(money.amount * times, 2)) if times > 1 else money
    return money


_CONVERTED = 0.6
"""Share of an equivalent's chance that the sum before it has at least where it is the one agreed on."""


def choose_amount(candidates: Sequence[Candidate], model: Linear) -> Candidate | None:
    """The project's amount: the likeliest sum, in its exact figure where a rounded one was likeliest."""
    possible = [one for one in candidates if "huge" not in one.features and sum_value(one).amount >= _LEAST]
    best = choose(possible, model)
    if best is None or "part" in best.features:
        best = next((one for one in possible if _is_stated_total(one)), best)
    if best is not None and "converted" in best.features:
        first = next((one for one in possible if _is_converted_to(one, best)), None)
        if first is not None and model.probability(first.features) >= _CONVERTED * model.probability(best.features):
            best = first
    if best is not None:
        best = _raised(best, possible) or _stated_whole(best, possible) or _added_up(best, possible) or best
    if best is None or "has-finer" not in best.features:
        return best
    amount, currency, _ = sum_value(best)
    finer = [
        one
        for one in possible
        if "is-finer" in one.features
        and sum_value(one).currency == currency
        and -_ROUND_UP * amount <= sum_value(one).amount - amount <= _ROUND * amount
        and "part" not in one.features
        and not (sum_value(one).amount < amount and "adds-to" in one.features)
        and "adds-to" not in best.features
    ]
    return (
        max(finer, key=lambda one: model.probability(one.features), default=best)
        if "p:title" in best.features
        else best
    )


_LEAST = 100
"""In any currency: less is a price or a gift asked for."""


def _raised(chosen: Candidate, sums: Sequence[Candidate]) -> Candidate | None:
    """A larger sum of the same sentence that is called the total: `adds $2 million, which brings the total to $5m`."""
    amount, currency, _ = sum_value(chosen)
    here = {sentence.index for sentence in chosen.sentences}
    return next(
        (
            one
            for one in sums
            if sum_value(one).currency == currency
            and amount < sum_value(one).amount <= _MOST_RAISED * amount
            and not _TOTAL.isdisjoint(one.features)
            and not here.isdisjoint(sentence.index for sentence in one.sentences)
        ),
        None,
    )


def _stated_whole(chosen: Candidate, sums: Sequence[Candidate]) -> Candidate | None:
    """A sum that is exactly what the chosen one and another near it make together: `so that $409,630 is available`."""
    amount, currency, _ = sum_value(chosen)
    others = {sum_value(one).amount: one for one in sums if sum_value(one).currency == currency}
    for part, one in others.items():
        whole = others.get(round(amount + part, 2))
        if one is not chosen and whole is not None and _is_near(chosen, one) and _is_near(one, whole):
            return whole
    return None


def _is_near(one: Candidate, other: Candidate) -> bool:
    """Whether two sums stand in one sentence or in neighbouring ones."""
    return any(abs(first.index - second.index) <= 1 for first in one.sentences for second in other.sentences)


_TOTAL = frozenset(["L:total:0", "together"])
_MOST_RAISED = 5  # times a part: a larger total is another thing's


def _added_up(chosen: Candidate, sums: Sequence[Candidate]) -> Candidate | None:
    """Two sums of one sentence together, where the second comes on top of the first or both are given alike.

    `$4 million, and another $600,000`; `gives A $490,000 and B $500,000`. None where the whole is stated elsewhere, or
    where more than two sums stand together.
    """
    sentence = chosen.places[0][0]
    amount, currency, is_uncertain = sum_value(chosen)
    beside = [one for one in sums if one is not chosen and one.places[0][0] is sentence]
    if len(beside) != 1 or sum_value(beside[0]).currency != currency or "adds-to" in chosen.features:
        return None
    other = beside[0]
    first, second = sorted((chosen, other), key=lambda one: one.places[0][1])
    between = [token.folded for token in sentence.tokens[first.places[0][2] : second.places[0][1]]]
    is_by_another = bool(between) and between[-1] in _words("adds")
    is_added = is_by_another or (bool(between) and between[-1] in _words("more"))
    is_alike = not _AND.isdisjoint(between) and max(amount, sum_value(other).amount) < _ALIKE * min(
        amount, sum_value(other).amount
    )
    is_other_thing = any(
        not _NOT_ADDED.isdisjoint(one.features) or len(one.places) > 1 for one in (chosen, other)
    ) or not (is_by_another or _OF_IT.isdisjoint(between))
    if is_other_thing or not (is_added or is_alike):
        return None
    total = SumValue(round(amount + sum_value(other).amount, 2), currency, is_uncertain)
    return Candidate(total, [first.places[0], second.places[0]], list(chosen.features))


_ALIKE = 1.5
"""Shares given alike differ by less than this factor; a much larger one is seldom a share of the same thing."""


@cache
def _words(section: str) -> frozenset[str]:
    """A section of `lexicon/sums.yaml`, folded."""
    return frozenset(fold(word) for word in read_yaml("sums.yaml")[section])


_AND = frozenset(["and", "y", "et", "e", "und", "en", "si", "та", "і", "и", "ve", "dan"])
_OF_IT = frozenset(["of", "or", "to", "from", "de", "which", "including", "after"])
_NOT_ADDED = frozenset(
    ["range", "whole", "part", "converted", "convertible", "huge", "tiny", "rate", "each", "L:total:0", "s:profit"]
)


def _is_stated_total(candidate: Candidate) -> bool:
    """Whether the text says that a sum is the whole of another: `€1.2m of a total of €1.5m`."""
    return "whole" in candidate.features and not _TOTAL_BEFORE.isdisjoint(candidate.features)


def _is_converted_to(candidate: Candidate, other: Candidate) -> bool:
    """Whether `other` is the same money in a second currency, right after it: `A$8 million, or P298 million`."""
    return "convertible" in candidate.features and any(
        sentence is later and last <= first
        for sentence, _, last in candidate.places
        for later, first, _ in other.places
    )


_TOTAL_BEFORE = frozenset(["L:total:0", "L:total:1"])


def _form(money: Money) -> list[str]:
    tokens = money.sentence.tokens
    features = [f"size:{len(str(int(money.amount)))}"]
    if len(tokens) - (money.last - money.first) <= _ALONE_TOKENS:
        features.append("alone")
    if money.first > 0 and tokens[money.first - 1].text == "(":
        features.append("bracketed")
    rest = [token.folded for token in tokens[money.last : money.last + 4]]
    if rest[:2] in _YEARLY:
        features.append("rate")
    before = {token.folded for token in tokens[max(0, money.first - _TOGETHER_TOKENS) : money.first]}
    if not before.isdisjoint(_words("together")):
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


def _neighbours(sums: Sequence[Money], at: int) -> list[str]:
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
        if len(between) <= _PAIR_TOKENS and money.currency != other.currency:
            features.append("converted" if side == "before" else "convertible")
        elif money.currency == other.currency and "of" in between[:2]:
            features.append("whole" if side == "before" else "part")
        elif money.currency == other.currency and between[:1] in (["to"], ["and"], ["-"]) and len(between) == 1:
            features.append("range")
    return features


def _here(money: Money, here: Sequence[Money]) -> list[str]:
    same = [other.amount for other in here if other.currency == money.currency]
    if len(same) < 2:
        return []
    return ["most-here" if money.amount == max(same) else "least-here" if money.amount == min(same) else "mid-here"]


def _relations(candidate: Candidate, candidates: Sequence[Candidate]) -> list[str]:
    """Whether a finer or a rounder figure of the same sum is stated, and whether others add up to it."""
    amount, currency, _ = sum_value(candidate)
    others = [sum_value(other) for other in candidates if other is not candidate]
    same = [other.amount for other in others if other.currency == currency]
    features = []
    digits = _digits(amount)
    close = [other for other in same if abs(other - amount) <= _ROUND * max(other, amount)]
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
