"""Learns what sentences do from sentences that readers labelled (`seeds/corpus/functions.tsv`).

In: the sentences of readings, and their letters where somebody wrote them. Out: `Functions`, and for every reading what
they say pooled, by models that saw none of its story: those that did would be surer than tomorrow's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from classifier.functions import FUNCTIONS, POOLED, Functions, SentenceRows, column_count, pool
from classifier.row_fits import DenseRows, SparseRows, fit_choice_rows, fit_logistic_rows
from classifier.second_look import SecondLook, second_look_columns

__all__ = ["ENOUGH_SENTENCES", "learn_functions"]

Floats = NDArray[np.float64]

_DECIMALS = 3
"""Of the weights: what differs between machines lies far below, and half of a float's bytes hold them."""

_COST = 0.15
"""Cost of an error against the penalty on weights; verdicts by cross-validation hardly differed between 0.05 and 0.3,
with one model of all functions at once."""

_SECOND_COST = 0.05
"""The same for the second look; six times as much tells verdicts as well by cross-validation."""

ENOUGH_SENTENCES = 3_000
"""From some four thousand, in six hundred articles, verdicts on the corpus got better; fewer were not tried."""


def learn_functions(
    rows: Sequence[SentenceRows],
    letters: Sequence[str | None],
    folds: NDArray[np.intp],
    words: int,
    at_least: int = ENOUGH_SENTENCES,
) -> tuple[Functions, Floats]:
    """What sentences do, learnt if `at_least` so many have letters, and `POOLED` numbers for each reading.

    Args:
        rows: of `sentence_rows`, a reading each.
        letters: a letter of `FUNCTIONS` for each sentence; of another number (the article was changed since) or None,
            the reading teaches nothing.
        folds: the part of each reading in which it is held out, those of one story in one.
        words: the size of the vocabulary.
    """
    answers = [_numbers(known, len(row.starts)) for row, known in zip(rows, letters, strict=True)]
    taught = [at for at, numbers in enumerate(answers) if numbers.size]
    pooled = np.zeros((len(rows), POOLED))
    if sum(answers[at].size for at in taught) < max(at_least, 1):
        return Functions.none(), pooled
    parts = sorted(set(folds.tolist()))
    first = [np.zeros(0)] * len(rows)
    for part in parts:
        without = _fit_first([(rows[at], answers[at]) for at in taught if folds[at] != part], words)
        for at in np.flatnonzero(folds == part).tolist():
            first[at] = without.first_chances(rows[at])
    for part in parts:
        others = [at for at in taught if folds[at] != part]
        second = _fit_second([first[at] for at in others], [answers[at] for at in others])
        for at in np.flatnonzero(folds == part).tolist():
            pooled[at] = pool(second.chances(first[at]))
    learnt = _fit_first([(rows[at], answers[at]) for at in taught], words)
    second = _fit_second([first[at] for at in taught], [answers[at] for at in taught])
    return replace(learnt, second_look=second), pooled


def _numbers(letters: str | None, sentences: int) -> NDArray[np.intp]:
    """The letters as places in `FUNCTIONS`; none where they are not as many as the sentences."""
    known = letters if letters and len(letters) == sentences else ""
    return np.array([FUNCTIONS.index(letter) for letter in known], np.intp)


def _fit_first(taught: Sequence[tuple[SentenceRows, NDArray[np.intp]]], words: int) -> Functions:
    table = SparseRows(
        [columns for row, _ in taught for columns in np.split(row.columns, row.starts[1:])], column_count(words)
    )
    answers = np.concatenate([numbers for _, numbers in taught])
    strength = np.full(len(answers), _COST)
    fits = [fit_logistic_rows(table, (answers == at).astype(float), strength) for at in range(len(FUNCTIONS))]
    weights = np.stack([np.round(weights, _DECIMALS) for weights, _ in fits], 1).astype(np.float16).astype(np.float32)
    constants = np.round(np.array([constant for _, constant in fits]), _DECIMALS)
    return Functions(weights, constants.astype(np.float32))


def _fit_second(first: Sequence[Floats], answers: Sequence[NDArray[np.intp]]) -> SecondLook:
    """From what a first look that saw none of the texts says of them, and the number of each sentence's function."""
    rows = np.concatenate([second_look_columns(chances) for chances in first])
    choices = first[0].shape[1] - 1
    right = np.concatenate(answers)[:, None] == np.arange(choices)
    weights, constant = fit_choice_rows(
        DenseRows(rows, choices),
        np.full(len(rows), choices),
        right.ravel().astype(float),
        np.full(len(rows), _SECOND_COST),
    )
    return SecondLook(np.round(weights.reshape(-1, choices), _DECIMALS).astype(np.float32), round(constant, _DECIMALS))
