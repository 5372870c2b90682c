"""The terms of a vocabulary: counted by sentence, and found again where they stand."""

from __future__ import annotations

from collections import Counter

import pytest

from classifier.concepts import load_concepts
from classifier.features import read_text
from classifier.ngrams import Vocabulary, terms

_READING = read_text(
    "Project against trafficking",
    "The project starts in May 2026. The Ministry says that the project costs 3,000 euros.",
    load_concepts("en"),
)
_VOCABULARY = Vocabulary.learn([_READING], 1)


def test_every_term_of_a_text_is_counted_as_often_as_it_stands_there() -> None:
    _, columns = _VOCABULARY.columns_by_sentence(_READING)
    assert Counter(_VOCABULARY.words[column] for column in columns) == Counter(terms(_READING))


def test_a_term_is_found_in_its_sentence() -> None:
    for sentence, column in zip(*_VOCABULARY.columns_by_sentence(_READING), strict=True):
        words = _READING.sentences[sentence]
        first, last = _VOCABULARY.find(words, int(column))
        told = ["0" if word[0].isdigit() else word.lower() for word in words[first : last + 1]]
        assert " ".join(told) == _VOCABULARY.words[column]


def test_a_term_that_is_not_there_is_refused() -> None:
    column = _VOCABULARY.words.index("costs 0")
    with pytest.raises(ValueError, match="not in"):
        _VOCABULARY.find(_READING.sentences[1], column)
