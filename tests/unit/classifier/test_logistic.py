"""Fitting weights: the fit is where the loss is least."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.learning.row_fits import CONSTANT, fit_rows, sparse_rows
from classifier.logistic import fit_logistic, sigmoid


def _random_rows(count: int, columns: int, seed: int) -> list[list[int]]:
    random = np.random.default_rng(seed)
    return [sorted(random.choice(columns, size=random.integers(0, 6), replace=False).tolist()) for _ in range(count)]


def _dense(rows: list[list[int]], columns: int) -> np.ndarray:
    table = np.zeros((len(rows), columns))
    for at, row in enumerate(rows):
        table[at, row] = 1.0
    return table


def test_at_the_fitted_weights_the_loss_has_no_slope() -> None:
    rows, labels, strength = _random_rows(60, 12, 7), np.arange(60.0) % 2, np.full(60, 0.7)
    weights, constant = fit_rows(sparse_rows(rows, np.ones(12)), labels, strength)
    table = _dense(rows, 12)
    pull = strength * (sigmoid(table @ weights + constant) - labels)
    assert np.abs(weights + table.T @ pull).max() < 1e-6


def test_at_the_fitted_weights_a_choice_among_rivals_has_no_slope() -> None:
    random = np.random.default_rng(3)
    sizes = random.permutation(np.repeat([1, 3, 4, 8], 4))
    rows, groups = _random_rows(64, 12, 7), np.repeat(np.arange(16), sizes)
    right = np.cumsum(sizes) - sizes + random.integers(0, sizes + 1)  # one past a group: none
    shares = np.array([float(at == right[groups[at]]) for at in range(64)])
    strength = random.uniform(0.2, 2.0, 16)
    weights, constant = fit_rows(sparse_rows(rows, np.ones(12)), shares, strength, sizes)
    table = _dense(rows, 12)
    parts = np.exp(table @ weights + constant)
    chances = parts / (1 + np.bincount(groups, parts))[groups]
    pull = strength[groups] * (chances - shares)
    assert np.abs(weights + table.T @ pull).max() < 1e-6


def test_a_choice_with_one_candidate_each_is_the_plain_fit() -> None:
    rows, labels, strength = _random_rows(40, 10, 2), np.arange(40.0) % 2, np.full(40, 0.7)
    table = np.column_stack([_dense(rows, 10), np.full(40, CONSTANT)])
    alone = fit_logistic(table, labels, strength, penalty=1.0)
    among = fit_rows(sparse_rows(rows, np.ones(10)), labels, strength, np.ones(40, np.intp))
    assert np.abs(alone[:-1] - among[0]).max() < 1e-7
    assert among[1] == pytest.approx(CONSTANT * alone[-1], abs=1e-7)


def test_what_is_known_already_is_not_learnt_again() -> None:
    rows, labels = np.random.default_rng(5).normal(size=(80, 3)), np.arange(80.0) % 2
    known = fit_logistic(rows, labels, np.ones(80), penalty=1e-6)
    further = fit_logistic(rows, labels, np.ones(80), penalty=1e-6, offsets=rows @ known)
    assert np.abs(further).max() < 1e-5 < np.abs(known).max()


def test_a_column_that_no_row_has_weighs_nothing() -> None:
    weights, _ = fit_rows(sparse_rows([[0], [], [0]], np.ones(2)), np.array([1.0, 0.0, 1.0]), np.ones(3))
    assert weights[0] > 0
    assert weights[1] == 0


def test_no_columns_at_all_leave_the_share_of_right_answers() -> None:
    _, constant = fit_rows(sparse_rows([[]] * 4, np.ones(0)), np.array([1.0, 1.0, 1.0, 0.0]), np.full(4, 100.0))
    assert float(sigmoid(np.array(constant))) == pytest.approx(0.75, abs=0.01)
