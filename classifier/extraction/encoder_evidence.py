"""What the encoder says of candidates, as features of the linear models that choose among them.

In: candidates, and the encoder's score of each for each kind of fact. Out: features that say how high the scores are.
Learning takes scores by encoders that saw nothing of the story (`classifier.encoder.scores`), so that the linear models
learn how far to trust them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.tags import TaggedSpan
from classifier.extraction.candidates import Candidate
from classifier.extraction.roles.entities import Entity
from classifier.schema import KINDS

Span = tuple[int, int]


class Scorer(Protocol):
    """What the encoder says of a document's candidates, and which names it finds."""

    @property
    def tags(self) -> Sequence[TaggedSpan]:
        """Names of projects and of organisations that take part in one."""
        ...

    def score_candidates(self, mentions: Sequence[Sequence[Span]]) -> NDArray[np.float32]:
        """Takes the mentions of candidates (characters of title, line end and text joined), gives candidates x
        `KINDS`."""
        ...


MOST_MENTIONS = 4
"""Of one candidate: later ones say what the first ones said."""

_STEPS = (-6, -5, -4, -3, -2, -1, 0, 1, 2, 3)
"""Log-odds, each a feature of a candidate whose score is higher: so the linear models may bend the scale."""

_UNREAD = "enc:unread"
"""Of a candidate that stands beyond what the encoder reads of a text."""


def spans_of(one: Candidate | Entity, title: str) -> list[Span]:
    """Where a candidate's first mentions stand in title, line end and text joined; none of one that is not stated."""
    places = one.places if isinstance(one, Candidate) else [(m.sentence, m.first, m.last) for m in one.mentions]
    before = len(title) + 1
    spans = []
    for sentence, first, last in places[:MOST_MENTIONS]:
        if last > first:
            at = before if sentence.part == "text" else 0
            spans.append((at + sentence.tokens[first].start, at + sentence.tokens[last - 1].end))
    return spans


def add_evidence(
    groups: Sequence[tuple[Sequence[str], Sequence[Candidate | Entity]]], title: str, scorer: Scorer
) -> None:
    """Adds features to candidates; all are scored at once, which takes a third of the time of a group at a time.

    Args:
        groups: what candidates may be, with them; all of one article.
        title: the article's headline.
        scorer: gives the scores.
    """
    candidates = [(one, kinds) for kinds, group in groups for one in group]
    if not candidates:
        return
    scores = scorer.score_candidates([spans_of(one, title) for one, _ in candidates])
    for (one, kinds), row in zip(candidates, scores, strict=True):
        for kind in kinds:
            score = row[KINDS.index(kind)]
            if np.isnan(score):
                one.features.append(_UNREAD)
            else:
                one.features += [f"enc:{kind}>{step}" for step in _STEPS if score > step]
