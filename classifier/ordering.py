"""Numbers in order, and two numbers in one: what numpy does more slowly or not at all for some hundreds of them.

In: arrays of whole numbers of 0 or more. Out: arrays again. Pure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["in_order", "in_order_with_counts", "packed", "unpacked"]

Numbers = NDArray[np.intp]

_BITS = 32
"""Of the second of two numbers in one: more than there are words, columns or sentences. To shift and to mask is several
times as fast as to divide."""


def in_order(numbers: Numbers) -> Numbers:
    """Each of the numbers once, the least first.

    What `numpy.unique` gives; that hashes them first and takes ten times as long for some hundreds.
    """
    ordered = np.sort(numbers)
    return np.asarray(ordered[_first_of_each(ordered)])


def in_order_with_counts(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Each of the numbers once, the least first, and how often each is there."""
    ordered = np.sort(numbers)
    ends = np.append(_first_of_each(ordered).nonzero()[0], len(ordered))
    return ordered[ends[:-1]], ends[1:] - ends[:-1]


def _first_of_each(ordered: Numbers) -> NDArray[np.bool_]:
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return is_first


def packed(firsts: Numbers, seconds: Numbers | int = 0) -> Numbers:
    """Two numbers in one, which sorts by the first, then by the second."""
    return np.asarray((firsts << _BITS) + seconds)


def unpacked(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The firsts and the seconds again."""
    return numbers >> _BITS, numbers & ((1 << _BITS) - 1)
