"""Learns how likely a value that was taken is right, so that a reader is told which ones are doubtful.

In: labelled records. Out: for each kind of fact what makes the score of a value that was taken a probability (Platt
scaling), by cross-validation over stories. Only published articles are asked: those made up for learning state their
facts more plainly. The same records give the same numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from classifier.corpus import Record, folds_of
from classifier.document import Facts
from classifier.extraction.extractor import Extracted
from classifier.extraction.linear import Models, log_odds
from classifier.extraction.one import read_gathered
from classifier.learning.agreement import IS_SAME
from classifier.learning.fact_models import fit_models, has_project
from classifier.learning.samples import extract_record
from classifier.logistic import fit_platt
from classifier.schema import FACTS, FactName

_FOLDS = 5
"""Each model learns from four fifths: with ten the scores were no nearer to those of the whole, at twice the time."""

_FEWEST = 100
"""Values of a kind taken from published articles, below which their probability is not measured."""

_DECIMALS = 3  # of slope and shift: finer ones move no probability by a hundredth

Outcome = tuple[FactName, float, bool]
"""A value that was taken: of which fact, with which score, and whether it is right."""


def calibrate_facts(models: Models, records: Iterable[Record]) -> Models:
    """The models with their calibrations; those of kinds too seldom stated, or always right, stay without."""
    known = [record for record in records if has_project(record)]
    found = list(_cross_validate(known)) if sum(map(_is_published, known)) >= _FEWEST else []
    calibrated = dict(models)
    for spec in FACTS:
        taken = [(score, is_right) for name, score, is_right in found if name == spec.name]
        if len(taken) >= _FEWEST and len({is_right for _, is_right in taken}) == 2:
            scores, labels = (np.array(column, np.float64) for column in zip(*taken, strict=True))
            slope, shift = fit_platt(scores, labels, np.ones(len(taken)))
            calibration = (round(slope, _DECIMALS), round(shift, _DECIMALS))
            calibrated[spec.name] = replace(models[spec.name], calibration=calibration)
    return calibrated


def train_facts(records: Iterable[Record], model_folder: Path) -> Models:
    """Learns all models of facts and writes them to `facts.json` in a folder, made when missing."""
    known = list(records)
    models = calibrate_facts(fit_models(known), known)
    model_folder.mkdir(parents=True, exist_ok=True)
    data = {kind: model.as_json() for kind, model in models.items()}
    (model_folder / "facts.json").write_text(
        json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8"
    )
    return models


def _is_published(record: Record) -> bool:
    return bool(record.get("url"))


def _cross_validate(records: Sequence[Record]) -> Iterator[Outcome]:
    gathered = {id(record): extract_record(record) for record in records}  # the same in every fold

    def gather(record: Record) -> Extracted:
        return gathered[id(record)]

    fold = folds_of(records, _FOLDS).tolist()
    for part in range(_FOLDS):
        fitted = fit_models((r for r, f in zip(records, fold, strict=True) if f != part), gather)
        plain = {name: replace(model, calibration=(1.0, 0.0)) for name, model in fitted.items()}
        for record, its in zip(records, fold, strict=True):
            if its == part and _is_published(record):
                yield from _outcomes(record, read_gathered(gather(record), plain))


def _outcomes(record: Record, facts: Facts) -> Iterator[Outcome]:
    project = record["project"]
    for spec in FACTS:
        if spec.name not in project:  # the label says nothing of it
            continue
        stated, wanted = getattr(facts, spec.name), project[spec.name]
        for value in stated if spec.is_list else () if stated is None else (stated,):
            gold = (wanted or ()) if spec.is_list else () if wanted is None else (wanted,)
            is_right = any(IS_SAME[spec.kind](one, value) for one in gold)
            if spec.kind == "amount":
                is_right = is_right and project.get("currency") == facts.currency
            yield spec.name, log_odds(facts.probabilities[spec.name][str(value)]), is_right
