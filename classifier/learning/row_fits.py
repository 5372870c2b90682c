"""Logistic regression over rows of few columns out of many, where products of all columns would be too many.

In: rows, labels, weights of rows. Out: one weight a column and a constant, to the last digits: the same data give the
same weights. Newton's method, each step solved by conjugate gradients, which only multiply by the rows.
Source: Lin, Weng and Keerthi, Trust Region Newton Method for Large-Scale Logistic Regression, 2008.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import LinearOperator, cg

Floats = NDArray[np.float64]

Weights = tuple[Floats, float]
"""One weight a column, and the constant."""

CONSTANT = 4.0
"""Value of the column that carries the constant: large, so that the penalty hardly touches it."""

_STEPS = 60
_PRECISION = 1e-4
"""Of the last step of a fit, after which Newton's method leaves nearly its square: 2e-8 at most (measured), where
weights are kept to three decimals. After 1e-3 a millionth is left, which comes out otherwise on another processor and
may lie where a decimal is rounded; to 1e-8 a fit takes half as long again."""

_LOOSEST = 0.1
"""Of a step far from the end a tenth may be left over; the nearer the end, the less, so that the last steps still
multiply the right digits. Half the rounds of solving every step to the end. To leave more takes fewer rounds still, but
then the last digits kept of a weight depend on the order in which a processor adds up.
Source: Eisenstat and Walker, Choosing the Forcing Terms in an Inexact Newton Method, 1996."""


def sparse_rows(rows: Sequence[Sequence[int]], numbers: Floats) -> csr_array:
    """Rows by the columns that each has, without repeats, and the number that a column has in all its rows; the column
    of the constant last."""
    ends = np.cumsum([0, *(len(row) + 1 for row in rows)])
    places = np.array([place for row in rows for place in (*row, len(numbers))], np.int32)
    return csr_array((np.append(numbers, CONSTANT)[places], places, ends), (len(rows), len(numbers) + 1))


def fit_rows(rows: csr_array, shares: Floats, sample_weights: Floats, sizes: NDArray[np.intp] | None = None) -> Weights:
    """A conditional choice with an L2 penalty: of the rows of a group one is right, or none.

    The probability of a row is exp(its score) / (1 + the sum of exp(score) over its group), the 1 being for none: rows
    of one group are rivals. Where each row is a group of its own, it is logistic regression.
    Source: McFadden, Conditional Logit Analysis of Qualitative Choice Behavior, 1974.

    Args:
        rows: n rows of `sparse_rows`, those of a group beside one another.
        shares: how much of the choice should fall on each row, n (its label, where it stands alone); what is missing to
            1 in a group falls on none.
        sample_weights: how much each group's error costs against the penalty.
        sizes: how many rows each group has, one at least; if None, each row stands alone.
    """
    sizes = np.ones(len(shares), np.intp) if sizes is None else sizes
    starts = np.cumsum(sizes) - sizes
    cost = np.repeat(sample_weights, sizes)
    transposed = rows.T.tocsr()  # by whose rows it is added up faster than by another's columns
    squares = transposed.power(2)

    def loss_and_chances(weights: Floats, scores: Floats) -> tuple[float, Floats]:
        top = np.maximum(np.maximum.reduceat(scores, starts), 0)
        total = top + np.log(np.exp(-top) + np.add.reduceat(np.exp(scores - np.repeat(top, sizes)), starts))
        loss = (sample_weights * total).sum() - (cost * shares * scores).sum() + 0.5 * weights @ weights
        return float(loss), np.exp(scores - np.repeat(total, sizes))

    def step_from(weights: Floats, p: Floats, slope: Floats, remainder: float) -> Floats:
        """Newton's step, of which a share may be left over."""

        def hessian(vector: Floats) -> Floats:
            moved = rows @ vector
            mean = np.add.reduceat(p * moved, starts)
            return np.asarray(vector + transposed @ (cost * p * (moved - np.repeat(mean, sizes))))

        columns_alone = diags_array(1 / (1 + squares @ (cost * p * (1 - p))))  # the nearer, the fewer rounds
        operator = LinearOperator((len(weights), len(weights)), matvec=hessian, dtype=np.float64)
        return np.asarray(cg(operator, -slope, rtol=remainder, atol=0.0, M=columns_alone)[0])

    weights, scores, steepest = np.zeros(rows.shape[1]), np.zeros(len(shares)), 0.0
    loss, p = loss_and_chances(weights, scores)
    for _ in range(_STEPS):
        slope = weights + transposed @ (cost * (p - shares))
        steepness = float(np.linalg.norm(slope))
        steepest = max(steepest, steepness)
        step = step_from(weights, p, slope, min(_LOOSEST, steepness / max(steepest, 1e-300)))
        move, size = rows @ step, 1.0
        while True:
            new_loss, p = loss_and_chances(weights + size * step, scores + size * move)
            if new_loss <= loss + 1e-12 * abs(loss) or size < 1e-6:
                break
            size /= 2
        weights, scores, loss = weights + size * step, scores + size * move, new_loss
        if np.abs(size * step).max() < _PRECISION:
            break
    return weights[:-1], float(CONSTANT * weights[-1])
