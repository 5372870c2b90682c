"""The course of a text, as what it has together: where each tag stands, how early, how often, two and two.

In: a `Reading`. Out: its profile, four numbers a tag; and for one profile the columns of its pairs that are not zero,
with their values (length 1). A project that is launched early, after a headline on an event: no number alone says it,
each pair has a weight of its own. Inner products of two texts' pairs are the square of the cosine of their profiles, so
that fitting weights needs no pair at all.
Source: Schölkopf and Smola, Learning with Kernels, 2002 (the polynomial kernel of degree 2 and its feature map).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.features import TAGS, Reading

__all__ = ["PAIRS", "pair_tags", "pair_weights", "profile_of", "profile_pairs", "profile_products"]

Floats = NDArray[np.float64]

_T = len(TAGS)

_PARTS = 4
"""Numbers a tag has in the profile: in the headline, sentences of the body, times in all, how early. Whether it is in
the lead is told by how early it comes; to count that twice made cross-validation worse."""

_LENGTH = _PARTS * _T

PAIRS = _LENGTH * (_LENGTH + 1) // 2
"""Number of columns: each number of a profile with itself and with each one before it."""

_UP_TO_ITSELF = np.tri(_LENGTH, dtype=bool)
_ROW_STARTS = np.arange(_LENGTH) * np.arange(1, _LENGTH + 1) // 2

_FIRST_TAGS, _SECOND_TAGS = (number % _T for number in np.tril_indices(_LENGTH))

_TWICE = np.sqrt(2.0)
"""Factor of a pair of two different numbers, which a square holds twice."""


def profile_of(reading: Reading) -> Floats:
    """For all tags whether the headline has it, then its share of the body's sentences, then its times, then how early
    it comes: numbers of about 0 to 1."""
    seen = reading.counts
    of_body = (seen[1:] > 0).sum(0) / max(len(seen) - 1, 1)
    return np.concatenate([seen[0] > 0, of_body, np.log1p(seen.sum(0)) / 3, _earliness(reading)])


def _earliness(reading: Reading) -> Floats:
    """For each tag 1 where it opens the article, falling to 0 at its end or where it is missing."""
    early = np.zeros(_T)
    begins = np.cumsum([0, *map(len, reading.sentences)])
    tag, sentence, first, _ = reading.table[::-1].T  # from the end on: of a tag's places the earliest is kept
    early[tag] = 1 - (begins[sentence] + first) / max(begins[-1], 1)
    return early


def _units(profiles: Floats) -> Floats:
    """Each row at length 1; one without any tag stays 0."""
    lengths = np.sqrt((profiles**2).sum(1, keepdims=True))
    return np.asarray(profiles / np.where(lengths > 0, lengths, 1))


def profile_pairs(profile: Floats) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Columns and values of one profile's pairs; both empty where it has no tag."""
    there = profile.nonzero()[0]
    numbers = _units(profile[None, there])[0]
    lower = _UP_TO_ITSELF[: len(there), : len(there)]
    values = np.multiply.outer(numbers, numbers * _TWICE)
    np.fill_diagonal(values, numbers**2)
    columns = _ROW_STARTS[there][:, None] + there
    return columns[lower], values[lower].astype(np.float32)


def pair_tags(columns: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The two tags of each pair."""
    return _FIRST_TAGS.take(columns), _SECOND_TAGS.take(columns)


def profile_products(profiles: Floats) -> Floats:
    """Inner products of the pairs of all profiles, n x n."""
    units = _units(profiles)
    return np.asarray((units @ units.T) ** 2)


def pair_weights(profiles: Floats, shares: Floats) -> Floats:
    """For each pair the sum of its values in all profiles, each times its profile's share."""
    units = _units(profiles)
    sums = (units.T * shares) @ units * _TWICE
    sums[np.diag_indices(_LENGTH)] /= _TWICE
    return np.asarray(sums[_UP_TO_ITSELF])
