"""Why a verdict came out as it did: the words that weighed most, each with the sentence it stands in.

In: the document, its reading and the model. Out: `Reason`s, the weightiest first. A word's weight says how much lower
the log-odds of the verdict would be if its tag were not in the text: signs and sequences lose their part, and likeness
to the examples is measured anew without it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from classifier.document import Document, Evidence, Reason
from classifier.features import TAGS, Hit, Reading, locate_words
from classifier.knowledge import PROFILE_PARTS, sign_tags
from classifier.model import LIKENESS, Head, Model, Row
from classifier.sentences import each_sentence
from classifier.sequences import sequence_tags

__all__ = ["Explainer", "tag_shares"]

_MOST = 4
"""Reasons for, and as many against, each question: what a person reads at a glance."""

_LEAST = 0.05
"""Log-odds below which a word decided nothing (one percent at even odds)."""


def tag_shares(row: Row) -> NDArray[np.float32]:
    """The change of likeness to each example that each of the row's tags makes: tags x examples."""
    profile = row.profile.reshape(PROFILE_PARTS, -1)[:, row.tags]
    # how much nearer an example is with the tag than without it
    nearer = 2 * row.products - (profile**2).sum(0)[:, None]
    return np.asarray(row.likeness * (1 - np.exp(-LIKENESS * nearer)))


@dataclass(slots=True)
class Explainer:
    """Explains the answers to both questions about one document."""

    document: Document
    lang: str
    reading: Reading
    model: Model
    row: Row
    _places: _Places | None = None
    _shares: NDArray[np.float32] | None = None
    _of_tags: dict[int, tuple[str, Evidence]] = field(default_factory=dict)

    def explain(self, about: Literal["relevant", "new_project"], head: Head) -> list[Reason]:
        """What spoke most for and most against, the weightiest first; empty where no lexicon knows the words."""
        if self._places is None or self._shares is None:
            self._places = _Places(self.document, self.lang, self.reading.starts)
            self._shares = tag_shares(self.row)
        tags, likeness = self.row.tags, self._shares
        owners = sign_tags()[:, tags]  # what sentences do has none: no single word makes it
        signs = (head.signs * self.row.signs)[: len(owners)] @ owners
        weights = head.slope * (signs + likeness @ head.examples + self._sequences(head)[tags])
        order = np.argsort(-np.abs(weights), kind="stable")
        reasons: list[Reason] = []
        for sign in (1, -1):
            chosen = [i for i in order if weights[i] * sign >= _LEAST][:_MOST]
            reasons += [self._reason(about, self._places, int(tags[i]), float(weights[i])) for i in chosen]
        return sorted(reasons, key=lambda r: -abs(r.weight))

    def _sequences(self, head: Head) -> NDArray[np.float64]:
        """What the sequences add to the score, half of it to either tag; a number a tag."""
        after_words = self.row.columns >= len(self.model.vocabulary)
        columns = self.row.columns[after_words]
        halves = head.words[columns] * self.row.values[after_words] / 2
        shares = np.zeros(len(TAGS))
        for tag in sequence_tags(columns - len(self.model.vocabulary)):
            np.add.at(shares, tag, halves)
        return shares

    def _reason(self, about: Literal["relevant", "new_project"], places: _Places, tag: int, weight: float) -> Reason:
        if tag not in self._of_tags:  # both questions may turn on the same words
            self._of_tags[tag] = places.of(next(h for h in self.reading.hits if h.tag == tag))
        words, evidence = self._of_tags[tag]
        return Reason(about, words or TAGS[tag], round(weight, 3), evidence)


class _Places:
    """Finds the words of hits, and the sentence around them, in the document as it stands.

    What decides stands early as a rule: the text is parted into sentences only as far as it is asked for.
    """

    def __init__(self, document: Document, lang: str, starts: Sequence[int]) -> None:
        self._document = document
        self._starts = starts
        self._more_sentences = each_sentence(document.text, lang)
        self._sentences: list[tuple[int, int]] = []
        self._stops: list[int] = []

    def of(self, hit: Hit) -> tuple[str, Evidence]:
        """The words as printed, and their sentence: the headline, or the sentence of the body they begin in."""
        title, text = self._document.title, self._document.text
        begin, end = locate_words(text if hit.sentence else title, self._starts[hit.sentence], hit.first, hit.last)
        if hit.sentence == 0:
            return title[begin:end], Evidence(title, "title", 0, len(title))
        start, stop = self._sentence_at(begin) or (begin, end)
        return text[begin:end], Evidence(text[start:stop], "text", start, stop)

    def _sentence_at(self, place: int) -> tuple[int, int] | None:
        """The first sentence that ends behind a place."""
        while not self._stops or self._stops[-1] <= place:
            following = next(self._more_sentences, None)
            if following is None:
                return None
            self._sentences.append(following)
            self._stops.append(following[1])
        return self._sentences[bisect_right(self._stops, place)]
