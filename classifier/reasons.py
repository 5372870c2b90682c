"""Why a verdict came out as it did: the words that weighed most, each with the sentence it stands in.

In: the document, its reading and the model. Out: `Reason`s, the weightiest first. A word's weight is its share of the
model's score: what the numbers it fills add or take away, calibrated, in units of log-odds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from classifier.document import Document, Evidence, Reason
from classifier.features import TAGS, Hit, Reading, locate_words
from classifier.knowledge import tag_shares
from classifier.model import Head, Row
from classifier.sentences import split_sentences

__all__ = ["explain"]

_MOST = 4
"""Reasons for, and as many against, each question: what a person reads at a glance."""

_LEAST = 0.05
"""Log-odds below which a word decided nothing (one percent at even odds)."""


def explain(
    document: Document, lang: str, reading: Reading, row: Row, about: Literal["relevant", "new_project"], head: Head
) -> list[Reason]:
    """The words that spoke most for and most against, the weightiest first; empty where the lexicon found nothing."""
    weights = head.slope * tag_shares(row.knowledge, head.knowledge)
    order = np.argsort(-np.abs(weights), kind="stable")
    places = _Places(document, lang)
    reasons: list[Reason] = []
    for sign in (1, -1):
        found = (r for r in _of_tags(order, weights, sign, reading, places, about))
        reasons += [r for r, _ in zip(found, range(_MOST), strict=False)]
    return sorted(reasons, key=lambda r: -abs(r.weight))


def _of_tags(
    order: NDArray[np.intp],
    weights: NDArray[np.float32],
    sign: int,
    reading: Reading,
    places: _Places,
    about: Literal["relevant", "new_project"],
) -> Iterator[Reason]:
    for tag in order:
        weight = float(weights[tag])
        if weight * sign < _LEAST:
            continue
        hit = next((h for h in reading.hits if h.tag == tag), None)
        if hit is not None:
            words, evidence = places.of(hit)
            yield Reason(about, words or TAGS[tag], round(weight, 3), evidence)


class _Places:
    """Finds the words of hits, and the sentence around them, in the document as it stands."""

    def __init__(self, document: Document, lang: str) -> None:
        self._document = document
        self._title = [place for sentence in locate_words(document.title) for place in sentence]
        self._body = locate_words(document.text)
        self._sentences = split_sentences(document.text, lang)

    def of(self, hit: Hit) -> tuple[str, Evidence]:
        """The words as printed, and their sentence: the headline, or the sentence of the body they begin in."""
        if hit.sentence == 0:
            title = self._document.title
            words = title[self._title[hit.first][0] : self._title[hit.last][1]]
            return words, Evidence(title, "title", 0, len(title))
        places, text = self._body[hit.sentence - 1], self._document.text
        begin, end = places[hit.first][0], places[hit.last][1]
        start, stop = next(((a, b) for a, b in self._sentences if a <= begin < b), (begin, end))
        return text[begin:end], Evidence(text[start:stop], "text", start, stop)
