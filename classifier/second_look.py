"""What sentences do, seen beside one another: a second look that knows what the first one says of the others.

In: for each sentence of a text the chance of each function by a first look, which sees hardly more than the sentence
itself. Out: as many chances, which sum to 1. A ceremony below a headline on a start is told from one by itself, and
facts after a start from facts of what runs. `learn_functions` learns it, from first looks that saw none of the story.
Numpy only.
Source: Wolpert, Stacked Generalization, 1992.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SecondLook", "second_look_columns"]

Floats = NDArray[np.float64]

_PLACES = 6  # headline, first, second, third, later, last
_LATER = 4

_LEAST = 1e-3
"""Added to a chance and to its opposite, so that none is without a logarithm."""

_LOGARITHM, _MEAN = 1 / 3, 3.0
"""Factors that make what columns hold alike in size, as the penalty on weights takes them to be."""


def second_look_columns(chances: Floats) -> Floats:
    """What the second look sees of each sentence: sentences x columns."""
    logarithms = np.log((chances + _LEAST) / (1 - chances + _LEAST)) * _LOGARITHM
    nothing = np.full((1, chances.shape[1]), np.log(_LEAST) * _LOGARITHM)
    before = np.concatenate([nothing, logarithms[:-1]])
    after = np.concatenate([logarithms[1:], nothing])
    headline = np.broadcast_to(logarithms[0], chances.shape)
    all_of_them = np.broadcast_to(chances.mean(0) * _MEAN, chances.shape)
    places = np.zeros((len(chances), _PLACES))
    number = np.arange(len(chances))
    places[number, np.minimum(number, _LATER)] = 1
    places[-1, -1] = 1
    return np.concatenate([logarithms, before, after, headline, all_of_them, places], 1)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Weights: columns x functions but the last, which is what remains where no other is likely."""

    weights: NDArray[np.float32]
    constant: float

    @classmethod
    def none(cls) -> SecondLook:
        """Of a model that was taught no sentences: what the first look says stands."""
        return cls(np.zeros((0, 0), np.float32), 0.0)

    def chances(self, first: Floats) -> Floats:
        """The chance of each function, from those by the first look: both sentences x functions."""
        if not len(self.weights):
            return first
        scores = second_look_columns(first) @ self.weights.astype(np.float64) + self.constant
        scores = np.concatenate([scores, np.zeros((len(scores), 1))], 1)
        parts = np.exp(scores - scores.max(1, keepdims=True))
        return np.asarray(parts / parts.sum(1, keepdims=True))
