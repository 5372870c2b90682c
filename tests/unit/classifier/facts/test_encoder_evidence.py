"""What the encoder's scores of candidates become for the models that choose among them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.document import Document
from classifier.encoder.tags import TaggedSpan
from classifier.extraction.candidates import Candidate
from classifier.extraction.encoder_evidence import add_evidence
from classifier.schema import KINDS
from classifier.text.parsed_text import parse_text


class Scores:
    """A scorer that says of each candidate in turn how sure it is, whatever the kind; None of one it did not read."""

    tags: Sequence[TaggedSpan] = ()

    def __init__(self, *scores: float | None) -> None:
        self._scores = [np.nan if score is None else score for score in scores]

    def score_candidates(self, mentions: Sequence[Sequence[tuple[int, int]]]) -> NDArray[np.float32]:
        assert len(mentions) == len(self._scores)
        return np.array([[score] * len(KINDS) for score in self._scores], np.float32)


def leads(kind: str, *scores: float | None) -> list[list[str]]:
    """The features that say how far each of some candidates is above the best of the others."""
    sentence = parse_text(Document("", "The house on the quay has beds for forty women."), "en").sentences[0]
    candidates = [Candidate(number, [(sentence, number, number + 1)]) for number in range(len(scores))]
    add_evidence([((kind,), candidates)], "", Scores(*scores))
    return [[one.partition("-lead>")[2] for one in found.features if "-lead>" in one] for found in candidates]


def test_a_candidate_is_measured_by_the_best_of_the_others() -> None:
    assert leads("people", 1.5, -2.0, -3.0) == [["-4", "-2", "-1", "0", "1", "2"], ["-4"], []]


def test_two_that_are_alike_lead_by_nothing() -> None:
    assert leads("people", 0.5, 0.5) == [["-4", "-2", "-1"]] * 2


def test_who_is_alone_leads_and_what_was_not_read_leads_nobody() -> None:
    assert leads("people", -1.0) == [["-4", "-2", "-1", "0", "1", "2", "4"]]
    assert leads("people", None, -1.0)[0] == []
    assert leads("people", None, -1.0)[1] == leads("people", -1.0)[0]


def test_organisations_of_which_several_have_one_part_are_no_rivals() -> None:
    assert leads("partners", 1.5, -2.0) == [[], []]
