"""Learns the weights by which candidates for facts are chosen.

In: labelled records. Out: `Models`, or their JSON in a folder. Promises: the same records give the same bytes. A
candidate is right where it agrees with the label; borderline records and records without a project teach nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.corpus import Record, is_page
from classifier.extraction.extractor import Extracted
from classifier.extraction.linear import Linear, Models
from classifier.learning.row_fits import fit_rows, sparse_rows
from classifier.learning.samples import Sample, extract_record, samples
from classifier.schema import KINDS, ROLES

CHOICES: dict[str, str] = {"name": "name_among", "funders": "funders_among"}
"""Kinds that a second model weighs as rivals within an article, and what it is called. For names and payers both
together are better than either; for sums and times the second adds nothing, and of runners there are too many."""

_COSTS = {
    "countries": 0.3,
    "amount": 0.3,
    "duration_months": 0.3,
    "start": 0.2,
    "end": 0.2,
    "people": 0.2,
    "name": 0.45,
    "name_among": 0.8,
    "implementers": 0.2,
    "funders": 0.15,
    "funders_among": 0.3,
    "partners": 0.1,
}
"""Cost of an error against the penalty on weights, by cross-validation grouped by story; half or twice is alike."""

THRESHOLDS = {
    "countries": 0.43,
    "amount": 0.11,
    "duration_months": 0.5,
    "start": 0.4,
    "end": 0.3,
    "people": 0.7,
    "name": 0.25,
    "implementers": 0.34,
    "funders": 0.55,
    "partners": 0.33,
}
"""Probabilities from which a candidate is stated: where F1 was best by cross-validation; of people, whom a census or a
staff counts as well, where nine of ten are right."""

_UNSOURCED_WEIGHTS = {"name": 0.35, **dict.fromkeys(ROLES, 0.25)}
_UNSOURCED_WEIGHT = 0.5
"""Of a record without an address: made up for learning, it shows a way of saying things, not how often it is said.
Names and partners are in it more often than in the news, so that for those it counts less."""

_PAGE_WEIGHT = 0.7
"""Of a record written as real pages are: by cross-validation over stories better than what others without an address
weigh, for pages (implementers .649 to .666, partners .582 to .608) as for published articles."""

_RARITY = 0.1
"""The number in a feature's column is that of its candidates to the power of -0.1, 1 on average: what is rare may weigh
more against the penalty. By cross-validation over all labelled projects a hundredth fewer facts are wrong than with
ones; with 0.2 as few, but more of the sums."""
_SAID_AGAIN = {
    "duration_months": re.compile("R:"),
    "start": re.compile("R:"),
    "end": re.compile("R:"),
    "implementers": re.compile(r"R:|\w+&NR:|wl=[^_]*$"),
}
"""Features that a kind of fact is not learnt from, since others say the same or nearly, and what is said twice is held
back half as much: cues to the right (`R:`), which near by stand with the candidate's kind as well; of who runs a
project the nearest cue with the body's kind, and single words to the left, which stand in pairs as well. By
cross-validation over all labelled projects each likelihood is better without them; of names, payers and partners none
can be spared, nor of sums, which come out worse without in articles of other writers."""
_MIN_CANDIDATES = 3  # a feature of fewer candidates says more about them than about others
_LEAST_WEIGHT = 0.04
"""Of a feature that is kept: most lie below, decide nothing (of 3,800 facts in articles they were learnt from 12 were
read otherwise) and would fill ten megabytes of every process."""
_DECIMALS = 3  # of weights: finer ones change no decision and make files differ between machines


def fit_linear(rows: Sequence[Sample], cost: float, threshold: float, weights: Sequence[float] | None = None) -> Linear:
    """A linear model of the features that at least a few candidates have.

    Raises:
        ValueError: all candidates have one label.
    """
    labels = np.array([label for _, label in rows], float)
    if len(set(labels)) < 2:
        raise ValueError("learning needs candidates that are right and candidates that are wrong")
    sample_weights = cost * (np.ones(len(rows)) if weights is None else np.array(weights, float))
    return _fit(rows, labels, sample_weights, threshold=threshold)


def fit_choice(choices: Sequence[tuple[list[Sample], float]], cost: float) -> Linear:
    """A linear model of which of an article's candidates is right, or none; its scores are for `softmax_with_null`.

    Each choice has the article's candidates and how much it counts. Several right ones share the choice alike.
    """
    sizes = np.array([len(candidates) for candidates, _ in choices], np.intp)
    right = [max(sum(label for _, label in candidates), 1) for candidates, _ in choices]
    rows = [row for candidates, _ in choices for row in candidates]
    shares = np.array([label for _, label in rows], float) / np.repeat(right, sizes)
    return _fit(rows, shares, cost * np.array([weight for _, weight in choices], float), sizes=sizes)


def _fit(
    rows: Sequence[Sample],
    shares: NDArray[np.float64],
    sample_weights: NDArray[np.float64],
    *,
    threshold: float = 0.0,
    sizes: NDArray[np.intp] | None = None,
) -> Linear:
    """`fit_rows` over the features of candidates that at least a few of them have."""
    counts = Counter(name for features, _ in rows for name in set(features))
    names = sorted(name for name, count in counts.items() if count >= _MIN_CANDIDATES)
    column = {name: at for at, name in enumerate(names)}
    often = np.array([counts[name] for name in names], np.float64)
    numbers = often**-_RARITY
    numbers /= np.sqrt(np.average(numbers**2, weights=often))
    table = sparse_rows([sorted({column[name] for name in had if name in column}) for had, _ in rows], numbers)
    fitted, bias = fit_rows(table, shares, sample_weights, sizes)
    weights = zip(names, np.round(fitted * numbers, _DECIMALS).tolist(), strict=True)
    kept = {name: weight for name, weight in weights if abs(weight) >= _LEAST_WEIGHT}
    return Linear(round(float(bias), _DECIMALS), kept, threshold)


def fit_models(records: Iterable[Record], gather: Callable[[Record], Extracted] | None = None) -> Models:
    """Models of all kinds of facts."""
    tables: dict[str, list[Sample]] = {kind: [] for kind in KINDS}
    weights: dict[str, list[float]] = {kind: [] for kind in KINDS}
    choices: dict[str, list[tuple[list[Sample], float]]] = {kind: [] for kind in CHOICES}
    for record in records:
        if has_project(record):
            for kind, found in samples(record, (gather or extract_record)(record)).items():
                weight = _weight_of(record, kind)
                rows = _without_said_again(kind, found)
                tables[kind] += rows
                weights[kind] += [weight] * len(rows)
                if kind in CHOICES and rows and (not record["project"][kind] or any(label for _, label in rows)):
                    choices[kind].append((rows, weight))
    models = {kind: fit_linear(tables[kind], _COSTS[kind], THRESHOLDS[kind], weights[kind]) for kind in KINDS}
    for kind, name in CHOICES.items():
        models[name] = fit_choice(choices[kind], _COSTS[name])
    return models


def has_project(record: Record) -> bool:
    """Whether a record's facts are learnt from: it reports a project for sure, and says which."""
    return bool(record.get("project") and record.get("new_project") and not record.get("borderline"))


def _without_said_again(kind: str, rows: list[Sample]) -> list[Sample]:
    """Candidates with the features that a kind of fact is learnt from."""
    again = _SAID_AGAIN.get(kind)
    if again is None:
        return rows
    return [([name for name in features if not again.match(name)], is_right) for features, is_right in rows]


def _weight_of(record: Record, kind: str) -> float:
    """How much a record counts for a kind of fact: what it says itself, else by whether it was published."""
    if "weight" in record:
        return float(record["weight"])
    if is_page(record):
        return _PAGE_WEIGHT
    return 1.0 if record.get("url") else _UNSOURCED_WEIGHTS.get(kind, _UNSOURCED_WEIGHT)
