"""What each sentence of an article does, as the model reads it."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from classifier.concepts import load_concepts
from classifier.corpus import document_of, folds_of, read_corpus
from classifier.features import read_text
from classifier.functions import (
    FUNCTIONS,
    POOLED,
    Functions,
    SentenceRows,
    pool,
    sentence_rows,
    sentence_shares,
)
from classifier.language import language_of
from classifier.learn_functions import learn_functions
from classifier.model import Model
from classifier.ngrams import Vocabulary
from classifier.sequences import pairs_by_sentence
from tipwatch.resources import seeds_folder


def rows_of(title: str, text: str, vocabulary: Vocabulary, lang: str = "en") -> SentenceRows:
    reading = read_text(title, text, load_concepts(lang))
    return sentence_rows(reading, vocabulary.columns_by_sentence(reading), pairs_by_sentence(reading), len(vocabulary))


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load()


def chance(model: Model, title: str, text: str, sentence: int, letter: str) -> float:
    rows = rows_of(title, text, model.vocabulary)
    return float(model.functions.chances(rows)[sentence, FUNCTIONS.index(letter)])


def test_a_launch_below_a_headline_on_crime_is_seen(model: Model) -> None:
    title = "Three held over trafficking of girls to the coast"
    text = (
        "Police arrested three men on Monday on suspicion of trafficking girls to coastal bars.\n\n"
        "Meanwhile the charity Harbour Light launched a three-year project against human trafficking, "
        "funded by the European Union with 2 million euros.\n\nThe men are due in court on Friday."
    )
    launch, arrest = (chance(model, title, text, sentence, "N") for sentence in (2, 1))
    assert launch > 0.9 > 0.6 > arrest


def test_results_of_what_runs_are_no_launch(model: Model) -> None:
    text = "Since 2015 the project has trained 400 judges and helped 1,200 survivors of trafficking."
    assert chance(model, "Report on a shelter", text, 1, "R") > chance(model, "Report on a shelter", text, 1, "N")


def test_a_text_of_any_length_gives_as_many_numbers(model: Model) -> None:
    for title, text in (("", ""), ("Headline alone", ""), ("", "A sentence."), ("H", "One. Two three. " * 40)):
        pooled = pool(model.functions.chances(rows_of(title, text, model.vocabulary)))
        assert pooled.shape == (POOLED,)
        assert ((pooled >= 0) & (pooled <= 1)).all()


@given(st.integers(1, 9), st.randoms(use_true_random=False))
def test_a_sentence_weighs_what_would_be_missing_if_it_did_nothing(sentences: int, random: Random) -> None:
    draw = np.random.default_rng(random.getrandbits(32))
    chances, weights = draw.random((sentences, len(FUNCTIONS))), draw.normal(size=POOLED)
    for number, share in enumerate(sentence_shares(chances, weights)):
        without = chances.copy()
        without[number] = 0
        missing = weights * (pool(chances) - pool(without))
        assert share == pytest.approx(missing.reshape(-1, len(FUNCTIONS)).sum(0), abs=1e-9)


def test_what_was_taught_no_sentences_tells_nothing() -> None:
    rows = rows_of("Headline", "A sentence.", Vocabulary([], np.zeros(0, np.float32)))
    assert not Functions.none().chances(rows).any()
    learnt, pooled = learn_functions([rows], [None], np.zeros(1, np.intp), 0)
    assert not learnt.chances(rows).any()
    assert not pooled.any()


def test_letters_for_another_number_of_sentences_are_left_out() -> None:
    rows = rows_of("Headline", "A sentence.", Vocabulary([], np.zeros(0, np.float32)))
    learnt, _ = learn_functions([rows], ["NDD"], np.zeros(1, np.intp), 0, at_least=1)
    assert len(learnt.weights) == 0


Taught = tuple[list[dict[str, Any]], list[SentenceRows], Functions, NDArray[np.float64]]


@pytest.fixture(scope="module")
def taught() -> Taught:
    records = [r for r in read_corpus(seeds_folder() / "corpus" / "dev.jsonl") if "functions" in r][:40]
    readings = [read_text(r["title"], r["text"], load_concepts(language_of(document_of(r)))) for r in records]
    vocabulary = Vocabulary.learn(readings, 2)
    rows = [rows_of(r["title"], r["text"], vocabulary, language_of(document_of(r))) for r in records]
    letters = [r["functions"] for r in records]
    return records, rows, *learn_functions(rows, letters, folds_of(records, 2), len(vocabulary), at_least=1)


def test_what_is_taught_is_told_again(taught: Taught) -> None:
    records, rows, learnt, _ = taught
    told = "".join(FUNCTIONS[i] for row in rows for i in learnt.chances(row).argmax(1))
    wanted = "".join(r["functions"] for r in records)
    assert sum(a == b for a, b in zip(told, wanted, strict=True)) > 0.7 * len(wanted)


def test_the_numbers_an_article_teaches_with_come_from_models_that_did_not_see_it(taught: Taught) -> None:
    records, rows, learnt, pooled = taught
    seen = np.array([pool(learnt.chances(row)) for row in rows])
    start = FUNCTIONS.index("N")  # of the headline
    of_starts = [at for at, record in enumerate(records) if record["functions"][0] == "N"]
    assert seen[of_starts, start].mean() > pooled[of_starts, start].mean() > 0


def test_what_a_sentence_does_is_told_by_what_stands_around_it(taught: Taught) -> None:
    _, _, learnt, _ = taught
    alone = np.full((3, len(FUNCTIONS)), 0.05)
    alone[:, FUNCTIONS.index("D")] = 0.3
    below_a_start, below_a_crime = alone.copy(), alone.copy()
    below_a_start[0, FUNCTIONS.index("N")] = below_a_crime[0, FUNCTIONS.index("C")] = 0.9
    facts = [learnt.second_look.chances(one)[1, FUNCTIONS.index("D")] for one in (below_a_start, below_a_crime)]
    assert facts[0] > facts[1]


def test_the_chances_of_a_second_look_sum_to_one(taught: Taught) -> None:
    _, rows, learnt, _ = taught
    for row in rows[:5]:
        assert learnt.chances(row).sum(1) == pytest.approx(1)
