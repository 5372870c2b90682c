"""Which tags follow which within a sentence, as what a sentence does is told by it.

In: a `Reading`. Out: the ordered pairs of tags of each sentence, `launch` before `project` or `project` before
`launch`: who does what to what, as far as word order tells it, in the same numbers for every language.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.features import TAGS, Reading

__all__ = ["SEQUENCES", "in_order", "pairs_by_sentence"]

_T = len(TAGS)

SEQUENCES = _T * _T
"""Number of columns: every tag before every tag."""

_REACH_WORDS = 16
"""Words from the end of the first to the beginning of the second: a long clause. By cross-validation, where 8 to 20
hardly differ."""

_WORDS = 1 << 32
"""Factor that keeps sentence and word apart in one number: more than any sentence has words."""


def in_order(numbers: NDArray[np.intp]) -> NDArray[np.intp]:
    """Each of the numbers (0 or more) once, the least first.

    What `numpy.unique` gives; that hashes them first and takes ten times as long for some hundreds.
    """
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return np.asarray(ordered[is_first])


def pairs_by_sentence(reading: Reading) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The sentence and the column of each pair, each once a sentence; both empty without hits."""
    if not reading.hits:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    tag, sentence, first, last = reading.table.T
    starts = sentence * _WORDS + first  # in order, as hits are
    ends = sentence * _WORDS + last
    # of every hit the run of those that begin within its reach: comparing all with all would take quadratic memory
    begin = np.searchsorted(starts, ends, side="right")
    count = np.searchsorted(starts, ends + _REACH_WORDS, side="right") - begin
    before = np.repeat(np.arange(len(tag)), count)
    after = np.arange(len(before)) + np.repeat(begin - (np.cumsum(count) - count), count)
    once = in_order(sentence[before] * SEQUENCES + tag[before] * _T + tag[after])
    return once // SEQUENCES, once % SEQUENCES
