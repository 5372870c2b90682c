"""Which tags follow which within a sentence, as the models weigh it.

In: a `Reading`. Out: for one text, the columns that are not zero and their values (like TF-IDF: logarithmic counts of
sentences, rarity, length 1). A column is an ordered pair of tags, `launch` before `project` or `project` before
`launch`: who does what to what, as far as word order tells it, in the same numbers for every language.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.features import TAGS, Reading

__all__ = ["SEQUENCES", "Sequences", "in_order", "pairs_by_sentence", "sequence_tags"]

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
    return np.asarray(ordered[np.diff(ordered, prepend=-1) > 0])


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


class Sequences:
    """The rarity of each pair, 0 for those too rare to learn from.

    Args:
        rarity: inverse document frequency of each of the `SEQUENCES`, float32.
    """

    def __init__(self, rarity: NDArray[np.float32]) -> None:
        if rarity.shape != (SEQUENCES,):
            raise ValueError(f"{SEQUENCES} sequences, but rarities of shape {rarity.shape}")
        self.rarity = rarity

    @classmethod
    def learn(cls, readings: Sequence[Reading], min_documents: int) -> Sequences:
        """Those that stand in at least so many of the readings."""
        spread = np.zeros(SEQUENCES)
        for reading in readings:
            spread[np.unique(pairs_by_sentence(reading)[1])] += 1
        rarity = np.log((1 + len(readings)) / (1 + spread)) + 1
        return cls(np.where(spread >= min_documents, rarity, 0).astype(np.float32))

    def vector(self, pairs: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Columns and values of one reading, whose pairs these are (the second part of `pairs_by_sentence`); both empty
        where no pair is known."""
        columns, counts = np.unique(pairs, return_counts=True)
        known = self.rarity[columns] > 0
        columns, counts = columns[known], counts[known]
        values = (1 + np.log(counts)) * self.rarity[columns]
        length = float(np.sqrt((values * values).sum()))
        return columns, (values / length if length else values).astype(np.float32)


def sequence_tags(columns: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first and the second tag of each."""
    return columns // _T, columns % _T
