"""What each sentence of an article does: says that a project starts, tells facts of it, tells of what runs already, ...

In: a `Reading`. Out: for each sentence a probability for each of `FUNCTIONS`, and pooled, as many numbers for texts of
any length: what the headline, the first sentence, the lead, all sentences and the last one do. A launch below a
headline on something else, which the words of the whole article hide, shows so. A first look asks one question a
function of each sentence, a second one (`second_look`) sees its answers beside one another; `learn_functions` learns
both. Numpy only.
Source of such roles: Teufel and Moens, Summarizing Scientific Articles, 2002 (argumentative zoning).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from classifier.features import TAGS, Reading
from classifier.ordering import in_order, packed, unpacked
from classifier.second_look import SecondLook
from classifier.sequences import SEQUENCES
from classifier.sigmoid import sigmoid

__all__ = [
    "DOES",
    "FUNCTIONS",
    "POOLED",
    "Functions",
    "Placed",
    "SentenceRows",
    "column_count",
    "pool",
    "sentence_rows",
    "sentence_shares",
]

Floats = NDArray[np.float64]

Placed = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Sentences, and the column that each has there."""

DOES: dict[str, str] = {
    "N": "start",
    "D": "facts",
    "R": "running",
    "M": "more",
    "I": "intention",
    "G": "gift",
    "T": "event",
    "A": "call",
    "P": "person",
    "L": "law",
    "F": "figures",
    "C": "crime",
    "S": "statement",
    "B": "background",
    "O": "other",
}
"""The functions by the letters with which `seeds/corpus/GUIDE.md` explains them, each with a word for it."""

FUNCTIONS = "".join(DOES)

_T = len(TAGS)
_LEAD_SENTENCES = 3
"""After the headline: where newspapers say what the news is."""

_BLOCKS = 7
"""Of tags: in the sentence, in the one before, in the one after, in the headline; and here by place: in the headline,
in the lead, later."""

_PLACES = 6  # headline, first, second, third, later, last
_LENGTHS = 7
_LENGTH_WORDS = 6
"""Words a step of length: from 36 on a sentence is long."""

_NEARLY_NEVER = 1e-9
"""Instead of the probability that a sentence does not do what it surely does."""

_POOLS = 7
POOLED = _POOLS * len(FUNCTIONS)
"""Numbers that `pool` gives."""


@dataclass(frozen=True, slots=True)
class SentenceRows:
    """The columns that are 1 for each sentence of a reading; those of sentence i begin at `starts[i]`."""

    columns: NDArray[np.intp]
    starts: NDArray[np.intp]


def column_count(words: int) -> int:
    """How many columns there may be, by the size of the vocabulary."""
    return words + SEQUENCES + _BLOCKS * _T + _PLACES + _LENGTHS


def sentence_rows(reading: Reading, terms: Placed, pairs: Placed, words: int) -> SentenceRows:
    """What tells a function: words and pairs of words, tags and pairs of tags, the tags around, place, length.

    Args:
        reading: the text.
        terms: of `Vocabulary.columns_by_sentence`.
        pairs: of `pairs_by_sentence`.
        words: the size of the vocabulary.
    """
    count = len(reading.sentences)
    seen = reading.counts > 0
    number = np.arange(count)
    lead = slice(1, _LEAD_SENTENCES + 1)
    later = slice(_LEAD_SENTENCES + 1, None)
    around = np.zeros((count, _BLOCKS, _T), bool)
    around[:, 0] = seen
    around[1:, 1] = seen[:-1]
    around[:-1, 2] = seen[1:]
    around[1:, 3] = seen[0]
    around[0, 4] = seen[0]
    around[lead, 5] = seen[lead]
    around[later, 6] = seen[later]
    of_tags, tags = np.divmod(np.flatnonzero(around), _BLOCKS * _T)
    lengths = np.minimum(np.array([len(s) for s in reading.sentences], np.intp) // _LENGTH_WORDS, _LENGTHS - 1)
    after_tags = words + SEQUENCES + _BLOCKS * _T
    sentences = np.concatenate([terms[0], pairs[0], of_tags, number, [count - 1], number])
    columns = np.concatenate(
        [
            terms[1],
            words + pairs[1],
            words + SEQUENCES + tags,
            after_tags + np.minimum(number, _LEAD_SENTENCES + 1),
            [after_tags + _PLACES - 1],
            after_tags + _PLACES + lengths,
        ]
    )
    keys = in_order(packed(sentences, columns))
    return SentenceRows(unpacked(keys)[1], np.searchsorted(keys, packed(number)))


def pool(chances: Floats) -> Floats:
    """`POOLED` numbers from the chances of a reading's sentences x functions, the headline's first."""
    body = chances[1:] if len(chances) > 1 else chances
    lead = body[:_LEAD_SENTENCES].max(0)
    any_of = 1 - np.prod(1 - body, 0)
    return np.concatenate([chances[0], body[0], lead, body.max(0), body.mean(0), any_of, chances[-1]])


def sentence_shares(chances: Floats, weights: Floats) -> Floats:
    """How much lower the sum of pooled numbers times their weights would be if a sentence did nothing: by how much it
    raises that sum, for each function; sentences x functions.

    Args:
        chances: as for `pool`.
        weights: `POOLED` of them.
    """
    headline, first, lead, most, mean, any_of, last = weights.reshape(_POOLS, -1)
    shares = np.zeros_like(chances)
    body, of_body = (chances[1:], shares[1:]) if len(chances) > 1 else (chances, shares)  # views of the same numbers
    column = np.arange(chances.shape[1])
    for part, weight in ((body[:_LEAD_SENTENCES], lead), (body, most)):
        top = part.argmax(0)
        others = part.copy()
        others[top, column] = 0
        of_body[top, column] += weight * (part[top, column] - others.max(0))
    none_else = np.prod(1 - body, 0) / np.maximum(1 - body, _NEARLY_NEVER)
    of_body += mean * body / len(body) + any_of * none_else * body
    of_body[0] += first * body[0]
    shares[0] += headline * chances[0]
    shares[-1] += last * chances[-1]
    return shares


@dataclass(frozen=True, slots=True)
class Functions:
    """Weights of all functions: columns x functions, and a constant each; without columns nothing was learnt.

    The weights have the values of half floats, as they are kept in the model's file.
    """

    weights: NDArray[np.float32]
    constants: NDArray[np.float32]
    second_look: SecondLook = field(default_factory=SecondLook.none)

    @classmethod
    def none(cls) -> Functions:
        """Of a model that was taught no sentences."""
        return cls(np.zeros((0, len(FUNCTIONS)), np.float32), np.zeros(len(FUNCTIONS), np.float32))

    def chances(self, rows: SentenceRows) -> Floats:
        """The probability of each function: sentences x functions; 0 where nothing was learnt."""
        return self.second_look.chances(self.first_chances(rows))

    def first_chances(self, rows: SentenceRows) -> Floats:
        """The same by the first look alone, which asks for each function by itself."""
        if not len(self.weights):
            return np.zeros((len(rows.starts), len(FUNCTIONS)))
        sums = np.add.reduceat(self.weights.take(rows.columns, 0), rows.starts)
        return sigmoid((sums + self.constants).astype(np.float64))
