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

_RIVALLED = "people"
"""The kind whose scores depend on the others of its article: it counts many people, and one number is the project's. By
cross-validation over stories half of these are found in place of four in ten, as many of them right; names are as good
without in articles that were kept apart, organisations and dates better."""
_LEADS = (-4, -2, -1, 0, 1, 2, 4)
"""Log-odds above the likeliest other candidate of the article, each a feature likewise."""

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
    candidates = [one for _, group in groups for one in group]
    if not candidates:
        return
    scores = scorer.score_candidates([spans_of(one, title) for one in candidates])
    end = 0
    for kinds, group in groups:
        rows, end = scores[end : end + len(group)], end + len(group)
        for kind in kinds:
            column = rows[:, KINDS.index(kind)]
            for at, one in enumerate(group):
                if np.isnan(column[at]):
                    one.features.append(_UNREAD)
                    continue
                one.features += [f"enc:{kind}>{step}" for step in _STEPS if column[at] > step]
                if kind == _RIVALLED:
                    lead = _lead(column, at)
                    one.features += [f"enc:{kind}-lead>{step}" for step in _LEADS if lead > step]


def _lead(scores: NDArray[np.float32], at: int) -> float:
    """How far one score lies above the best of the others, as far as the steps tell scores apart."""
    lowest, highest = _STEPS[0] - 1, _STEPS[-1] + 1
    known = np.clip(np.nan_to_num(scores, nan=lowest), lowest, highest)
    return float(known[at] - np.delete(known, at).max(initial=lowest))
