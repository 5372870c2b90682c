"""Candidates for a project's amount, from the sums a text states.

In: sums with a `Context`. Out: candidates by (amount, currency, whether the currency is a guess), with what they are to
one another: a part and its whole, one sum in two currencies, a rounded and an exact figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from classifier.extraction.amounts.features import (
    PAIR_TOKENS,
    ROUND,
    Ranks,
    SumValue,
    form_of,
    neighbours_of,
    rate_of,
    relations_of,
    sum_value,
    unit_of,
)
from classifier.extraction.amounts.totals import added_up, raised, stated_whole
from classifier.extraction.candidates import Candidate, Pool, choose
from classifier.extraction.context import Context
from classifier.extraction.linear import Linear
from classifier.extraction.surroundings import label_of
from classifier.quantities.dates import Length
from classifier.quantities.money import Money

_ROUND_UP = 0.11  # a headline rounds up by less: £0.5 million for £449,990


def sum_candidates(context: Context, stated: Sequence[Money], lengths: Sequence[Length] = ()) -> list[Candidate]:
    """The sums of a document, one candidate a value; a yearly sum counts for all the years it is given for."""
    pool = Pool(context)
    sums = [_for_all_years(money, lengths) for money in stated]
    ranks = Ranks(sums)
    largest = max((money.amount for money in sums), default=0.0)
    by_sentence: dict[int, list[Money]] = {}
    for at, money in enumerate(sums):
        value = SumValue(money.amount, money.currency, money.is_uncertain)
        earlier = by_sentence.setdefault(money.sentence.index, [])
        earlier.append(money)
        extra = [
            f"nth:{min(len(earlier), 3)}",
            *form_of(money),
            *neighbours_of(sums, at),
            *ranks.of(money),
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
    _mark_headline(candidates)
    return candidates


def _mark_headline(candidates: Sequence[Candidate]) -> None:
    """Notes which sum is the headline's, and that the others are not where it names one."""
    told = [one for one in candidates if any(sentence.part == "title" for sentence, _, _ in one.places)]
    if len(told) == 1:
        for candidate in candidates:
            candidate.features.append("headline" if candidate is told[0] else "beside-headline")


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
        best = raised(best, possible) or stated_whole(best, possible) or added_up(best, possible) or best
    if best is None or "has-finer" not in best.features:
        return best
    amount, currency, _ = sum_value(best)
    finer = [
        one
        for one in possible
        if "is-finer" in one.features
        and sum_value(one).currency == currency
        and -_ROUND_UP * amount <= sum_value(one).amount - amount <= ROUND * amount
        and abs(sum_value(one).amount - amount) < unit_of(amount)
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
