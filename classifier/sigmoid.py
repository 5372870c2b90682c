"""The logistic function, by which scores are turned into probabilities.

In: scores of any size. Out: probabilities. Pure; numpy only, since articles are judged without what models are fitted
with.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["sigmoid"]


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))
