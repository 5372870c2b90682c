"""Whether further records make a model better or worse; how whole models fare is in `test_train_command`."""

from __future__ import annotations

from typing import Any

from classifier.evaluation.comparison import Change, Comparison
from classifier.evaluation.scoring import score_predictions
from classifier.extraction.extractor import Extracted
from classifier.learning.samples import extract_record, samples

PROJECT: dict[str, Any] = {
    "id": "denmark",
    "title": "Denmark funds three-year project against human trafficking in Zambia",
    "text": "Denmark will give 2.4 million euros for a project against human trafficking. It will run for three years.",
    "lang": "en",
    "relevant": True,
    "new_project": True,
    "project": {"amount": 2_400_000, "currency": "EUR"},
}


def test_only_a_fall_beyond_chance_is_worse() -> None:
    better, alike, worse = Change("facts", 0.8, 0.9), Change("relevant", 0.99, 0.987), Change("new_project", 0.95, 0.94)
    assert Comparison((better, alike, worse), 1, 1, 0).falls == (worse,)
    assert Comparison((better, alike), 1, 1, 0).falls == ()


def test_facts_that_a_label_does_not_tell_of_teach_nothing() -> None:
    gathered: Extracted = extract_record(PROJECT)
    assert set(samples(PROJECT, gathered)) == {"amount"}
    assert [is_right for _, is_right in samples(PROJECT, gathered)["amount"]] == [True]


def test_facts_that_a_label_does_not_tell_of_are_not_scored() -> None:
    said = {
        "id": "denmark", "lang": "en", "relevant": True, "relevance": 0.9, "new_project": True,
        "new_project_probability": 0.9, "topic": "project",
        "project": {"amount": 2_400_000, "currency": "EUR", "funders": ["Denmark"], "duration_months": 36},
    }  # fmt: skip
    report = score_predictions([PROJECT], [said])
    assert (report.facts["amount"].right, report.facts["amount"].wrong) == (1, 0)
    assert all(
        (score.right, score.wrong, score.missed) == (0, 0, 0) for n, score in report.facts.items() if n != "amount"
    )
    assert report.mistakes == []
