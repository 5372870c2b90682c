"""How sure a score is: the interval that holds 95 of 100 scores of samples like this one.

In: for each article what was right, wrong and missed, and its story. Out: the bounds of F1. Stories are drawn, not
articles: those that tell one project are right or wrong together.
Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993 (percentile intervals).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_DRAWS = 2000  # bounds then move by less than 0.003 from one seed to another
_SEED = 20261126  # any: the same articles always give the same bounds
_BOUNDS = (2.5, 97.5)


def f1_interval(counts: NDArray[np.float64], stories: Sequence[str]) -> tuple[float, float]:
    """The bounds of F1.

    Args:
        counts: articles x (right, wrong, missed).
        stories: the story of each article.

    Returns:
        The lower and the upper bound; both 0 where nothing is right.
    """
    if not len(counts):
        return 0.0, 0.0
    _, story = np.unique(np.array(stories), return_inverse=True)
    sums = np.zeros((story.max() + 1, 3))
    np.add.at(sums, story, counts)
    sums = sums[sums.any(1)]  # a story without any of it says nothing
    if not len(sums):
        return 0.0, 0.0
    drawn = np.random.default_rng(_SEED).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), _DRAWS) @ sums
    right, wrong, missed = drawn.T
    f1 = 2 * right / np.maximum(2 * right + wrong + missed, 1)
    low, high = np.percentile(f1, _BOUNDS)
    return float(low), float(high)
