"""Logistic regression over a table of few columns, and what makes held-out scores probabilities (Platt scaling).

In: a table or scores, labels, weights of rows. Out: a weight a column, by Newton's method to the last digits: the same
data give the same numbers. Numpy only. Tables of many columns: `classifier.learning.row_fits`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = 60
_LONGEST_STEP = 2.0
"""Of a weight: a step too far where the curve is flat must not run away."""
_PRECISION = 1e-9
"""Of the last step. Newton's method doubles the right digits a step: what is wrong after it is about its square."""
_HARDLY = 1e-6
"""A penalty that only keeps a weight finite."""


def sigmoid(x: Floats) -> Floats:
    """The logistic function, 1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


def fit_logistic(
    rows: Floats, labels: Floats, sample_weights: Floats, penalty: Floats | float, offsets: Floats | float = 0.0
) -> Floats:
    """The weights for which sigmoid(rows @ weights + offsets) is likeliest, less half the penalty on their squares.

    Args:
        rows: n x columns.
        labels: 0 to 1, n.
        sample_weights: how much each row's error costs, n.
        penalty: of all columns, or of each.
        offsets: log-odds that are there already, n.
    """
    penalties = np.broadcast_to(np.asarray(penalty, np.float64), rows.shape[1])
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        p = sigmoid(rows @ weights + offsets)
        slope = rows.T @ (sample_weights * (p - labels)) + penalties * weights
        hessian = rows.T @ (rows * (sample_weights * p * (1 - p))[:, None]) + np.diag(penalties)
        step = np.clip(np.linalg.solve(hessian, slope), -_LONGEST_STEP, _LONGEST_STEP)
        weights -= step
        if np.abs(step).max(initial=0.0) < _PRECISION:
            break
    return weights


def fit_platt(scores: Floats, labels: Floats, weights: Floats) -> tuple[float, float]:
    """Slope and shift that turn held-out scores into probabilities: sigmoid(slope * score + shift).

    Labels are smoothed as Platt advises, so that a clean separation does not give certainty.
    Source: Platt, Probabilistic Outputs for Support Vector Machines, 1999.
    """
    positive = float((weights * labels).sum())
    negative = float((weights * (1 - labels)).sum())
    target = np.where(labels > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    slope, shift = fit_logistic(np.stack([scores, np.ones_like(scores)], 1), target, weights, _HARDLY)
    return float(slope), float(shift)
