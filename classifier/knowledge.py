"""What a careful reader would notice in an article, as a row of numbers that means the same in every language.

In: a `Reading`. Out: `knowledge`, one float32 row of `len(knowledge_names())` numbers, each about 0 to 1. The kinds:
where each tag stands (headline, lead, anywhere, how early, how densely), which tags share a sentence (a project that is
launched, a workshop that is launched, a sum given to a project), and which tag follows which in headline and first
sentence (a donor funds a project; police arrest).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from classifier.features import TAGS, Reading

__all__ = ["knowledge", "knowledge_names", "tag_shares"]

_T = len(TAGS)
_PAIRS = np.triu_indices(_T, 1)

_LEAD_SENTENCES = 3
_LEAD_WORDS = 90
"""The lead: three sentences of the body, fewer where they are long. Newspapers say there what the news is."""

_PAIR_SCALE = 0.5
"""Pairs are many and rare: they get less room than single tags before the penalty on weights (by cross-validation)."""


def knowledge(reading: Reading) -> NDArray[np.float32]:
    """The row of numbers for one reading."""
    count = len(reading.sentences)
    seen = np.zeros((count, _T), np.float32)
    for hit in reading.hits:
        seen[hit.sentence, hit.tag] += 1
    there = np.minimum(seen, 1)
    lead = _lead_end(reading)
    total = seen.sum(0)
    parts = [
        there[0],
        np.minimum(seen[1:lead].sum(0), 3) / 3,
        there[1:].sum(0) / max(count - 1, 1),
        np.log1p(total) / 3,
        (total > 0) * np.float32(0.5),
        _earliness(reading),
        np.minimum((there[:lead].T @ there[:lead])[_PAIRS], 2) * np.float32(0.35 * _PAIR_SCALE),
        np.minimum((there.T @ there)[_PAIRS], 3) * np.float32(0.4 / 3 * _PAIR_SCALE),
        _sequences(reading),
    ]
    return np.concatenate(parts).astype(np.float32)


def _lead_end(reading: Reading) -> int:
    """Index after the last sentence of the lead."""
    end, words = 1, 0
    while end < len(reading.sentences) and end <= _LEAD_SENTENCES and words < _LEAD_WORDS:
        words += len(reading.sentences[end])
        end += 1
    return end


def _earliness(reading: Reading) -> NDArray[np.float32]:
    """For each tag 1 where it opens the text, falling to 0 at its end or where it is missing."""
    early = np.zeros(_T, np.float32)
    begins = np.cumsum([0, *map(len, reading.sentences)])
    for hit in reversed(reading.hits):
        early[hit.tag] = 1 - (begins[hit.sentence] + hit.first) / max(begins[-1], 1)
    return early


def _sequences(reading: Reading) -> NDArray[np.float32]:
    """Which tag is followed by which in headline and first sentence."""
    follows = np.zeros((2, _T, _T), np.float32)
    for one, other in zip(reading.hits, reading.hits[1:], strict=False):
        if one.sentence == other.sentence and one.sentence < 2:
            follows[one.sentence, one.tag, other.tag] = 0.6 * _PAIR_SCALE
    return follows.ravel()


@cache
def knowledge_names() -> tuple[str, ...]:
    """What each number of the row is, for reasons: `title:tip`, `lead:fund+project`, `first:launch>project`."""
    single = [f"{where}:{tag}" for where in ("title", "lead", "share", "count", "any", "early") for tag in TAGS]
    pairs = [f"{where}:{TAGS[a]}+{TAGS[b]}" for where in ("lead", "any") for a, b in zip(*_PAIRS, strict=True)]
    rows = [f"{where}:{a}>{b}" for where in ("title", "first") for a in TAGS for b in TAGS]
    return (*single, *pairs, *rows)


def tag_shares(row: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each tag of `TAGS` added to a score: its own numbers, and half of those it shares with another tag."""
    parts = row * weights
    singles, pairs = 6 * _T, len(_PAIRS[0])
    shares = parts[:singles].reshape(6, _T).sum(0)
    both = parts[singles : singles + 2 * pairs].reshape(2, pairs).sum(0) / 2
    np.add.at(shares, _PAIRS[0], both)
    np.add.at(shares, _PAIRS[1], both)
    follows = parts[singles + 2 * pairs :].reshape(2, _T, _T).sum(0) / 2
    return np.asarray(shares + follows.sum(0) + follows.sum(1), np.float32)
