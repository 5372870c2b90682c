"""Predictions are scored as the corpus' guide says."""

from __future__ import annotations

from typing import Any

import pytest

from classifier.corpus import folds_of
from classifier.evaluation.predictions import prediction
from classifier.evaluation.scoring import Report, Score, score_predictions
from classifier.judge import Judge
from tests.support.judged_articles import NEW_PROJECT, TRIAL

NOTHING: dict[str, Any] = {
    "name": None,
    "implementers": [],
    "funders": [],
    "partners": [],
    "countries": [],
    "amount": None,
    "currency": None,
    "start": None,
    "end": None,
    "duration_months": None,
}


def record(*, relevant: bool, new_project: bool, **fields: Any) -> dict[str, Any]:
    return {"id": "a", "lang": "en", "topic": "event", "relevant": relevant, "new_project": new_project, **fields}


def answer(*, relevant: bool, new_project: bool, **fields: Any) -> dict[str, Any]:
    numbers = {"relevance": float(relevant), "new_project_probability": float(new_project)}
    return record(relevant=relevant, new_project=new_project, **numbers, **fields)


def score_facts(gold: dict[str, Any], said: dict[str, Any]) -> Report:
    return score_predictions(
        [record(relevant=True, new_project=True, project=NOTHING | gold)],
        [answer(relevant=True, new_project=True, project=NOTHING | said)],
    )


def test_right_wrong_and_missed_answers_are_counted_by_question_and_language() -> None:
    gold, said = [True, True, False, False], [True, False, True, False]
    records = [record(relevant=one, new_project=False) for one in gold]
    records[3]["lang"] = "fr"
    report = score_predictions(records, [answer(relevant=one, new_project=False) for one in said])
    assert report.questions["relevant"] == Score(right=1, wrong=1, missed=1)
    assert report.questions["relevant"].f1 == 0.5
    assert {lang: group.articles for lang, group in report.languages.items()} == {"en": 3, "fr": 1}
    assert report.languages["fr"].questions["relevant"] == Score()


def test_borderline_records_are_left_out() -> None:
    both = {"relevant": True, "new_project": False}
    report = score_predictions(
        [record(**both, borderline=True), record(**both)],
        [answer(relevant=False, new_project=False), answer(**both)],
    )
    assert (report.articles, report.borderline_left_out, report.questions["relevant"].f1) == (1, 1, 1.0)


@pytest.mark.parametrize(
    ("fact", "gold", "said", "is_right"),
    [
        ("amount", {"amount": 1_000_000, "currency": "EUR"}, {"amount": 1_005_000, "currency": "EUR"}, True),
        ("amount", {"amount": 1_000_000, "currency": "EUR"}, {"amount": 1_000_000, "currency": "USD"}, False),
        ("amount", {"amount": 1_000_000, "currency": "EUR"}, {"amount": 1_100_000, "currency": "EUR"}, False),
        ("start", {"start": "2024-05"}, {"start": "2024-05-06"}, True),
        ("start", {"start": "2024-05"}, {"start": "2024"}, True),
        ("start", {"start": "2024-05"}, {"start": "2024-06"}, False),
        ("duration_months", {"duration_months": 36}, {"duration_months": 36}, True),
        ("duration_months", {"duration_months": 36}, {"duration_months": 30}, False),
        ("name", {"name": "Safe Harbour"}, {"name": "the Safe Harbour project"}, True),
        ("name", {"name": "Safe Harbour"}, {"name": "Fair Start"}, False),
        ("countries", {"countries": ["ZM"]}, {"countries": ["zm"]}, True),
        ("funders", {"funders": ["International Labour Organization"]}, {"funders": ["ILO"]}, True),
        ("funders", {"funders": ["Denmark"]}, {"funders": ["Norway"]}, False),
    ],
)
def test_facts_agree_as_the_guide_says(fact: str, gold: dict[str, Any], said: dict[str, Any], is_right: bool) -> None:
    score = score_facts(gold, said).facts[fact]
    assert (score.right, score.wrong, score.missed) == ((1, 0, 0) if is_right else (0, 1, 1))


