"""Logistic regression with an L2 penalty, solved to the last digits: the same data give the same weights.

In: rows, labels, weights of rows. Out: one weight a column and a constant. Newton's method in the space of rows (the
weights are sums of rows), which for a thousand rows and ten thousand columns takes a second and converges to about
1e-12, where a first-order solver stops at 1e-4 and leaves its last digits to chance. Numpy only.
Source: Zhu and Hastie, Kernel Logistic Regression and the Import Vector Machine, 2005.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "SparseRows",
    "Weights",
    "fit_choice_sparse",
    "fit_least_squares",
    "fit_logistic",
    "fit_logistic_sparse",
    "fit_platt",
    "sigmoid",
]

Floats = NDArray[np.float64]

_CONSTANT = 4.0
"""Value of the column that carries the constant: large, so that the penalty hardly touches it."""

_STEPS = 60
_PRECISION = 1e-6
"""Of the last step. Newton's method doubles the right digits a step: what is wrong after it is about its square."""


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


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
        near: the rows' scores by a fit that is near the right one, n; all 0 if None.
        precision: of the scores in the last step; what is wrong after it is about its square.

    Returns:
        `alpha` (n) and the constant: the score of a row x is sum(alpha * <rows, x>) + constant, the weights are
        rows.T @ alpha.
    """
    kernel = gram + _CONSTANT**2
    alpha = np.zeros(len(labels)) if near is None else _reweighed(kernel, near, labels, strength)
    scores = kernel @ alpha
    loss = _loss(alpha, scores, labels, strength)
    for _ in range(_STEPS):
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
    return alpha, float(alpha.sum() * _CONSTANT**2)


def _reweighed(kernel: Floats, scores: Floats, labels: Floats, strength: Floats) -> Floats:
    """The `alpha` that a full step of Newton's method leads to from these scores, whatever they come from."""
    p = sigmoid(scores)
    curvature = strength * p * (1 - p)
    bend = curvature[:, None] * kernel
    bend[np.diag_indices(len(labels))] += 1
    return np.asarray(np.linalg.solve(bend, curvature * scores + strength * (labels - p)), np.float64)


def fit_least_squares(gram: Floats, wanted: Floats, penalty: float) -> tuple[Floats, Floats]:
    """Kernel ridge regression of several targets at once.

    Args:
        gram: inner products of the rows, n x n.
        wanted: the targets, n x targets.
        penalty: on the squared weights.

    Returns:
        `alpha` (n x targets) and the constants (targets), as of `fit_logistic`.
    """
    kernel = gram + _CONSTANT**2
    alpha = np.asarray(np.linalg.solve(kernel + penalty * np.eye(len(gram)), wanted), np.float64)
    return alpha, np.asarray(alpha.sum(0) * _CONSTANT**2, np.float64)


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
    for _ in range(_STEPS):
        p = sigmoid(columns @ theta)
        slope = columns.T @ (weights * (p - target))
        bend = columns.T @ (columns * (weights * p * (1 - p))[:, None]) + 1e-6 * np.eye(2)
        change = np.linalg.solve(bend, slope)
        theta -= np.clip(change, -2, 2)  # a step too far where the curve is flat must not run away
        if np.abs(change).max() < _PRECISION:
            break
    return float(theta[0]), float(theta[1])


class SparseRows:
    """Rows of ones: for each row the columns that are 1, as compressed sparse rows.

    In: the columns of each row, each row's without repeats, and how many columns there are.
    """

    def __init__(self, rows: Sequence[Sequence[int]], columns: int) -> None:
        self._columns = np.concatenate([np.asarray(row, np.intp) for row in rows]) if rows else np.zeros(0, np.intp)
        self._row = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        self.shape = len(rows), columns

    def times(self, weights: Floats) -> Floats:
        """One sum a row: of the weights of its columns."""
        return np.asarray(np.bincount(self._row, weights[self._columns], self.shape[0]), np.float64)

    def transposed_times(self, values: Floats) -> Floats:
        """One sum a column: of the values of its rows."""
        return np.asarray(np.bincount(self._columns, values[self._row], self.shape[1]), np.float64)


def fit_logistic_sparse(rows: SparseRows, labels: Floats, strength: Floats) -> Weights:
    """The same fit for many rows of few ones, where inner products of all rows would not fit in memory.

    Newton's method again, each step solved by conjugate gradients, which only multiply by the rows.
    Source: Lin, Weng and Keerthi, Trust Region Newton Method for Large-Scale Logistic Regression, 2008.

    Args:
        rows: n rows.
        labels: 0 or 1, n.
        strength: how much each row's error costs against the penalty, n.

    Returns:
        One weight a column, and the constant.
    """

    def pull(scores: Floats) -> Floats:
        return np.asarray(strength * (sigmoid(scores) - labels), np.float64)

    def bend(scores: Floats) -> _Bend:
        p = sigmoid(scores)
        curvature = strength * p * (1 - p)
        return curvature, lambda moved: curvature * moved

    def loss(scores: Floats) -> float:
        return float((strength * (np.logaddexp(0, scores) - labels * scores)).sum())

    return _descend(rows, loss, pull, bend)


