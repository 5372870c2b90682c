"""Why a verdict came out as it did: the words that weighed most, each with the sentence it stands in, and the sentences
that weighed by what they do.

In: the document, its reading and the model. Out: `Reason`s, the weightiest first. A word's weight says how much lower
the log-odds of the verdict would be if its tag were not in the text: signs and sequences lose their part, and likeness
to the examples is measured anew without it. A sentence's weight says how much lower they would be if it did nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from classifier.document import Document, Evidence, Reason
from classifier.features import TAGS, Reading, locate_words
from classifier.functions import DOES, FUNCTIONS, sentence_shares
from classifier.knowledge import PROFILE_PARTS, sign_tags
from classifier.model import LIKENESS, Head, Model, Row
from classifier.sentences import split_sentences
from classifier.sequences import sequence_tags

__all__ = ["Explainer", "tag_shares"]

_MOST = 4
"""Reasons for, and as many against, each question: what a person reads at a glance."""

_MOST_SENTENCES = 2
"""Sentences for, and as many against, that weigh by what they do; the words of others are shown anyway."""

_FIRST_WORDS = 6
"""Of a sentence: by them a person finds it."""

_LEAST = 0.05
"""Log-odds below which a word decided nothing (one percent at even odds)."""


def tag_shares(row: Row) -> NDArray[np.float32]:
    """The change of likeness to each example that each of the row's tags makes: tags x examples."""
    profile = row.profile.reshape(PROFILE_PARTS, -1)[:, row.tags]
    # how much nearer an example is with the tag than without it; one array for all steps, since it is large
    shares = row.products * np.float32(2)
    shares -= (profile**2).sum(0)[:, None]
    shares *= np.float32(-LIKENESS)
    np.exp(shares, out=shares)
    np.subtract(1, shares, out=shares)
    shares *= row.likeness
    return shares


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
        """What spoke most for and most against, the weightiest first; words only where a lexicon knows them."""
        if self._places is None or self._shares is None:
            self._places = _Places(self.document, self.lang, self.reading.starts)
            self._shares = tag_shares(self.row)
        tags, likeness = self.row.tags, self._shares
        owners = sign_tags()[:, tags]
        signs = (head.signs * self.row.signs)[: len(owners)] @ owners
        weights = head.slope * (signs + likeness @ head.examples + self._sequences(head)[tags])
        order = np.argsort(-np.abs(weights), kind="stable")
        reasons: list[Reason] = []
        for sign in (1, -1):
            chosen = [i for i in order if weights[i] * sign >= _LEAST][:_MOST]
            reasons += [self._reason(about, self._places, int(tags[i]), float(weights[i])) for i in chosen]
        reasons += self._of_sentences(about, self._places, head.slope * head.signs[len(owners) :])
        return sorted(reasons, key=lambda r: -abs(r.weight))

    def _of_sentences(
        self, about: Literal["relevant", "new_project"], places: _Places, weights: NDArray[np.floating[Any]]
    ) -> Iterator[Reason]:
        """The sentences that weigh by what they do, each with the function that tells most for its side."""
        if not weights.any():
            return
        shares = sentence_shares(self.row.does, weights.astype(np.float64))
        together = shares.sum(1)
        order = np.argsort(-np.abs(together), kind="stable")
        for sign in (1, -1):
            for number in [int(i) for i in order if together[i] * sign >= _LEAST][:_MOST_SENTENCES]:
                if count := len(self.reading.sentences[number]):  # a headline may have no words
                    words, evidence = places.of(number, 0, min(_FIRST_WORDS, count) - 1)
                    letter = FUNCTIONS[int((shares[number] * sign).argmax())]
                    yield Reason(about, words, round(float(together[number]), 3), evidence, DOES[letter])

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
            hit = next(h for h in self.reading.hits if h.tag == tag)
            self._of_tags[tag] = places.of(hit.sentence, hit.first, hit.last)
        words, evidence = self._of_tags[tag]
        return Reason(about, words or TAGS[tag], round(weight, 3), evidence)


class _Places:
    """Finds words of the reading, and the sentence around them, in the document as it stands.

    No sentence goes on past the end of its line: only the lines that are asked for are parted into sentences.
    """

    def __init__(self, document: Document, lang: str, starts: Sequence[int]) -> None:
        self._document = document
        self._lang = lang
        self._starts = starts
        self._of_lines: dict[int, list[tuple[int, int]]] = {}

    def of(self, number: int, first: int, last: int) -> tuple[str, Evidence]:
        """Words of a sentence of the reading as printed, and their sentence: the headline, or the sentence of the body
        they begin in, which may end before them."""
        title, text = self._document.title, self._document.text
        begin, end = locate_words(text if number else title, self._starts[number], first, last)
        if number == 0:
            return title[begin:end], Evidence(title, "title", 0, len(title))
        start, stop = self._sentence_at(begin) or (begin, end)
        return text[begin : min(end, stop)], Evidence(text[start:stop], "text", start, stop)

    def _sentence_at(self, place: int) -> tuple[int, int] | None:
        """The first sentence of the line that ends behind a place."""
        text = self._document.text
        start = text.rfind("\n", 0, place) + 1
        if start not in self._of_lines:
            end = text.find("\n", place)
            line = text[start : len(text) if end < 0 else end]
            self._of_lines[start] = [(start + first, start + last) for first, last in split_sentences(line, self._lang)]
        return next((sentence for sentence in self._of_lines[start] if sentence[1] > place), None)
