"""Logistic regression over rows of few columns or of ones, where inner products of all rows would be too many.

In: rows, labels, weights of rows. Out: one weight a column and a constant, to the last digits: the same data give the
same weights, those of `classifier.logistic` on the rows' inner products. Newton's method in the space of columns, each
step solved by conjugate gradients, which only multiply by the rows. Numpy only.
Source: Lin, Weng and Keerthi, Trust Region Newton Method for Large-Scale Logistic Regression, 2008.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.logistic import CONSTANT, STEPS, sigmoid

__all__ = ["DenseRows", "SparseRows", "Weights", "fit_choice_rows", "fit_logistic_rows"]

Floats = NDArray[np.float64]


PRECISION = 1e-8
"""Weights are kept to three decimals; conjugate gradients get this far in a few more rounds."""


class Rows(Protocol):
    """What a fit asks of rows: their number and that of columns, and to be multiplied with."""

    shape: tuple[int, int]

    def times(self, weights: Floats) -> Floats:
        """One number a row: its product with the weights."""

    def transposed_times(self, values: Floats) -> Floats:
        """One number a column: the sum over the rows, each times its value."""

    def squares(self, values: Floats) -> Floats:
        """One number a column: the sum over the rows' squares, each times the row's value."""


class DenseRows:
    """Rows of any numbers: rows x columns."""

    def __init__(self, rows: Floats) -> None:
        self._rows = rows
        self.shape = rows.shape[0], rows.shape[1]

    def times(self, weights: Floats) -> Floats:
        """One number a row: its product with the weights."""
        return np.asarray(self._rows @ weights, np.float64)

    def transposed_times(self, values: Floats) -> Floats:
        """One number a column: the sum over the rows, each times its value."""
        return np.asarray(values @ self._rows, np.float64)

    def squares(self, values: Floats) -> Floats:
        """One number a column: the sum over the rows' squares, each times the row's value."""
        return np.asarray(values @ self._rows**2, np.float64)


class SparseRows:
    """Rows of ones: for each row the columns that are 1, and for each column its rows.

    In: the columns of each row, each row's without repeats, and how many columns there are.
    """

    def __init__(self, rows: Sequence[Sequence[int] | NDArray[np.intp]], columns: int) -> None:
        of_rows = np.concatenate([np.asarray(row, np.intp) for row in rows]) if rows else np.zeros(0, np.intp)
        lengths = np.array([len(row) for row in rows], np.intp)
        of_columns = np.repeat(np.arange(len(rows)), lengths)[np.argsort(of_rows, kind="stable")]
        self._by_row = _Sums(of_rows, lengths)
        self._by_column = _Sums(of_columns, np.bincount(of_rows, minlength=columns))
        self.shape = len(rows), columns

    def times(self, weights: Floats) -> Floats:
        """One sum a row: of the weights of its columns."""
        return self._by_row.of(weights)

    def transposed_times(self, values: Floats) -> Floats:
        """One sum a column: of the values of its rows."""
        return self._by_column.of(values)

    squares = transposed_times  # of ones


class _Sums:
    """For each of several groups which values it adds up: `places` lists those of the first group, of the next, ...

    Both directions are kept, since to add up runs takes half the time of to count into bins.
    """

    def __init__(self, places: NDArray[np.intp], lengths: NDArray[np.intp]) -> None:
        self._places = places
        self._filled = np.flatnonzero(lengths)
        self._starts = (np.cumsum(lengths) - lengths)[self._filled]
        self._count = len(lengths)

    def of(self, values: Floats) -> Floats:
        """One sum a group, 0 for an empty one."""
        sums = np.zeros(self._count)
        if len(self._filled):
            # every place is one of a value: nothing is clipped, which spares the check of each
            sums[self._filled] = np.add.reduceat(np.take(values, self._places, mode="clip"), self._starts)
        return sums


def fit_logistic_rows(rows: Rows, labels: Floats, strength: Floats, precision: float = PRECISION) -> Weights:
    """Logistic regression with an L2 penalty.

    Args:
        rows: n rows.
        labels: 0 or 1, n.
        strength: how much each row's error costs against the penalty, n.
        precision: of the last step, by which no weight moves further.

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

    return _descend(rows, loss, pull, bend, precision)


