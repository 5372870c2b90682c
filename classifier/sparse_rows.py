"""Rows of few numbers each, as articles are over a vocabulary: what fitting a model asks of them, without zeros.

In: for each row its columns and values. Out: inner products of all rows, and sums by column. Pure; numpy only. A dense
table of three thousand articles takes a gigabyte and a minute to multiply; this takes some seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ValuedRows"]

Floats = NDArray[np.float64]

_DENSE_SHARE = 0.05
"""Of the rows that have a column: from there on multiplying a dense table is faster than adding pair by pair."""


@dataclass(frozen=True, slots=True)
class ValuedRows:
    """Rows as three lists of equal length, by column: the row, the column and the value of each number."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: Floats
    shape: tuple[int, int]

    @classmethod
    def of(cls, rows: Sequence[tuple[NDArray[np.integer], NDArray[np.floating]]], width: int) -> ValuedRows:
        """From each row's columns, none twice, and its values."""
        places = np.repeat(np.arange(len(rows)), [len(columns) for columns, _ in rows])
        columns = np.concatenate([np.zeros(0, np.intp), *(columns for columns, _ in rows)]).astype(np.intp)
        values = np.concatenate([np.zeros(0), *(values for _, values in rows)]).astype(np.float64)
        order = np.argsort(columns, kind="stable")
        return cls(places[order], columns[order], values[order], (len(rows), width))

    def gram(self) -> Floats:
        """Inner products of the rows, n x n."""
        count = self.shape[0]
        ends = np.flatnonzero(np.diff(self.columns, append=-1)) + 1
        starts = np.concatenate([[0], ends[:-1]]).astype(np.intp)
        is_dense = ends - starts > _DENSE_SHARE * count
        dense = np.zeros((count, int(is_dense.sum())))
        products = np.zeros((count, count))
        filled = 0
        for start, end, often in zip(starts, ends, is_dense, strict=True):
            rows, values = self.rows[start:end], self.values[start:end]
            if often:
                dense[rows, filled] = values
                filled += 1
            else:
                products[rows[:, None], rows] += values[:, None] * values
        products += dense @ dense.T
        return products

    def weights(self, shares: Floats) -> Floats:
        """For each column the sum of its values, each times its row's share."""
        return np.asarray(np.bincount(self.columns, self.values * shares[self.rows], self.shape[1]), np.float64)
