"""The words of a text as the models weigh them: single words and pairs, by their rarity.

In: a `Reading`. Out: for one text, the columns that are not zero and their values (TF-IDF with logarithmic counts,
length 1). Terms are normalised words of a vocabulary that training keeps in `model/vocabulary.txt`.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from classifier.concepts import normalise
from classifier.features import Reading
from classifier.remembered import Remembered

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
        self.rarity = rarity
        self._packed = zlib.compress("\n".join(words).encode())  # nobody asks for them but to write them down
        numbers: dict[str, int] = {}
        firsts, seconds = (np.zeros(len(words), np.intp) for _ in range(2))
        for column, term in enumerate(words):
            first, _, second = term.partition(" ")
            firsts[column] = numbers.setdefault(first, len(numbers) + 1)
            seconds[column] = numbers.setdefault(second, len(numbers) + 1) if second else 0
        self._number = Remembered(
            lambda word: numbers.get("0" if word[:1].isdigit() else normalise(word), 0), _WORDS_KEPT
        )  # of a word as printed, that of its normalised form; 0 where no term holds it
        self._base = len(numbers) + 1
        self._firsts, self._seconds = firsts.astype(np.int32), seconds.astype(np.int32)
        singles, pairs = (seconds == 0).nonzero()[0], seconds.nonzero()[0]
        self._single = np.full(self._base, -1, np.intp)
        self._single[firsts[singles]] = singles
        keys = firsts[pairs] * self._base + seconds[pairs]
        order = np.argsort(keys)
        self._pair_keys, self._pair_columns = keys[order], pairs[order]

    @property
    def words(self) -> tuple[str, ...]:
        """The terms in column order."""
        text = zlib.decompress(self._packed).decode()
        return (*text.split("\n"),) if text else ()

    def __len__(self) -> int:
        return len(self.rarity)

    @classmethod
    def learn(cls, readings: Sequence[Reading], min_documents: int) -> Vocabulary:
        """The terms that stand in at least so many of the readings, in alphabetical order."""
        spread = Counter(t for reading in readings for t in set(terms(reading)))
        words = sorted(t for t, n in spread.items() if n >= min_documents)
        rarity = [np.log((1 + len(readings)) / (1 + spread[t])) + 1 for t in words]
        return cls(words, np.array(rarity, np.float32))

    def vector(self, terms: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Columns, from left to right, and values of one reading, whose terms these are (the second part of
        `columns_by_sentence`); both empty where no term is known."""
        columns, counts = np.unique(terms, return_counts=True)
        values = (1 + np.log(counts.astype(np.float32))) * self.rarity[columns]
        length = float(np.sqrt((values * values).sum()))
        return columns, (values / length if length else values).astype(np.float32)

    def columns_by_sentence(self, reading: Reading) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The sentence and the column of every known term of a reading, as often as it stands there.

        Words are looked up one by one, pairs all at once by the numbers of their words; no pair is put together.
        """
        lengths = [len(words) + 1 for words in reading.sentences]  # one more for what no pair goes across
        words = chain.from_iterable((*words, _NO_WORD) for words in reading.sentences)
        numbers = np.fromiter(map(self._number.__getitem__, words), np.intp, sum(lengths))
        sentence = np.repeat(np.arange(len(lengths)), lengths)
        singles = self._single[numbers]
        is_single = singles >= 0
        is_pair = (numbers[:-1] > 0) & (numbers[1:] > 0)
        keys = (numbers[:-1] * self._base + numbers[1:])[is_pair]
        at = np.searchsorted(self._pair_keys, keys)
        at[at == len(self._pair_keys)] = 0
        is_known = self._pair_keys[at] == keys if len(self._pair_keys) else np.zeros(len(keys), bool)
        pairs = self._pair_columns[at[is_known]]
        sentences = np.concatenate([sentence[is_single], sentence[:-1][is_pair][is_known]])
        return sentences, np.concatenate([singles[is_single], pairs])

    def find(self, words: Sequence[str], column: int) -> tuple[int, int]:
        """The first and the last of the words, of one sentence, that are the term of a column.

        Raises:
            ValueError: the term is not there.
        """
        numbers = [self._number[word] for word in words]
        first, second = int(self._firsts[column]), int(self._seconds[column])
        if not second:
            return (at := numbers.index(first)), at
        at = [*pairwise(numbers)].index((first, second))
        return at, at + 1


_NO_WORD = ""
"""Between two sentences: a word that no term holds."""

_WORDS_KEPT = 60_000
"""Words remembered, some megabytes: more different ones than a day's news holds."""
