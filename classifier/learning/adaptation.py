"""What readers' labels add to the encoder's answers: a small linear correction on top of them.

In: for labelled articles the encoder's numbers of the whole text and what it answered. Out: weights, whose product with
such numbers is added to the log-odds. Where nobody labelled anything alike, the correction is next to nothing: it is a
logistic regression with the encoder's log-odds as offset, and its penalty draws it to zero. A few hundred labels take
seconds, and the encoder itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.corpus import FACTS_ONLY, RELEVANCE_ONLY, Record
from classifier.logistic import fit_logistic

_LABEL_WEIGHT = 4.0
"""How much a reader's label counts against an article of the corpus: it is about this register's own news."""

_DECIMALS = 6


def fit_adaptation(records: Sequence[Record]) -> NDArray[np.float32] | None:
    """Learns from the records that readers labelled (`is_readers`), beside those of the corpus whose numbers are known.

    Weights for `Model.adaptation`; None where nobody labelled any.
    """
    known = [r for r in records if r.get("encoder") is not None and r["encoder"].pooled is not None]
    if not any(r.get("is_readers") for r in known):
        return None
    rows = np.stack([r["encoder"].pooled for r in known]).astype(np.float64)
    rows /= np.sqrt(rows.shape[1])
    basis, coordinates = np.linalg.qr(rows.T)  # the weights are sums of rows: few rows need no more numbers than rows
    columns = []
    for column, field in enumerate(("relevant", "new_project")):
        labels = np.array([float(bool(r[field])) for r in known])
        offsets = np.array([r["encoder"].verdicts[column] for r in known], np.float64)
        sample_weights = np.array([_sample_weight(r, field) for r in known])
        columns.append(basis @ fit_logistic(coordinates.T, labels, sample_weights, 1.0, offsets))
    return np.round(np.stack(columns, 1), _DECIMALS).astype(np.float32)


def _sample_weight(record: Record, field: str) -> float:
    teaches = record.get("teaches")
    if record.get("borderline") or teaches == FACTS_ONLY or (field == "new_project" and teaches == RELEVANCE_ONLY):
        return 0.0
    return _LABEL_WEIGHT if record.get("is_readers") else 1.0
