"""What readers' labels add to the encoder's answers: a small linear correction on top of them.

In: for labelled articles the encoder's numbers of the whole text and what it answered. Out: weights, whose product with
such numbers is added to the log-odds. Where nobody labelled anything alike, the correction is next to nothing: it is a
logistic regression with the encoder's log-odds as offset, and its penalty draws it to zero. A few hundred labels take
seconds, and the encoder itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.corpus import FACTS_ONLY, RELEVANCE_ONLY, Record
from classifier.sigmoid import sigmoid

__all__ = ["Adaptation", "fit_adaptation"]

Floats = NDArray[np.float64]

_LABEL_WEIGHT = 4.0
"""How much a reader's label counts against an article of the corpus: it is about this register's own news."""

_STEPS = 30
_PRECISION = 1e-6
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Weights: numbers of a passage x (relevant, new project)."""

    weights: NDArray[np.float32]

    def shift(self, pooled: NDArray[np.float32]) -> NDArray[np.float32]:
        """What is added to both log-odds."""
        return np.asarray(pooled @ self.weights / np.sqrt(len(pooled)), np.float32)

    def save(self, path: Path) -> None:
        """Writes the weights; the same weights give the same bytes.

        Raises:
            OSError: the file cannot be written.
        """
        np.save(path, self.weights)

    @classmethod
    def load(cls, path: Path) -> Adaptation:
        """Reads the weights.

        Raises:
            OSError, ValueError: there are none, or they are damaged.
        """
        return cls(np.load(path, allow_pickle=False))


def fit_adaptation(records: Sequence[Record]) -> Adaptation | None:
    """Learns from the records that readers labelled (`is_readers`), beside those of the corpus whose numbers are known.

    None where nobody labelled any.
    """
    known = [r for r in records if r.get("encoder") is not None and r["encoder"].pooled is not None]
    if not any(r.get("is_readers") for r in known):
        return None
    rows = np.stack([r["encoder"].pooled for r in known]).astype(np.float64)
    rows /= np.sqrt(rows.shape[1])
    columns = []
    for column, field in enumerate(("relevant", "new_project")):
        labels = np.array([float(bool(r[field])) for r in known])
        offsets = np.array([r["encoder"].verdicts[column] for r in known], np.float64)
        sample_weights = np.array([_sample_weight(r, field) for r in known])
        columns.append(_fit(rows, labels, offsets, sample_weights))
    return Adaptation(np.round(np.stack(columns, 1), _DECIMALS).astype(np.float32))


def _sample_weight(record: Record, field: str) -> float:
    teaches = record.get("teaches")
    if record.get("borderline") or teaches == FACTS_ONLY or (field == "new_project" and teaches == RELEVANCE_ONLY):
        return 0.0
    return _LABEL_WEIGHT if record.get("is_readers") else 1.0


def _fit(rows: Floats, labels: Floats, offsets: Floats, sample_weights: Floats) -> Floats:
    """Newton's method in the space of rows: the weights are sums of them."""
    kernel = rows @ rows.T
    alpha = np.zeros(len(labels))
    for _ in range(_STEPS):
        p = sigmoid(kernel @ alpha + offsets)
        curvature = np.maximum(sample_weights * p * (1 - p), 1e-9)
        wanted = curvature * (kernel @ alpha) + sample_weights * (labels - p)
        step = wanted - curvature * np.linalg.solve(np.eye(len(labels)) + kernel * curvature, kernel @ wanted) - alpha
        alpha += step
        if np.abs(kernel @ step).max() < _PRECISION:
            break
    return np.asarray(rows.T @ alpha)
