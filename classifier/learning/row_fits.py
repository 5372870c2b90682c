"""Logistic regression over rows of few columns, where inner products of all rows would be too many.

In: rows, labels, weights of rows. Out: one weight a column and a constant, to the last digits: the same data give the
same weights. Newton's method in the space of columns, each step solved by conjugate gradients, which only multiply by
the rows.
Source: Lin, Weng and Keerthi, Trust Region Newton Method for Large-Scale Logistic Regression, 2008.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, cg

from classifier.logistic import CONSTANT, STEPS
from classifier.sigmoid import sigmoid

__all__ = ["SparseRows", "Weights", "fit_choice_rows", "fit_logistic_rows"]

Floats = NDArray[np.float64]


_PRECISION = 1e-4
"""Of the last step of a fit, after which Newton's method leaves nearly its square: 2e-8 at most (measured), where
weights are kept to three decimals. After 1e-3 a millionth is left, which comes out otherwise on another processor and
may lie where a decimal is rounded; to 1e-8 a fit takes half as long again."""


class SparseRows:
    """Rows of few numbers, which are the same in all rows of a column.

    In: the columns that each row has, without repeats, how many columns there are, and the number of each; if None,
    all are 1.
    """

    def __init__(
        self, rows: Sequence[Sequence[int] | NDArray[np.intp]], columns: int, numbers: Floats | None = None
    ) -> None:
        ends = np.cumsum([0, *map(len, rows)])
        places = np.concatenate([np.zeros(0, np.int32), *(np.asarray(row, np.int32) for row in rows)])
        numbers = np.ones(columns) if numbers is None else numbers
        self._rows = csr_array((numbers[places], places, ends), (len(rows), columns))
        self._transposed = self._rows.T.tocsr()  # by whose rows it is added up faster than by another's columns
        self._numbers = numbers
        self.shape = len(rows), columns

    def times(self, weights: Floats) -> Floats:
        """One number a row: its product with the weights."""
        return np.asarray(self._rows @ weights, np.float64)

    def transposed_times(self, values: Floats) -> Floats:
        """One number a column: the sum over the rows, each times its value."""
        return np.asarray(self._transposed @ values, np.float64)

    def preconditioner(self, curvature: Floats) -> Callable[[Floats], Floats]:
        """What nearly undoes the multiplication by 1 + the sum of the rows' outer products, each times its curvature:
        undoes it for each column alone, as if there were no other.

        The nearer, the fewer rounds a fit takes; what it comes to is the same.
        """
        diagonal = 1 + self._numbers * self.transposed_times(curvature)
        return lambda vector: vector / diagonal


def fit_logistic_rows(rows: SparseRows, labels: Floats, sample_weights: Floats) -> Weights:
    """Logistic regression with an L2 penalty.

    Args:
        rows: n rows.
        labels: 0 or 1, n.
        sample_weights: how much each row's error costs against the penalty, n.

    Returns:
        One weight a column, and the constant.
    """

    def gradient(scores: Floats) -> Floats:
        return np.asarray(sample_weights * (sigmoid(scores) - labels), np.float64)

    def hessian(scores: Floats) -> _Hessian:
        p = sigmoid(scores)
        curvature = sample_weights * p * (1 - p)
        return curvature, lambda moved: curvature * moved

    def loss(scores: Floats) -> float:
        return float((sample_weights * (np.logaddexp(0, scores) - labels * scores)).sum())

    return _descend(rows, loss, gradient, hessian)


def fit_choice_rows(rows: SparseRows, sizes: NDArray[np.intp], shares: Floats, sample_weights: Floats) -> Weights:
    """A conditional choice: of the rows of a group one is right, or none.

    The probability of a row is exp(its score) / (1 + the sum of exp(score) over its group), the 1 being for none: rows
    of one group are rivals, where in `fit_logistic_rows` each stands alone.
    Source: McFadden, Conditional Logit Analysis of Qualitative Choice Behavior, 1974.

    Args:
        rows: n rows, those of a group beside one another.
        sizes: how many rows each group has, one at least.
        shares: how much of the choice should fall on each row, n; what is missing to 1 in a group falls on none.
        sample_weights: how much each group's error costs against the penalty.

    Returns:
        One weight a column, and the constant.
    """
    starts = np.cumsum(sizes) - sizes
    cost = np.repeat(sample_weights, sizes)

    def probabilities(scores: Floats) -> tuple[Floats, Floats]:
        top = np.maximum(np.maximum.reduceat(scores, starts), 0)
        whole = np.exp(-top) + np.add.reduceat(np.exp(scores - np.repeat(top, sizes)), starts)
        total = top + np.log(whole)
        return np.exp(scores - np.repeat(total, sizes)), total

    def loss(scores: Floats) -> float:
        return float((sample_weights * probabilities(scores)[1]).sum() - (cost * shares * scores).sum())

    def gradient(scores: Floats) -> Floats:
        return np.asarray(cost * (probabilities(scores)[0] - shares), np.float64)

    def hessian(scores: Floats) -> _Hessian:
        p, _ = probabilities(scores)

        def hessian_product(moved: Floats) -> Floats:
            mean = np.add.reduceat(p * moved, starts)
            return np.asarray(cost * p * (moved - np.repeat(mean, sizes)), np.float64)

        return cost * p * (1 - p), hessian_product

    return _descend(rows, loss, gradient, hessian)


Weights = tuple[Floats, float]
"""One weight a column, and the constant."""

_Hessian = tuple[Floats, Callable[[Floats], Floats]]
"""The curvature of a loss: of each row alone, and times any change of the scores."""


def _descend(
    rows: SparseRows,
    loss_of: Callable[[Floats], float],
    gradient_of: Callable[[Floats], Floats],
    hessian_of: Callable[[Floats], _Hessian],
) -> Weights:
    """Newton's method with conjugate gradients for a convex loss of the rows' scores and the penalty on weights."""
    weights = np.zeros(rows.shape[1] + 1)  # the constant's column last

    def scores_of(vector: Floats) -> Floats:
        return np.asarray(rows.times(vector[:-1]) + CONSTANT * vector[-1], np.float64)

    def gathered(values: Floats) -> Floats:
        return np.concatenate([rows.transposed_times(values), [CONSTANT * values.sum()]])

    scores = scores_of(weights)
    loss = loss_of(scores) + 0.5 * weights @ weights
    steepest = 0.0
    for _ in range(STEPS):
        slope = weights + gathered(gradient_of(scores))
        steepness = float(np.sqrt(slope @ slope))
        steepest = max(steepest, steepness)
        alone, hessian = hessian_of(scores)
        precondition, constant = rows.preconditioner(alone), 1 + CONSTANT**2 * alone.sum()

        def hessian_product(vector: Floats, hessian: Callable[[Floats], Floats] = hessian) -> Floats:
            return vector + gathered(hessian(scores_of(vector)))

        def preconditioned(
            vector: Floats, precondition: Callable[[Floats], Floats] = precondition, constant: float = constant
        ) -> Floats:
            return np.append(precondition(vector[:-1]), vector[-1] / constant)

        step = _solve(hessian_product, preconditioned, -slope, min(_LOOSEST, steepness / max(steepest, 1e-300)))
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
        if np.abs(size * step).max() < _PRECISION:
            break
    return weights[:-1], float(CONSTANT * weights[-1])


_LOOSEST = 0.1
"""Of a step far from the end a tenth may be left over; the nearer the end, the less, so that the last steps still
multiply the right digits. Half the rounds of solving every step to the end. To leave more takes fewer rounds still, but
then the last digits kept of a weight depend on the order in which a processor adds up.
Source: Eisenstat and Walker, Choosing the Forcing Terms in an Inexact Newton Method, 1996."""


def _solve(
    times: Callable[[Floats], Floats], precondition: Callable[[Floats], Floats], wanted: Floats, remainder: float
) -> Floats:
    """The x for which times(x) is `wanted` up to a share that may be left, by conjugate gradients; `precondition`
    nearly undoes `times`."""
    shape = (len(wanted), len(wanted))
    hessian, preconditioner = (LinearOperator(shape, matvec, dtype=np.float64) for matvec in (times, precondition))
    solved, _ = cg(hessian, wanted, rtol=remainder, atol=0.0, M=preconditioner)
    return np.asarray(solved, np.float64)
