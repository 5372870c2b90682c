"""Makes held-out scores probabilities (Platt scaling), and what all logistic fits here have in common.

In: scores, labels, weights of rows. Out: slope and shift, by Newton's method to the last digits: the same data give the
same numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.sigmoid import sigmoid

__all__ = ["CONSTANT", "STEPS", "fit_platt"]

Floats = NDArray[np.float64]

CONSTANT = 4.0
"""Value of the column that carries the constant: large, so that the penalty hardly touches it."""

STEPS = 60
_PRECISION = 1e-6
"""Of the last step. Newton's method doubles the right digits a step: what is wrong after it is about its square."""


def fit_platt(scores: Floats, labels: Floats, weights: Floats) -> tuple[float, float]:
    """Slope and shift that turn held-out scores into probabilities: sigmoid(slope * score + shift).

    Labels are smoothed as Platt advises, so that a clean separation does not give certainty.
    Source: Platt, Probabilistic Outputs for Support Vector Machines, 1999.
    """
    positive = float((weights * labels).sum())
    negative = float((weights * (1 - labels)).sum())
    target = np.where(labels > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    columns = np.stack([scores, np.ones_like(scores)], 1)
    theta = np.array([1.0, 0.0])
    for _ in range(STEPS):
        p = sigmoid(columns @ theta)
        slope = columns.T @ (weights * (p - target))
        hessian = columns.T @ (columns * (weights * p * (1 - p))[:, None]) + 1e-6 * np.eye(2)
        change = np.linalg.solve(hessian, slope)
        theta -= np.clip(change, -2, 2)  # a step too far where the curve is flat must not run away
        if np.abs(change).max() < _PRECISION:
            break
    return float(theta[0]), float(theta[1])
