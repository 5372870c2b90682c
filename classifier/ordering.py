"""Numbers in order, and two numbers in one: what numpy does more slowly or not at all for some hundreds of them.

In: arrays of whole numbers of 0 or more. Out: arrays again. Pure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["in_order", "packed", "unpacked"]

Numbers = NDArray[np.intp]

_BITS = 32
"""Of the second of two numbers in one: more than there are words, columns or sentences. To shift and to mask is several
times as fast as to divide."""


def in_order(numbers: Numbers) -> Numbers:
    """Each of the numbers once, the least first.

    What `numpy.unique` gives; that hashes them first and takes several times as long for some hundreds.
    """
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return np.asarray(ordered[is_first])


def packed(firsts: Numbers, seconds: Numbers | int = 0) -> Numbers:
    """Two numbers in one, which sorts by the first, then by the second."""
    return np.asarray((firsts << _BITS) + seconds)


def unpacked(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The firsts and the seconds again."""
    return numbers >> _BITS, numbers & ((1 << _BITS) - 1)
