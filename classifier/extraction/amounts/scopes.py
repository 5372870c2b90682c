"""Whose money a stated sum is: the project's, a share of it, the parent programme's, or somebody else's.

In: a sum that was not chosen as the project's amount, and the chosen one. Out: its scope.
"""

from __future__ import annotations

from typing import Literal

from classifier.extraction.amounts.features import sum_value
from classifier.extraction.candidates import Candidate
from classifier.extraction.linear import Linear

Scope = Literal["project", "share", "programme", "other"]

_SAME = 0.3
"""Probability from which a further sum is the project's too: the same money in another currency."""


def scope_of(candidate: Candidate, chosen: Candidate | None, model: Linear) -> Scope:
    """The scope of a sum beside the chosen one.

    A sum of another currency in brackets right after the chosen one is the same money. A smaller sum near words of
    sharing, or in the chosen one's sentence, is a share. A larger one near words for a parent is the programme's.
    """
    if chosen is None:
        return "other"
    amount, currency, _ = sum_value(candidate)
    total, total_currency, _ = sum_value(chosen)
    here = {sentence.index for sentence in candidate.sentences}
    is_beside = bool(here & {sentence.index for sentence in chosen.sentences})
    cues = {
        feature.split(":")[1] for feature in candidate.features if feature[:2] in ("L:", "R:") and feature[-1] in "01"
    }
    if currency != total_currency:
        return "project" if is_beside and "bracketed" in candidate.features else "other"
    if (
        amount < total
        and (is_beside or "share" in cues or "funds" in cues or "receives" in cues)
        and "profit" not in cues
    ):
        return "share"
    if amount > total and ("parent" in cues or "total" in cues or is_beside) and "profit" not in cues:
        return "programme"
    return (
        "project"
        if model.probability(candidate.features) >= max(_SAME, model.threshold) and amount == total
        else "other"
    )
