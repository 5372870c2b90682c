"""Learns from labelled pairs what the levels of a comparison weigh.

Pairs with their levels, their label and the stories of both sides go in; `Weights` come out, and the log-odds of every
pair by weights that were learnt without its stories. Grouped cross-validation makes the score a probability (Platt) and
chooses the threshold. The same pairs give the same weights, byte for byte.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifier.logistic import fit_logistic, fit_platt
from storage.register.compare.linkage import MOST, Weights

Floats = NDArray[np.float64]

FOLDS = 5
PENALTY = 3.0
"""On the square of a weight. By grouped cross-validation 3 is better than 1 and .3: at a precision of .9 it finds .76,
.74 and .71 of the articles that belong together."""
LEAST_PAIRS = 5
"""A level that fewer pairs have is not learnt."""
PRECISION = 0.9
"""Of the articles that are joined to a story's so many shall belong there. From .95 on a quarter more projects are
announced twice, to spare what are mostly a programme and its parts."""
PERHAPS_ODDS = -1.4
"""One in five: from here on a person is asked to look."""
MAY_VETO = frozenset({"phase: other", "phase: one says, one name", "start: years apart", "name and countries: other"})
"""Plain contradictions: such a level decides alone as long as it is hardly ever found in pairs of one project."""
MOST_MISREAD = 1 / 200
"""Of the labelled pairs with a contradiction so many may be of one project, and misread."""


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two articles (by any id) of labelled stories: the levels of their comparison."""

    terms: tuple[str, ...]
    article: str
    other: str
    story: str
    other_story: str

    @property
    def is_same(self) -> bool:
        return self.story == self.other_story


def fold_of(story: str) -> int:
    """The part of cross-validation that a story is in; the same for ever, whatever else there is."""
    return int(hashlib.sha256(story.encode()).hexdigest(), 16) % FOLDS


@dataclass(frozen=True, slots=True)
class _Table:
    """Pairs as rows of ones and zeros: a column a level, the last for the intercept."""

    columns: tuple[str, ...]
    rows: Floats
    labels: Floats


def learn_weights(pairs: Sequence[LabelledPair]) -> Weights:
    """Weights from all pairs, with the threshold and the scale that cross-validation gives.

    Raises:
        ValueError: there are too few pairs of one project.
    """
    table = _build_table(pairs)
    if table.labels.sum() < LEAST_PAIRS:
        raise ValueError("too few pairs of articles on one project")
    unseen = score_unseen(pairs)
    slope, shift = fit_platt(unseen, table.labels, np.ones(len(pairs)))
    fitted = _pool_violators(_fit(table.rows, table.labels), table) * slope
    has = Counter(term for pair in pairs for term in pair.terms)
    misread = Counter(term for pair in pairs if pair.is_same for term in pair.terms)
    weights = Weights(
        intercept=round(float(fitted[-1] + shift), 3),
        terms={term: round(float(w), 3) for term, w in zip(table.columns, fitted[:-1], strict=True)},
        vetoes=frozenset(term for term in MAY_VETO if misread[term] <= MOST_MISREAD * has[term]),
        same=MOST,
        perhaps=PERHAPS_ODDS,
    )
    return replace(weights, same=_find_threshold(pairs, unseen * slope + shift, weights.vetoes))


def score_unseen(pairs: Sequence[LabelledPair]) -> Floats:
    """The log-odds of each pair by weights learnt from pairs of which neither article is in its stories' folds."""
    table = _build_table(pairs)
    first = np.array([fold_of(pair.story) for pair in pairs])
    second = np.array([fold_of(pair.other_story) for pair in pairs])
    scores = np.zeros(len(pairs))
    for low in range(FOLDS):
        for high in range(low, FOLDS):
            asked = ((first == low) & (second == high)) | ((first == high) & (second == low))
            known = ~(np.isin(first, (low, high)) | np.isin(second, (low, high)))
            if asked.any():
                scores[asked] = table.rows[asked] @ _fit(table.rows[known], table.labels[known])
    return scores


def _build_table(pairs: Sequence[LabelledPair]) -> _Table:
    counted = Counter(term for pair in pairs for term in pair.terms)
    columns = tuple(sorted(term for term, count in counted.items() if count >= LEAST_PAIRS))
    at = {term: number for number, term in enumerate(columns)}
    rows = np.zeros((len(pairs), len(columns) + 1))
    rows[:, -1] = 1
    for number, pair in enumerate(pairs):
        rows[number, [at[term] for term in pair.terms if term in at]] = 1
    return _Table(columns, rows, np.array([float(pair.is_same) for pair in pairs]))


def _fit(rows: Floats, labels: Floats) -> Floats:
    """Logistic regression with a penalty on all weights but the intercept."""
    return fit_logistic(rows, labels, np.ones(len(rows)), np.append(np.full(rows.shape[1] - 1, PENALTY), 1e-6))


ORDERED = (("funder: same frequent", "funder: same"), ("implementer: same frequent", "implementer: same"))
"""Levels of which the first can say no more than the second: what hundreds of projects share distinguishes them
less."""


def _pool_violators(weights: Floats, table: _Table) -> Floats:
    """The weights with levels that came out in the wrong order at their common mean (Ayer et al., 1955)."""
    pooled = weights.copy()
    for pair in ORDERED:
        if set(pair) <= set(table.columns):
            less, more = (table.columns.index(level) for level in pair)
            if weights[less] > weights[more]:
                counts = table.rows[:, [less, more]].sum(0)
                pooled[[less, more]] = (weights[[less, more]] @ counts) / counts.sum()
    return pooled


def _find_threshold(pairs: Sequence[LabelledPair], scores: Floats, vetoes: frozenset[str]) -> float:
    """The lowest mean from which on so many of the articles that are held against a story's articles belong there."""
    found: dict[tuple[str, str], list[float]] = {}
    right: dict[tuple[str, str], bool] = {}
    for pair, score in zip(pairs, scores.tolist(), strict=True):
        bounded = -MOST if vetoes & set(pair.terms) else max(-MOST, min(MOST, score))
        for held in ((pair.article, pair.other_story), (pair.other, pair.story)):
            found.setdefault(held, []).append(bounded)
            right[held] = pair.is_same
    means = np.array([sum(held) / len(held) for held in found.values()])
    order = np.argsort(-means, kind="stable")
    precise = np.cumsum(np.array(list(right.values()), float)[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(precise >= PRECISION)
    return round(float(means[order][reached[-1]]) if len(reached) else MOST, 3)
