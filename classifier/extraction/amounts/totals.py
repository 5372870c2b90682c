"""The whole of a project's money where the text states it in parts: a total called so, or sums that add up.

In: the chosen candidate for an amount, and all of them. Out: the whole's candidate; None where the chosen one is it.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.extraction.amounts.features import SumValue, sum_value
from classifier.extraction.candidates import Candidate
from classifier.text.word_books import sum_words


def raised(chosen: Candidate, sums: Sequence[Candidate]) -> Candidate | None:
    """A larger sum of the same sentence that is called the total: `adds $2 million, which brings the total to $5m`."""
    amount, currency, _ = sum_value(chosen)
    told = [sentence.index for sentence in chosen.sentences if sentence.part == "text"]
    here = min(told, default=0)  # where it is first told: later the same figure may be another body's
    return next(
        (
            one
            for one in sums
            if sum_value(one).currency == currency
            and amount < sum_value(one).amount <= _MOST_RAISED * amount
            and not _TOTAL.isdisjoint(one.features)
            and any(sentence.index == here for sentence in one.sentences)
        ),
        None,
    )


def stated_whole(chosen: Candidate, sums: Sequence[Candidate]) -> Candidate | None:
    """A sum that is exactly what the chosen one and another near it make together: `so that $409,630 is available`."""
    amount, currency, _ = sum_value(chosen)
    others = {sum_value(one).amount: one for one in sums if sum_value(one).currency == currency}
    for part, one in others.items():
        whole = others.get(round(amount + part, 2))
        is_twice = one is chosen and _is_given_twice(chosen)
        if (one is not chosen or is_twice) and whole is not None and _is_near(chosen, one) and _is_near(one, whole):
            return whole
    return None


def _is_given_twice(chosen: Candidate) -> bool:
    """Whether a second giver adds as much: `gives $500,000 … another $500,000`."""
    return any(
        first > 0 and sentence.tokens[first - 1].folded in sum_words("more") for sentence, first, _ in chosen.places[1:]
    )


def _is_near(one: Candidate, other: Candidate) -> bool:
    """Whether two sums stand in one sentence or in neighbouring ones."""
    return any(abs(first.index - second.index) <= 1 for first in one.sentences for second in other.sentences)


_TOTAL = frozenset(["L:total:0", "together"])
_MOST_RAISED = 5  # times a part: a larger total is another thing's


def added_up(chosen: Candidate, sums: Sequence[Candidate]) -> Candidate | None:
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
