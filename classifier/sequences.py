"""Which tags follow which within a sentence, as what a sentence does is told by it.

In: a `Reading`. Out: the ordered pairs of tags of each sentence, `launch` before `project` or `project` before
`launch`: who does what to what, as far as word order tells it, in the same numbers for every language.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.features import TAGS, Reading
from classifier.ordering import in_order, packed, unpacked

__all__ = ["SEQUENCES", "pairs_by_sentence"]

_T = len(TAGS)

SEQUENCES = _T * _T
"""Number of columns: every tag before every tag."""

_REACH_WORDS = 16
"""Words from the end of the first to the beginning of the second: a long clause. By cross-validation, where 8 to 20
hardly differ."""


def pairs_by_sentence(reading: Reading) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The sentence and the column of each pair, each once a sentence; both empty without hits."""
    if not reading.hits:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    tag, sentence, first, last = reading.table.T
    starts = packed(sentence, first)  # in order, as hits are
    ends = packed(sentence, last)
    # of every hit the run of those that begin within its reach: comparing all with all would take quadratic memory
    begin = np.searchsorted(starts, ends, side="right")
    count = np.searchsorted(starts, ends + _REACH_WORDS, side="right") - begin
    before = np.repeat(np.arange(len(tag)), count)
    after = np.arange(len(before)) + np.repeat(begin - (np.cumsum(count) - count), count)
    return unpacked(in_order(packed(sentence[before], tag[before] * _T + tag[after])))
