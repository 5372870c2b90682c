"""Where a candidate for a project's name stands, what closes it, and what is no name for where it stands."""

from __future__ import annotations

import pytest

from classifier.extraction.candidates import Candidate
from classifier.extraction.linear import Linear
from classifier.extraction.names.choice import choose_name
from tests.support.fact_reading import candidates_in


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "She leads “ISN7: Matching Beds and Needs”, for two years.", "ISN7: Matching Beds and Needs"),
        ("en", "They call it “We Are Not Goods” here.", "We Are Not Goods"),
        ("it", "Di.Ri.T.T.I. parte a maggio.", "Di.Ri.T.T.I"),
        ("en", "A sum goes to a new project, the Delta Slavery Collaborative, in May.", "Delta Slavery Collaborative"),
        ("es", "Nace un nuevo proyecto, la Red Puerto Libre, en mayo.", "Red Puerto Libre"),
    ],
)
def test_a_name_is_found_by_its_capitals_and_by_what_it_is_called_before(lang: str, text: str, name: str) -> None:
    assert any(found.startswith(name) for found in candidates_in(text, lang))


def test_a_first_line_by_itself_may_be_the_name_without_its_years() -> None:
    text = "Prevention of bonded work through fair credit (2031-2034)\nIt begins in May in three towns."
    found = candidates_in(text)
    assert "kind:heading" in found["Prevention of bonded work through fair credit"].features


@pytest.mark.parametrize("text", ["It begins in May in three towns.", "Where: the north\nIt begins.", "12 May 2031"])
def test_a_sentence_a_label_and_a_date_are_no_headings(text: str) -> None:
    assert not any("kind:heading" in one.features for one in candidates_in(text).values())


@pytest.mark.parametrize(
    "text",
    [
        "The board approved the Memorandum of Understanding.",
        "The mayor may sign a Cooperative Agreement.",
        "The city has a $535K Award for Beds.",
    ],
)
def test_a_paper_that_is_signed_and_the_rest_of_a_sum_are_no_names(text: str) -> None:
    assert not {"Memorandum of Understanding", "Cooperative Agreement", "K Award for Beds"} & set(candidates_in(text))


def test_a_short_form_in_brackets_is_no_name_by_itself() -> None:
    assert "(SAFE!)" not in candidates_in("", title="Stop All Forced Labour Everywhere! (SAFE!)")


def test_a_label_for_a_project_stands_before_its_name_on_a_sheet_in_any_language() -> None:
    found = candidates_in("Projekt: Safe Roads\nLand: Nigeria\nTräger: Haus Nord", "de")
    assert "label-project-right" in found["Safe Roads"].features


def test_of_two_names_alike_the_one_that_is_a_body_gives_way() -> None:
    found = [Candidate(name, features=["name"]) for name in ("Harbour Trust", "Safe Roads")]
    alone, among = Linear(0.2, {}, 0.25), Linear(0.0, {})
    chosen = choose_name(found, alone, among, {"Harbour Trust": 0.9, "Safe Roads": 0.1}.__getitem__)
    assert chosen is not None
    assert chosen.value == "Safe Roads"


def test_a_project_that_has_the_name_of_a_body_is_still_named() -> None:
    chosen = choose_name([Candidate("Harbour Trust")], Linear(2.0, {}, 0.25), Linear(2.0, {}), lambda _: 1.0)
    assert chosen is not None
