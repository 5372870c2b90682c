"""Names in a text as the encoder tags them, piece by piece: of projects, and of organisations that take part in one.

In: for each piece the logits of `TAGS`. Out: `TaggedSpan`s. So candidates are found in every script and language, also
where no capitals and no words of a lexicon tell them.
Source of the scheme: Ramshaw and Marcus, Text Chunking using Transformation-Based Learning, 1995 (BIO).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.passage import Passage

NAME, ORGANISATION = range(2)
"""Kinds of spans, in the order of `TAGS`."""

TAGS = ("outside", "begin-name", "in-name", "begin-organisation", "in-organisation")
"""What a piece may be; of each kind first its beginning, then its inside."""

_OUTSIDE_BIAS = 2.0
"""Log-odds taken from "outside": a candidate too many is weighed once more by the models of facts, one that is missing
is lost. By cross-validation the most names are found whole with 1.5 to 2.2, at the best precision."""

_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """A span of characters (of title, line end and text joined), its kind, and the mean probability of its pieces."""

    start: int
    end: int
    kind: int
    probability: float


def find_spans(logits: NDArray[np.float32], passage: Passage) -> tuple[TaggedSpan, ...]:
    """The spans that the likeliest sequence of tags makes, in order; none overlap.

    `logits` are pieces x tags, of all pieces of the passage. Source: Viterbi, 1967; an inside follows only a beginning
    or an inside of its kind.
    """
    shares = np.exp(logits - logits.max(1, keepdims=True), dtype=np.float64)
    shares /= shares.sum(1, keepdims=True)
    tags = _likeliest(np.log(shares + np.finfo(float).tiny), passage.starts >= 0)
    found: list[TaggedSpan] = []
    at = 0
    while at < len(tags):
        first, at = at, at + 1
        if tags[first] in _BEGINNINGS:
            inside = tags[first] + 1
            while at < len(tags) and tags[at] == inside:
                at += 1
            probability = float(shares[first:at, [tags[first], inside]].sum(1).mean())
            kind = _BEGINNINGS.index(tags[first])
            found.append(TaggedSpan(int(passage.starts[first]), int(passage.ends[at - 1]), kind, probability))
    return tuple(found)


_BEGINNINGS = [1, 3]


def _likeliest(scores: NDArray[np.float64], is_text: NDArray[np.bool_]) -> list[int]:
    """The sequence of tags with the highest sum of scores; pieces that stand for no text are outside."""
    scores = scores - _OUTSIDE_BIAS * np.eye(1, len(TAGS))
    scores[~is_text, 1:] = _NEVER
    steps = np.zeros((len(TAGS), len(TAGS)))
    for begin in _BEGINNINGS:
        others = [tag for tag in range(len(TAGS)) if tag not in (begin, begin + 1)]
        steps[others, begin + 1] = _NEVER
    best = scores[0] + np.array([_NEVER if tag - 1 in _BEGINNINGS else 0 for tag in range(len(TAGS))])
    came_from = []
    for row in scores[1:]:
        through = best[:, None] + steps
        came_from.append(through.argmax(0))
        best = through.max(0) + row
    tags = [int(best.argmax())]
    for previous in reversed(came_from):
        tags.append(int(previous[tags[-1]]))
    return tags[::-1]