def fit_choice_rows(
    rows: Rows, sizes: NDArray[np.intp], shares: Floats, strength: Floats, precision: float = PRECISION
) -> Weights:
    """A conditional choice: of the rows of a group one is right, or none.

    The probability of a row is exp(its score) / (1 + the sum of exp(score) over its group), the 1 being for none: rows
    of one group are rivals, where in `fit_logistic_rows` each stands alone.
    Source: McFadden, Conditional Logit Analysis of Qualitative Choice Behavior, 1974.

    Args:
        rows: n rows, those of a group beside one another.
        sizes: how many rows each group has, one at least.
        shares: how much of the choice should fall on each row, n; what is missing to 1 in a group falls on none.
        strength: how much each group's error costs against the penalty.
        precision: of the last step, by which no weight moves further.

    Returns:
        One weight a column, and the constant.
    """
    starts = np.cumsum(sizes) - sizes
    cost = np.repeat(strength, sizes)

    def chances(scores: Floats) -> tuple[Floats, Floats]:
        top = np.maximum(np.maximum.reduceat(scores, starts), 0)
        whole = np.exp(-top) + np.add.reduceat(np.exp(scores - np.repeat(top, sizes)), starts)
        total = top + np.log(whole)
        return np.exp(scores - np.repeat(total, sizes)), total

    def loss(scores: Floats) -> float:
        return float((strength * chances(scores)[1]).sum() - (cost * shares * scores).sum())

    def pull(scores: Floats) -> Floats:
        return np.asarray(cost * (chances(scores)[0] - shares), np.float64)

    def bend(scores: Floats) -> _Bend:
        p, _ = chances(scores)

        def bent(moved: Floats) -> Floats:
            mean = np.add.reduceat(p * moved, starts)
            return np.asarray(cost * p * (moved - np.repeat(mean, sizes)), np.float64)

        return cost * p * (1 - p), bent

    return _descend(rows, loss, pull, bend, precision)


Weights = tuple[Floats, float]
"""One weight a column, and the constant."""

_Bend = tuple[Floats, Callable[[Floats], Floats]]
"""The curvature of a loss: of each row alone, and times any change of the scores."""


def _descend(
    rows: Rows,
    loss_of: Callable[[Floats], float],
    pull_of: Callable[[Floats], Floats],
    bend_of: Callable[[Floats], _Bend],
    precision: float = PRECISION,
) -> Weights:
    """Newton's method with conjugate gradients for a convex loss of the rows' scores and the penalty on weights."""
    weights = np.zeros(rows.shape[1] + 1)  # the constant's column last

    def scores_of(vector: Floats) -> Floats:
        return np.asarray(rows.times(vector[:-1]) + CONSTANT * vector[-1], np.float64)

    def pulled(values: Floats) -> Floats:
        return np.concatenate([rows.transposed_times(values), [CONSTANT * values.sum()]])

    scores = scores_of(weights)
    loss = loss_of(scores) + 0.5 * weights @ weights
    steepest = 0.0
    for _ in range(STEPS):
        slope = weights + pulled(pull_of(scores))
        steepness = float(np.sqrt(slope @ slope))
        steepest = max(steepest, steepness)
        alone, bend = bend_of(scores)
        diagonal = 1 + np.append(rows.squares(alone), CONSTANT**2 * alone.sum())

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
        if np.abs(size * step).max() < precision:
            break
    return weights[:-1], float(CONSTANT * weights[-1])


_LOOSEST = 0.1
"""Of a step far from the end a tenth may be left over; the nearer the end, the less, so that the last steps still
multiply the right digits. Half the rounds of solving every step to the end. To leave more takes fewer rounds still, but
then the last digits kept of a weight depend on the order in which a processor adds up.
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