def fit_choice_sparse(rows: SparseRows, groups: NDArray[np.intp], shares: Floats, strength: Floats) -> Weights:
    """A conditional choice: of the rows of a group one is right, or none.

    The probability of a row is exp(its score) / (1 + the sum of exp(score) over its group), the 1 being for none: rows
    of one group are rivals, where in `fit_logistic_sparse` each stands alone.
    Source: McFadden, Conditional Logit Analysis of Qualitative Choice Behavior, 1974.

    Args:
        rows: n rows.
        groups: the number of each row's group, from 0 on, n.
        shares: how much of the choice should fall on each row, n; what is missing to 1 in a group falls on none.
        strength: how much each group's error costs against the penalty.

    Returns:
        One weight a column, and the constant.
    """
    cost = strength[groups]

    def chances(scores: Floats) -> tuple[Floats, Floats]:
        top = np.zeros(len(strength))
        np.maximum.at(top, groups, scores)
        whole = np.exp(-top) + np.bincount(groups, np.exp(scores - top[groups]), len(strength))
        total = top + np.log(whole)
        return np.exp(scores - total[groups]), total

    def loss(scores: Floats) -> float:
        return float((strength * chances(scores)[1]).sum() - (cost * shares * scores).sum())

    def pull(scores: Floats) -> Floats:
        return np.asarray(cost * (chances(scores)[0] - shares), np.float64)

    def bend(scores: Floats) -> _Bend:
        p, _ = chances(scores)

        def bent(moved: Floats) -> Floats:
            mean = np.bincount(groups, p * moved, len(strength))
            return np.asarray(cost * p * (moved - mean[groups]), np.float64)

        return cost * p * (1 - p), bent

    return _descend(rows, loss, pull, bend)


Weights = tuple[Floats, float]
"""One weight a column, and the constant."""

_Bend = tuple[Floats, Callable[[Floats], Floats]]
"""The curvature of a loss: of each row alone, and times any change of the scores."""


def _descend(
    rows: SparseRows,
    loss_of: Callable[[Floats], float],
    pull_of: Callable[[Floats], Floats],
    bend_of: Callable[[Floats], _Bend],
) -> Weights:
    """Newton's method with conjugate gradients for a convex loss of the rows' scores and the penalty on weights."""
    weights = np.zeros(rows.shape[1] + 1)  # the constant's column last

    def scores_of(vector: Floats) -> Floats:
        return np.asarray(rows.times(vector[:-1]) + _CONSTANT * vector[-1], np.float64)

    def pulled(values: Floats) -> Floats:
        return np.concatenate([rows.transposed_times(values), [_CONSTANT * values.sum()]])

    scores = scores_of(weights)
    loss = loss_of(scores) + 0.5 * weights @ weights
    steepest = 0.0
    for _ in range(_STEPS):
        slope = weights + pulled(pull_of(scores))
        steepness = float(np.sqrt(slope @ slope))
        steepest = max(steepest, steepness)
        alone, bend = bend_of(scores)
        diagonal = 1 + np.append(rows.transposed_times(alone), _CONSTANT**2 * alone.sum())

        def bent(vector: Floats, bend: Callable[[Floats], Floats] = bend) -> Floats:
            return vector + pulled(bend(scores_of(vector)))

        step = _solve(bent, diagonal, -slope, min(_LOOSEST, steepness / max(steepest, 1e-300)))
        move, size = scores_of(step), 1.0
        while True:
            changed = weights + size * step
            new_loss = loss_of(scores + size * move) + 0.5 * changed @ changed
            if new_loss <= loss + 1e-12 * abs(loss) or size < 1e-6:
                break
            size /= 2
        weights += size * step
        scores = scores_of(weights)
        loss = new_loss
        if np.abs(size * step).max() < _SPARSE_PRECISION:
            break
    return weights[:-1], float(_CONSTANT * weights[-1])


_SPARSE_PRECISION = 1e-8
"""Weights are kept to three decimals; conjugate gradients get this far in a few more rounds."""

_LOOSEST = 0.1
"""Of a step far from the end a tenth may be left over; the nearer the end, the less, so that the last steps still
multiply the right digits. Half the rounds of solving every step to the end.
Source: Eisenstat and Walker, Choosing the Forcing Terms in an Inexact Newton Method, 1996."""


def _solve(times: Callable[[Floats], Floats], diagonal: Floats, wanted: Floats, remainder: float) -> Floats:
    """The x for which times(x) is `wanted` up to a share that may be left, by conjugate gradients scaled by the
    diagonal."""
    x, rest = np.zeros_like(wanted), wanted.copy()
    scaled = rest / diagonal
    direction, size = scaled.copy(), float(rest @ scaled)
    enough = size * remainder**2
    for _ in range(len(wanted)):
        if size <= enough:
            break
        along = times(direction)
        far = size / float(direction @ along)
        x += far * direction
        rest -= far * along
        scaled = rest / diagonal
        before, size = size, float(rest @ scaled)
        direction = scaled + size / before * direction
    return x
