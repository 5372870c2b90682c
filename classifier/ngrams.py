"""The words of a text as the models weigh them: single words and pairs, by their rarity.

In: a `Reading`. Out: for one text, the columns that are not zero and their values (TF-IDF with logarithmic counts,
length 1). Terms are normalised words of a vocabulary that training keeps in `model/vocabulary.txt`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from classifier.concepts import normalise
from classifier.features import Reading

__all__ = ["Vocabulary", "terms"]

_plain = lru_cache(maxsize=60_000)(normalise)


def terms(reading: Reading) -> list[str]:
    """Normalised words of the reading and its neighbouring pairs within a sentence; figures are one word, `0`."""
    found: list[str] = []
    for sentence in reading.sentences:
        words = _words(sentence)
        found += words
        found += [f"{a} {b}" for a, b in pairwise(words)]
    return found


def _words(sentence: Sequence[str]) -> list[str]:
    return ["0" if w[0].isdigit() else _plain(w) for w in sentence]


class Vocabulary:
    """The terms a model knows, with the rarity of each.

    Args:
        words: terms in column order.
        rarity: inverse document frequency of each, float32.
    """

    def __init__(self, words: Sequence[str], rarity: NDArray[np.float32]) -> None:
        if len(words) != len(rarity):
            raise ValueError(f"{len(words)} terms, but {len(rarity)} rarities")
        self.words = tuple(words)
        self.rarity = rarity
        self._column: dict[str, int] = {}
        self._pairs: dict[str, dict[str, int]] = {}
        for column, term in enumerate(self.words):
            first, _, second = term.partition(" ")
            if second:
                self._pairs.setdefault(first, {})[second] = column
            else:
                self._column[first] = column

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def learn(cls, readings: Sequence[Reading], min_documents: int) -> Vocabulary:
        """The terms that stand in at least so many of the readings, in alphabetical order."""
        spread = Counter(t for reading in readings for t in set(terms(reading)))
        words = sorted(t for t, n in spread.items() if n >= min_documents)
        rarity = [np.log((1 + len(readings)) / (1 + spread[t])) + 1 for t in words]
        return cls(words, np.array(rarity, np.float32))

    def vector(self, reading: Reading) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Columns and values of one reading; both empty where no term is known."""
        counts = self._count(reading)
        columns = np.fromiter(counts.keys(), np.intp, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.rarity[columns]
        length = float(np.sqrt((values * values).sum()))
        return columns, (values / length if length else values).astype(np.float32)

    def _count(self, reading: Reading) -> dict[int, int]:
        """How often each known term stands in a reading, by column; no pair of words is put together for it."""
        counts: dict[int, int] = {}
        column, followers = self._column.get, self._pairs.get
        for sentence in reading.sentences:
            words = _words(sentence)
            for word in words:
                if (found := column(word)) is not None:
                    counts[found] = counts.get(found, 0) + 1
            for first, second in pairwise(words):
                if (pairs := followers(first)) is not None and (found := pairs.get(second)) is not None:
                    counts[found] = counts.get(found, 0) + 1
        return counts
