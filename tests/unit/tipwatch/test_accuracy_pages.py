"""What is measured goes into the pages on accuracy between marks, and the words around it stay as they are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.accuracy_pages import languages_block, main, measured_block, with_block

ONE = {"right": 2, "wrong": 1, "missed": 0, "precision": 0.6667, "recall": 1.0, "f1": 0.8}
SCORES = {
    "relevant": {**ONE, "f1_interval": [0.5, 1.0], "calibration_error": 0.012},
    "new_project": {**ONE, "calibration_error": 0.031},
    "topic": {"right": 0.75},
    "languages": {"uk": {"articles": 3, "relevant": ONE, "new_project": ONE}},
    "facts": {"partners": ONE, "end": ONE},
}


def test_questions_come_first_then_the_facts_that_were_scored() -> None:
    table, told = measured_block(SCORES).split("\n\n")
    assert table.splitlines()[2:] == [
        "| about trafficking in persons | 0.667 | 1.000 | 0.800 | 0.500 to 1.000 |",
        "| a new project | 0.667 | 1.000 | 0.800 | – |",
        "| end | 0.667 | 1.000 | 0.800 | – |",
        "| partners | 0.667 | 1.000 | 0.800 | – |",
    ]
    assert "0.012 and 0.031" in told
    assert "75%" in told


def test_facts_that_were_marked_as_doubtful_are_told_apart() -> None:
    doubt = {"doubtful": {"right": 1, "wrong": 1}, "others": {"right": 9, "wrong": 1}}
    assert measured_block({**SCORES, "doubt": doubt}).endswith(
        "17% of the stated facts are marked as doubtful (“perhaps”): 50% of these are right, and 90% of the others."
    )


def test_a_language_that_one_collection_lacks_has_no_scores_there() -> None:
    assert languages_block({"languages": {}}, SCORES).splitlines()[2:] == [
        "| Ukrainian | 0 | – | – | 3 | 0.80 | 0.80 |"
    ]


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    page = "Before.\n<!-- x -->\nold\nrows\n<!-- /x -->\nAfter.\n"
    assert with_block(page, "x", r"new \1") == "Before.\n<!-- x -->\nnew \\1\n<!-- /x -->\nAfter.\n"


@pytest.mark.parametrize("page", ["no marks", "<!-- x -->\na\n<!-- /x -->\n" * 2])
def test_a_page_without_its_marks_or_with_them_twice_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="x"):
        with_block(page, "x", "new")


def test_both_pages_are_written_from_what_evaluate_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scores.json").write_text(json.dumps(SCORES))
    marks = "<!-- {0} -->\n\n<!-- /{0} -->\n"
    (tmp_path / "accuracy.md").write_text(marks.format("corpus") + marks.format("kept-apart"))
    (tmp_path / "model-card.md").write_text(marks.format("languages"))
    scores = str(tmp_path / "scores.json")
    monkeypatch.setattr(sys, "argv", ["accuracy_pages", scores, scores, "--docs", str(tmp_path)])
    main()
    assert (tmp_path / "accuracy.md").read_text().count(measured_block(SCORES)) == 2
    assert languages_block(SCORES, SCORES) in (tmp_path / "model-card.md").read_text()
