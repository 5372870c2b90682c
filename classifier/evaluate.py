"""Scores the judgement on records it was not trained on.

In: labelled records. Out: predictions, made by models that never saw the record's story, in the form the corpus'
`tools/score.py` reads, and scores of the two yes/no questions. Facts come from the rules in `classifier/facts/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.document import Verdict
from classifier.judge import Judge
from classifier.settings import ClassifierSettings
from classifier.train import document_of, fit_model, folds_of

__all__ = ["calibration_error", "cross_validate", "prediction", "scores"]

Record = Mapping[str, Any]

_FOLDS = 10
"""Each model is trained on nine tenths: near what the shipped one learns from, at ten trainings of a few seconds."""


def prediction(record_id: str, verdict: Verdict) -> dict[str, Any]:
    """One line of predictions: what `tools/score.py` reads, and the probabilities."""
    return {
        "id": record_id,
        "lang": verdict.lang,
        "relevant": verdict.is_relevant,
        "relevance": round(verdict.relevance, 4),
        "new_project": verdict.is_new_project,
        "new_project_probability": round(verdict.new_project_probability, 4),
        "topic": verdict.topic,
        "project": verdict.facts.as_project() if verdict.is_new_project and verdict.facts else None,
    }


def cross_validate(
    records: Sequence[Record],
    *,
    always: Iterable[Record] = (),
    settings: ClassifierSettings | None = None,
    folds: int = _FOLDS,
) -> list[dict[str, Any]]:
    """A prediction for each record, in their order, by a model trained on the other folds.

    Args:
        records: labelled records; those of one story are always in one fold.
        always: further records that every model is trained on and that are not scored (none may share a story with
            the scored ones).
        settings: thresholds.
        folds: number of parts.

    Raises:
        CorpusError: too few records to train on.
    """
    extra = list(always)
    fold = folds_of(records, folds)
    found: list[dict[str, Any]] = [{}] * len(records)
    for part in range(folds):
        learnt = [r for r, f in zip(records, fold, strict=True) if f != part]
        judge = Judge(fit_model([*learnt, *extra]), settings or ClassifierSettings())
        for i in np.flatnonzero(fold == part):
            found[i] = prediction(str(records[i]["id"]), judge.judge(document_of(records[i])))
    return found


def scores(records: Sequence[Record], predictions: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and calibration error of both questions and the share of right topics; borderline left out."""
    pairs = [(r, p) for r, p in zip(records, predictions, strict=True) if not r.get("borderline")]
    report: dict[str, dict[str, float]] = {}
    for field, probability in (("relevant", "relevance"), ("new_project", "new_project_probability")):
        gold = np.array([bool(r[field]) for r, _ in pairs])
        got = np.array([bool(p[field]) for _, p in pairs])
        hits = int((gold & got).sum())
        report[field] = {
            "precision": round(hits / max(int(got.sum()), 1), 4),
            "recall": round(hits / max(int(gold.sum()), 1), 4),
            "f1": round(2 * hits / max(int(gold.sum() + got.sum()), 1), 4),
            "calibration_error": round(calibration_error(gold, np.array([p[probability] for _, p in pairs])), 4),
        }
    report["topic"] = {"right": round(float(np.mean([r.get("topic") == p["topic"] for r, p in pairs])), 4)}
    return report


def calibration_error(gold: NDArray[np.bool_], probabilities: NDArray[np.float64], bins: int = 10) -> float:
    """Expected calibration error: how far stated probabilities lie from what came true, over equal bins of 0..1."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    parts = [place == b for b in range(bins) if (place == b).any()]
    return float(sum(abs(gold[p].mean() - probabilities[p].mean()) * p.mean() for p in parts))
