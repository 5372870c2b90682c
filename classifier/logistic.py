"""Logistic regression with an L2 penalty, solved to the last digits: the same data give the same weights.

In: rows, labels, weights of rows. Out: one weight a column and a constant. Newton's method in the space of rows (the
weights are sums of rows), which for a thousand rows and ten thousand columns takes a second and converges to about
1e-12, where a first-order solver stops at 1e-4 and leaves its last digits to chance.
Source: Zhu and Hastie, Kernel Logistic Regression and the Import Vector Machine, 2005.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve

from classifier.sigmoid import sigmoid

__all__ = ["CONSTANT", "STEPS", "fit_least_squares", "fit_logistic", "fit_platt"]

Floats = NDArray[np.float64]

CONSTANT = 4.0
"""Value of the column that carries the constant: large, so that the penalty hardly touches it."""

STEPS = 60
_PRECISION = 1e-6
"""Of the last step. Newton's method doubles the right digits a step: what is wrong after it is about its square."""


_TOLD_APART = 4.0
"""Score that most rows get in the end, or its contrary: from there Newton's method takes 8 steps, 9 to 11 from 0."""


def fit_logistic(
    gram: Floats,
    labels: Floats,
    strength: Floats,
    near: Floats | None = None,
    precision: float = _PRECISION,
) -> tuple[Floats, float]:
    """Fits on inner products instead of rows.

    Args:
        gram: inner products of the rows, n x n.
        labels: 0 or 1, n.
        strength: how much each row's error costs against the penalty (`C` times its weight), n.
        near: the rows' scores by a fit that is near the right one, n; if None, what they are where a fit tells all rows
            apart.
        precision: of the scores in the last step; what is wrong after it is about its square.

    Returns:
        `alpha` (n) and the constant: the score of a row x is sum(alpha * <rows, x>) + constant, the weights are
        rows.T @ alpha.
    """
    kernel = gram + CONSTANT**2
    start = _TOLD_APART * (2 * labels - 1) if near is None else near
    alpha = _reweighed(kernel, start, labels, strength)
    scores = kernel @ alpha
    loss = _loss(alpha, scores, labels, strength)
    for _ in range(STEPS):
        step = _reweighed(kernel, scores, labels, strength) - alpha
        move, size = kernel @ step, 1.0
        while True:
            new_loss = _loss(alpha + size * step, scores + size * move, labels, strength)
            if new_loss <= loss + 1e-12 * abs(loss) or size < 1e-6:
                break
            size /= 2
        alpha += size * step
        scores += size * move
        done = np.abs(size * move).max() < precision
        loss = new_loss
        if done:
            break
    return alpha, float(alpha.sum() * CONSTANT**2)


def _reweighed(kernel: Floats, scores: Floats, labels: Floats, strength: Floats) -> Floats:
    """The `alpha` that a full step of Newton's method leads to from these scores, whatever they come from."""
    p = sigmoid(scores)
    curvature = strength * p * (1 - p)
    root = np.sqrt(curvature)
    bend = root[:, None] * kernel
    bend *= root
    bend[np.diag_indices(len(labels))] += 1
    wanted = curvature * scores + strength * (labels - p)
    # of the transposed table, which is the same, since LAPACK then works in place
    factor = cho_factor(bend.T, lower=True, overwrite_a=True, check_finite=False)
    return np.asarray(wanted - root * cho_solve(factor, root * (kernel @ wanted), check_finite=False), np.float64)


def fit_least_squares(gram: Floats, wanted: Floats, penalty: float) -> tuple[Floats, Floats]:
    """Kernel ridge regression of several targets at once.

    Args:
        gram: inner products of the rows, n x n.
        wanted: the targets, n x targets.
        penalty: on the squared weights.

    Returns:
        `alpha` (n x targets) and the constants (targets), as of `fit_logistic`.
    """
    kernel = gram + CONSTANT**2
    alpha = np.asarray(solve(kernel + penalty * np.eye(len(gram)), wanted, assume_a="pos"), np.float64)
    return alpha, np.asarray(alpha.sum(0) * CONSTANT**2, np.float64)


def _loss(alpha: Floats, scores: Floats, labels: Floats, strength: Floats) -> float:
    return float((strength * (np.logaddexp(0, scores) - labels * scores)).sum() + 0.5 * alpha @ scores)


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
        bend = columns.T @ (columns * (weights * p * (1 - p))[:, None]) + 1e-6 * np.eye(2)
        change = np.linalg.solve(bend, slope)
        theta -= np.clip(change, -2, 2)  # a step too far where the curve is flat must not run away
        if np.abs(change).max() < _PRECISION:
            break
    return float(theta[0]), float(theta[1])
