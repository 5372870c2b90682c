"""Candidates for a project's amount, from the sums a text states.

In: sums with a `Context`. Out: candidates by (amount, currency, whether the currency is a guess), with what they are to
one another: a part and its whole, one sum in two currencies, a rounded and an exact figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from classifier.facts.candidates import Candidate, Pool, choose
from classifier.facts.context import Context
from classifier.facts.dates import Length
from classifier.facts.linear import Linear
from classifier.facts.money import Money
from classifier.facts.sum_features import (
    PAIR_TOKENS,
    ROUND,
    SumValue,
    form_of,
    neighbours_of,
    rank_of,
    rate_of,
    relations_of,
    sum_value,
    sum_words,
)
from classifier.facts.surroundings import label_of

_ROUND_UP = 0.11  # a headline rounds up by less: £0.5 million for £449,990


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
            *form_of(money),
            *neighbours_of(sums, at),
            *rank_of(money, here),
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
        candidate.features += relations_of(candidate, candidates)
    return candidates


def _for_all_years(money: Money, lengths: Sequence[Length]) -> Money:
    """The whole of a sum given each year or month for a stated time: `$500,000 a year for two years`."""
    rate = rate_of(money)
    if rate is None:
        return money
    for length in lengths:
        if length.sentence is money.sentence and rate.last < length.first <= rate.last + 1:
            times = length.months / rate.value
            return replace(money, last=length.last, amount=round(money.amount * times, 2)) if times > 1 else money
    return money


def choose_amount(candidates: Sequence[Candidate], model: Linear) -> Candidate | None:
    """The project's amount: the likeliest sum, in its exact figure where a rounded one was likeliest."""
    possible = [one for one in candidates if "huge" not in one.features and sum_value(one).amount >= _LEAST]
    best = choose(possible, model)
    if best is None or "part" in best.features:
        best = next((one for one in possible if _is_stated_total(one)), best)
    if best is not None and "pair-left" in best.features:
        best = next((one for one in possible if _is_same_money(one, best)), best)
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
        and -_ROUND_UP * amount <= sum_value(one).amount - amount <= ROUND * amount
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
    is_by_another = bool(between) and between[-1] in sum_words("adds")
    is_added = is_by_another or (bool(between) and between[-1] in sum_words("more"))
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


_AND = frozenset(["and", "y", "et", "e", "und", "en", "si", "та", "і", "и", "ve", "dan"])
_OF_IT = frozenset(["of", "or", "to", "from", "de", "which", "including", "after"])
_NOT_ADDED = frozenset(
    ["range", "whole", "part", "converted", "convertible", "huge", "tiny", "rate", "each", "L:total:0", "s:profit"]
)


def _is_stated_total(candidate: Candidate) -> bool:
    """Whether the text says that a sum is the whole of another: `€1.2m of a total of €1.5m`."""
    return "whole" in candidate.features and not _TOTAL_BEFORE.isdisjoint(candidate.features)


def _is_same_money(candidate: Candidate, other: Candidate) -> bool:
    """Whether a sum is `other` in the currency in which it is given: `$2.5 million` beside `25 million dirhams`."""
    return "pair-kept" in candidate.features and any(
        sentence is beside and max(first - end, begin - last) in range(PAIR_TOKENS + 1)
        for sentence, first, last in candidate.places
        for beside, begin, end in other.places
    )


_TOTAL_BEFORE = frozenset(["L:total:0", "L:total:1"])
