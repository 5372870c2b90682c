"""What sentences do, seen beside one another: a second look that knows what the first one says of the others.

In: for each sentence of a text the chance of each function by a first look, which sees hardly more than the sentence
itself. Out: as many chances, which sum to 1. A ceremony below a headline on a start is told from one by itself, and
facts after a start from facts of what runs. Learnt from first looks that saw none of the story. Numpy only.
Source: Wolpert, Stacked Generalization, 1992.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.row_fits import fit_choice_rows

__all__ = ["SecondLook", "fit_second_look"]

Floats = NDArray[np.float64]

_PLACES = 6  # headline, first, second, third, later, last
_LATER = 4

_LEAST = 1e-3
"""Added to a chance and to its opposite, so that none is without a logarithm."""

_LOGARITHM, _MEAN = 1 / 3, 3.0
"""Factors that make what columns hold alike in size, as the penalty on weights takes them to be."""

_COST = 0.05
"""Cost of an error against the penalty on weights; six times as much tells verdicts as well by cross-validation."""

_DECIMALS = 3
"""Of the weights: what differs between machines lies far below."""

_PRECISION = 1e-4
"""Of the last step of a fit, after which Newton's method leaves nearly its square: a billionth. After 1e-2 a millionth
is left, which comes out otherwise on another processor and may lie where a decimal is rounded."""


def _columns(chances: Floats) -> Floats:
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
        scores = _columns(first) @ self.weights.astype(np.float64) + self.constant
        scores = np.concatenate([scores, np.zeros((len(scores), 1))], 1)
        parts = np.exp(scores - scores.max(1, keepdims=True))
        return np.asarray(parts / parts.sum(1, keepdims=True))


def fit_second_look(first: Sequence[Floats], answers: Sequence[NDArray[np.intp]]) -> SecondLook:
    """Learns from texts: what a first look that saw none of them says, and the number of each sentence's function."""
    rows = np.concatenate([_columns(chances) for chances in first])
    choices = first[0].shape[1] - 1
    right = np.concatenate(answers)[:, None] == np.arange(choices)
    weights, constant = fit_choice_rows(
        _ForEach(rows, choices),
        np.full(len(rows), choices),
        right.ravel().astype(float),
        np.full(len(rows), _COST),
        _PRECISION,
    )
    return SecondLook(np.round(weights.reshape(-1, choices), _DECIMALS).astype(np.float32), round(constant, _DECIMALS))


class _ForEach:
    """Each row once for each of several choices, which all have columns of their own (`classifier.row_fits.Rows`)."""

    def __init__(self, rows: Floats, choices: int) -> None:
        self._rows = rows
        self._squares = rows**2
        self._choices = choices
        self.shape = len(rows) * choices, rows.shape[1] * choices

    def times(self, weights: Floats) -> Floats:
        return np.asarray(self._rows @ weights.reshape(-1, self._choices)).ravel()

    def transposed_times(self, values: Floats) -> Floats:
        return np.asarray(self._rows.T @ values.reshape(-1, self._choices)).ravel()

    def squares(self, values: Floats) -> Floats:
        return np.asarray(self._squares.T @ values.reshape(-1, self._choices)).ravel()