def test_a_project_that_was_not_called_one_counts_as_without_facts() -> None:
    gold = record(relevant=True, new_project=True, project=NOTHING | {"countries": ["ZM", "MW"]})
    found = answer(relevant=True, new_project=False, project=NOTHING | {"countries": ["ZM", "MW"]})
    assert score_predictions([gold], [found]).facts["countries"] == Score(missed=2)


def test_a_report_reads_well_and_survives_json(judge: Judge) -> None:
    verdicts = [prediction("a", judge.judge(NEW_PROJECT)), prediction("a", judge.judge(TRIAL))]
    gold = [
        record(relevant=True, new_project=True, project=NOTHING | {"countries": ["ZM"]}),
        record(relevant=True, new_project=False),
    ]
    report = score_predictions(gold, verdicts)
    assert "new project            1.000" in report.as_text()
    assert "countries" in report.as_text()
    plain = report.as_json()
    assert plain["new_project"]["f1"] == 1.0
    assert plain["languages"]["en"]["articles"] == 2
    assert plain["facts"]["countries"]["right"] == 1


def test_records_of_one_story_share_a_fold() -> None:
    records = [
        record(relevant=i % 3 > 0, new_project=i % 3 > 1, id=f"r{i}", story=f"s{i % 40}" if i % 2 else None)
        for i in range(300)
    ]
    folds = folds_of(records, 5).tolist()
    by_story: dict[str, set[int]] = {}
    for one, fold in zip(records, folds, strict=True):
        by_story.setdefault(one["story"] or one["id"], set()).add(fold)
    assert all(len(parts) == 1 for parts in by_story.values())
    assert {folds.count(part) for part in range(5)} <= set(range(50, 71)), "the folds are of like size"


def test_the_bounds_of_a_score_hold_it_and_narrow_with_more_stories() -> None:
    def bounds(stories: int) -> tuple[float, float]:
        gold = [record(relevant=True, new_project=False, story=str(at)) for at in range(stories)]
        said = [answer(relevant=at % 4 > 0, new_project=False) for at in range(stories)]
        score = score_predictions(gold, said).questions["relevant"]
        assert score.interval is not None
        assert score.interval[0] < score.f1 < score.interval[1]
        return score.interval

    few, many = bounds(20), bounds(400)
    assert many[1] - many[0] < (few[1] - few[0]) / 2


def test_articles_of_one_story_are_drawn_together() -> None:
    gold = [record(relevant=True, new_project=False, story=str(at // 20)) for at in range(80)]
    said = [answer(relevant=at < 40, new_project=False) for at in range(80)]
    told_once = score_predictions(gold, said).questions["relevant"].interval
    assert told_once is not None
    assert told_once[1] - told_once[0] > 0.5


def test_every_wrong_answer_is_listed_with_what_was_wanted() -> None:
    report = score_facts({"name": "Safe Ports", "amount": 10.0, "currency": "EUR"}, {"name": None, "amount": 10.0})
    assert [(m.about, m.wanted, m.said) for m in report.mistakes] == [
        ("name", "Safe Ports", None),
        ("amount", [10.0, "EUR"], [10.0, None]),
    ]
    assert "name: Safe Ports, said none" in report.mistakes[0].as_text()


def test_what_was_stated_as_doubtful_is_counted_apart() -> None:
    wanted = {"funders": ["Norway", "Chile"], "amount": 3_000_000, "currency": "USD"}
    said = {"funders": ["Norway", "Peru"], "amount": 3_000_000, "currency": "USD", "start": "2026"}
    gold = [record(relevant=True, new_project=True, project=NOTHING | wanted)]
    found = answer(relevant=True, new_project=True, project=NOTHING | said)
    marked = {**found, "doubtful": {"funders": ("Peru",), "amount": ("3000000.0",)}}
    report = score_predictions(gold, [marked])
    assert {name: (one.right, one.wrong) for name, one in report.doubt.items()} == {
        "doubtful": (1, 1), "others": (1, 1),
    }  # fmt: skip
    assert "doubtful 50% of 2 right, others 50% of 2 right" in report.as_text()
    assert score_predictions(gold, [found]).doubt == {}
