"""Why a verdict came out as it did: the words that weighed most, each with the sentence it stands in, and the sentences
that weighed by what they do.

In: the document, its reading and the model. Out: `Reason`s, the weightiest first. Words weigh what they and their tags
add to the log-odds of the verdict; what tags say together belongs to each alike (Shapley, A Value for n-Person Games,
1953). A sentence's weight says how much lower they would be if it did nothing.
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
from classifier.knowledge import sign_tags
from classifier.model import Head, Model, Row
from classifier.profiles import pair_tags
from classifier.sentences import split_sentences

__all__ = ["Explainer"]

_MOST = 4
"""Reasons for, and as many against, each question: what a person reads at a glance."""

_MOST_SENTENCES = 2
"""Sentences for, and as many against, that weigh by what they do; the words of others are shown anyway."""

_FIRST_WORDS = 6
"""Of a sentence: by them a person finds it."""

_LEAST = 0.05
"""Log-odds below which a word decided nothing (one percent at even odds)."""

_LEAST_OF_A_TERM = 0.2
"""Log-odds from which on a term of the vocabulary is looked for: of an article's hundreds most weigh next to nothing,
and words such as "of" hardly more."""

_Place = tuple[int, int, int]
"""A sentence of the reading, and its first and last word that are meant."""


@dataclass(slots=True)
class Explainer:
    """Explains the answers to both questions about one document."""

    document: Document
    lang: str
    reading: Reading
    model: Model
    row: Row
    _places: _Places = field(init=False)
    _tag_places: dict[int, _Place] = field(init=False)
    _owners: dict[tuple[int, int], _Place] = field(init=False)
    _pair_tags: tuple[NDArray[np.intp], NDArray[np.intp]] = field(init=False)
    _found: dict[_Place, tuple[str, Evidence]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Makes what both questions ask for: where each tag stands first, which of these places holds a word, and the
        tags of each pair."""
        self._places = _Places(self.document, self.lang, self.reading.starts)
        self._tag_places = {hit.tag: hit[1:] for hit in reversed(self.reading.hits)}
        self._owners = {
            (sentence, word): (sentence, first, last)
            for sentence, first, last in self._tag_places.values()
            for word in range(first, last + 1)
        }
        self._pair_tags = pair_tags(self.row.pairs)

    def explain(self, about: Literal["relevant", "new_project"], head: Head) -> list[Reason]:
        """What spoke most for and most against, the weightiest first."""
        of_columns = head.slope * head.columns.take(self.row.columns) * self.row.values
        words = len(self.row.columns) - len(self.row.pairs)
        of_signs = (head.slope * head.signs * self.row.signs)[: len(sign_tags())] @ sign_tags()
        of_tags = of_signs + self._of_pairs(of_columns[words:])
        weights = dict.fromkeys(self._tag_places.values(), 0.0)
        for tag, place in self._tag_places.items():
            weights[place] += float(of_tags[tag])
        for at in (np.abs(of_columns[:words]) >= _LEAST_OF_A_TERM).nonzero()[0]:
            place = self._place_of_term(int(self.row.columns[at]))
            weights[place] = weights.get(place, 0.0) + float(of_columns[at])
        order = sorted(weights, key=lambda place: -abs(weights[place]))
        reasons: list[Reason] = []
        for sign in (1, -1):
            chosen = [place for place in order if weights[place] * sign >= _LEAST][:_MOST]
            reasons += [self._reason(about, place, weights[place]) for place in chosen]
        reasons += self._of_sentences(about, head.slope * head.signs[len(sign_tags()) :])
        return sorted(reasons, key=lambda r: -abs(r.weight))

    def _of_sentences(
        self, about: Literal["relevant", "new_project"], weights: NDArray[np.floating[Any]]
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
                    words, evidence = self._places.of(number, 0, min(_FIRST_WORDS, count) - 1)
                    letter = FUNCTIONS[int((shares[number] * sign).argmax())]
                    yield Reason(about, words, round(float(together[number]), 3), evidence, DOES[letter])

    def _of_pairs(self, weights: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """What pairs of the profile weigh, half of it to either tag; a number a tag."""
        first, second = self._pair_tags
        return np.asarray(np.bincount(first, weights, len(TAGS)) + np.bincount(second, weights, len(TAGS))) / 2

    def _place_of_term(self, column: int) -> _Place:
        """Where a term of the vocabulary stands first; where a tag's own words hold it, all of these."""
        sentences, columns = self.row.terms
        sentence = int(sentences[(columns == column).argmax()])
        first, last = self.model.vocabulary.find(self.reading.sentences[sentence], column)
        owners = (self._owners.get((sentence, word)) for word in (first, last))
        return next(filter(None, owners), (sentence, first, last))

    def _reason(self, about: Literal["relevant", "new_project"], place: _Place, weight: float) -> Reason:
        if place not in self._found:  # both questions may turn on the same words
            self._found[place] = self._places.of(*place)
        words, evidence = self._found[place]
        return Reason(about, words, round(weight, 3), evidence)


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
