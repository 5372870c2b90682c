"""Learns the weights by which candidates for facts are chosen.

In: labelled records. Out: `Models`, or their JSON in a folder. Promises: the same records give the same bytes. A
candidate is right where it agrees with the label; borderline records and records without a project teach nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from classifier.document import Document
from classifier.facts.candidates import Candidate
from classifier.facts.entities import Entity
from classifier.facts.gathering import Gathered, gather_all
from classifier.facts.linear import Linear, Models
from classifier.facts.matching import is_same_name, is_same_organisation, is_whole_name
from classifier.facts.roles import ROLES
from classifier.facts.sum_features import sum_value
from classifier.row_fits import SparseRows, Weights, fit_choice_rows, fit_logistic_rows

Record = Mapping[str, Any]

KINDS: tuple[str, ...] = ("countries", "amount", "duration_months", "start", "end", "name", *ROLES)

CHOICES: dict[str, str] = {"name": "name_among", "funders": "funders_among"}
"""Kinds that a second model weighs as rivals within an article, and what it is called. For names and payers both
together are better than either; for sums and times the second adds nothing, and of runners there are too many."""

_COSTS = {
    "countries": 0.3,
    "amount": 0.3,
    "duration_months": 0.3,
    "start": 0.2,
    "end": 0.2,
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
    "amount": 0.22,
    "duration_months": 0.5,
    "start": 0.4,
    "end": 0.4,
    "name": 0.25,
    "implementers": 0.34,
    "funders": 0.55,
    "partners": 0.33,
}
"""Probabilities from which a candidate is stated: where F1 was best by cross-validation."""

_UNSOURCED_WEIGHTS = {"name": 0.35, **dict.fromkeys(ROLES, 0.25)}
_UNSOURCED_WEIGHT = 0.5
"""Of a record without an address: made up for learning, it shows a way of saying things, not how often it is said.
Names and partners are in it more often than in the news, so that for those it counts less."""

_NEARLY_ALL = 0.7
_MIN_CANDIDATES = 3  # a feature of fewer candidates says more about them than about others
_LEAST_WEIGHT = 0.04
"""Of a feature that is kept: most lie below, decide nothing (of 3,800 facts in articles they were learnt from 12 were
read otherwise) and would fill ten megabytes of every process."""
_DECIMALS = 3  # of weights: finer ones change no decision and make files differ between machines


def samples(record: Record, gathered: Gathered) -> dict[str, list[tuple[list[str], bool]]]:
    """For each kind of fact the record's candidates: their features and whether the label agrees.

    A project without a field says nothing of that kind, unlike one whose field is null or empty.
    """
    project = record["project"]
    table: dict[str, list[tuple[list[str], bool]]] = {}
    if "countries" in project:
        wanted = set(project["countries"])
        table["countries"] = [(one.features, one.value in wanted) for one in gathered.countries]
    if "amount" in project:
        table["amount"] = [(one.features, _is_amount(project, one)) for one in gathered.sums]
    if "duration_months" in project:
        months = project["duration_months"]
        table["duration_months"] = [(one.features, one.value == months) for one in gathered.lengths]
    for kind, found in (("start", gathered.starts), ("end", gathered.ends)):
        if kind in project:
            table[kind] = [(one.features, _is_date(project[kind], str(one.value))) for one in found]
    if "name" in project:
        table["name"] = _name_rows(project["name"], gathered.names)
    for role in ROLES:
        if role in project:
            table[role] = _role_rows(project[role], gathered.entities)
    return table


def _role_rows(wanted: Sequence[str], entities: Sequence[Entity]) -> list[tuple[list[str], bool]]:
    """Organisations for a role. One that holds only a word of a wanted name, which another gives whole, is left out."""
    alike = [[is_same_organisation(one, entity.name) for one in wanted] for entity in entities]
    whole = [[is_whole_name(one, entity.name) for one in wanted] for entity in entities]
    known = [any(row[at] for row in whole) for at in range(len(wanted))]
    rows = []
    for at, entity in enumerate(entities):
        if any(whole[at]):
            rows.append((entity.features, True))
        elif not any(alike[at]):
            rows.append((entity.features, False))
        elif not all(known[step] for step, is_alike in enumerate(alike[at]) if is_alike):
            rows.append((entity.features, True))
    return rows


def _name_rows(name: str | None, candidates: Sequence[Candidate]) -> list[tuple[list[str], bool]]:
    """Candidates for the name: right are those that are the name and nearly all of it; a mere part is left out, and so
    is what holds much else besides, as a headline may."""
    rows = []
    for one in candidates:
        is_same = bool(name) and is_same_name(str(name), str(one.value))
        if is_same and len(str(one.value)) * _NEARLY_ALL > len(str(name)):
            continue
        if (
            is_same
            and len(str(one.value)) < _NEARLY_ALL * len(str(name))
            and any(
                is_same_name(str(name), str(other.value)) and len(str(other.value)) > len(str(one.value))
                for other in candidates
            )
        ):
            continue
        rows.append((one.features, is_same))
    return rows


def _is_amount(project: Mapping[str, Any], candidate: Candidate) -> bool:
    amount, currency, _ = sum_value(candidate)
    wanted = project["amount"]
    return wanted is not None and currency == project["currency"] and abs(amount - wanted) <= 0.01 * abs(wanted)


def _is_date(wanted: str | None, found: str) -> bool:
    if not wanted:
        return False
    shared = min(len(wanted), len(found))
    return shared >= 4 and wanted[:shared] == found[:shared]


def fit_linear(
    rows: Sequence[tuple[list[str], bool]], cost: float, threshold: float, weights: Sequence[float] | None = None
) -> Linear:
    """A linear model of the features that at least a few candidates have.

    Raises:
        ValueError: all candidates have one label.
    """
    labels = np.array([label for _, label in rows], float)
    if len(set(labels)) < 2:
        raise ValueError("learning needs candidates that are right and candidates that are wrong")
    sparse, names = _sparse([features for features, _ in rows])
    strength = cost * (np.ones(len(rows)) if weights is None else np.array(weights, float))
    return _linear(names, fit_logistic_rows(sparse, labels, strength), threshold)


def fit_choice(choices: Sequence[tuple[list[tuple[list[str], bool]], float]], cost: float) -> Linear:
    """A linear model of which of an article's candidates is right, or none; its scores are for `chances_among`.

    Each choice has the article's candidates and how much it counts. Several right ones share the choice alike.
    """
    rows = [row for candidates, _ in choices for row in candidates]
    sizes = np.array([len(candidates) for candidates, _ in choices], np.intp)
    labels = np.array([label for _, label in rows], float)
    right = np.array([sum(label for _, label in candidates) for candidates, _ in choices], float)
    sparse, names = _sparse([features for features, _ in rows])
    shares = labels / np.maximum(np.repeat(right, sizes), 1.0)
    strength = cost * np.array([weight for _, weight in choices], float)
    return _linear(names, fit_choice_rows(sparse, sizes, shares, strength), 0.0)


def _sparse(rows: Sequence[list[str]]) -> tuple[SparseRows, list[str]]:
    """The rows over the features that at least a few of them have, and those features in order."""
    counts = Counter(name for features in rows for name in set(features))
    names = sorted(name for name, count in counts.items() if count >= _MIN_CANDIDATES)
    column = {name: at for at, name in enumerate(names)}
    return SparseRows([sorted({column[name] for name in row if name in column}) for row in rows], len(names)), names


def _linear(names: Sequence[str], fitted: Weights, threshold: float) -> Linear:
    learnt, bias = np.round(fitted[0], _DECIMALS), fitted[1]
    return Linear(
        round(float(bias), _DECIMALS),
        {name: float(weight) for name, weight in zip(names, learnt, strict=True) if abs(weight) >= _LEAST_WEIGHT},
        threshold,
    )


def fit_models(records: Iterable[Record], gather: Callable[[Record], Gathered] | None = None) -> Models:
    """Models of all kinds of facts."""
    tables: dict[str, list[tuple[list[str], bool]]] = {kind: [] for kind in KINDS}
    weights: dict[str, list[float]] = {kind: [] for kind in KINDS}
    choices: dict[str, list[tuple[list[tuple[list[str], bool]], float]]] = {kind: [] for kind in CHOICES}
    for record in records:
        if record.get("project") and record.get("new_project") and not record.get("borderline"):
            for kind, rows in samples(record, (gather or gather_record)(record)).items():
                weight = _weight_of(record, kind)
                tables[kind] += rows
                weights[kind] += [weight] * len(rows)
                if kind in CHOICES and rows and (not record["project"][kind] or any(label for _, label in rows)):
                    choices[kind].append((rows, weight))
    models = {kind: fit_linear(tables[kind], _COSTS[kind], THRESHOLDS[kind], weights[kind]) for kind in KINDS}
    for kind, name in CHOICES.items():
        models[name] = fit_choice(choices[kind], _COSTS[name])
    return models


def _weight_of(record: Record, kind: str) -> float:
    """How much a record counts for a kind of fact: what it says itself, else by whether it was published."""
    if "weight" in record:
        return float(record["weight"])
    return 1.0 if record.get("url") else _UNSOURCED_WEIGHTS.get(kind, _UNSOURCED_WEIGHT)


def gather_record(record: Record) -> Gathered:
    """All candidates of a record's document."""
    document = Document(
        record["title"],
        record["text"],
        record.get("lang"),
        record.get("published"),
        record.get("url"),
        record.get("outlet"),
    )
    return gather_all(document, record.get("lang") or "en")


def train_roles(records: Iterable[Record], model_folder: Path) -> Models:
    """Learns all models of facts and writes them to `facts.json` in a folder, made when missing."""
    models = fit_models(records)
    model_folder.mkdir(parents=True, exist_ok=True)
    data = {kind: model.as_json() for kind, model in models.items()}
    (model_folder / "facts.json").write_text(
        json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8"
    )
    return models
