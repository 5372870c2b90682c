"""What people decide holds, whatever a later crawl finds; ids go on answering; history tells who, when and why."""

from __future__ import annotations

from typing import Any

import pytest

from storage.corrections.entered_values import read_facts
from storage.corrections.facts import fix_fact
from storage.corrections.projects import merge_projects, split_article
from storage.corrections.requests import CorrectionRefused
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.projects.history import list_history
from storage.projects.listing import list_projects
from storage.projects.projects import Project, get_project
from tests.support.register_world import DAY, NOW, count, event, launch, retelling, tell

OTHER: dict[str, Any] = {
    "name": "Mountain Watch",
    "implementers": "Caritas Ararat",
    "funders": "Japan",
    "countries": "AM",
    "amount": 90_500.0,
}


def signed(why: str) -> DecidedBy:
    return DecidedBy("amina", why, NOW + DAY)


def two_projects(database: Database) -> tuple[str, str]:
    first, second = tell(
        database,
        launch(),
        launch("other", title="Mountain Watch begins", text="In Yerevan a shelter opens.", stated=OTHER),
    )
    assert first.project_id is not None
    assert second.project_id is not None
    assert first.project_id != second.project_id
    return first.project_id, second.project_id


def show(database: Database, public_id: str) -> Project:
    with database.reading() as connection:
        found = get_project(connection, public_id)
    assert found is not None
    return found


def test_a_merged_projects_id_goes_on_answering(database: Database) -> None:
    kept, gone = two_projects(database)
    database.write_now(merge_projects, kept, gone, by=signed("one grant"))
    project = show(database, gone)
    assert (project.public_id, project.former_ids) == (kept, (gone,))
    assert len(project.sources) == 2
    with database.reading() as connection:
        assert [one.public_id for one in list_projects(connection)] == [kept]


def test_an_id_survives_merge_upon_merge(database: Database) -> None:
    kept, gone = two_projects(database)
    [third] = tell(
        database,
        launch(
            "third", title="Faro opens", text="In Lima doors open.", stated={**OTHER, "name": "Faro", "countries": "PE"}
        ),
    )
    assert third.project_id is not None
    database.write_now(merge_projects, kept, gone, by=signed("one grant"))
    database.write_now(merge_projects, third.project_id, kept, by=signed("one programme"))
    assert show(database, gone).public_id == show(database, kept).public_id == third.project_id


def test_what_is_found_later_joins_the_merged_project(database: Database) -> None:
    kept, gone = two_projects(database)
    database.write_now(merge_projects, gone, kept, by=signed("one grant"))
    [later] = tell(database, retelling())
    assert later.project_id == gone


def test_an_article_that_was_split_off_is_never_joined_again(database: Database) -> None:
    [first] = tell(database, launch())
    [second] = tell(database, retelling())
    assert first.project_id == second.project_id
    assert first.project_id is not None
    fresh = database.write_now(split_article, first.project_id, second.article_id, by=signed("second grant"))
    assert fresh is not None
    tell(database, retelling("later", host="later.example", on=NOW + 3 * DAY), at=NOW + 3 * DAY)
    with database.reading() as connection:
        assert count(connection)[0] == 2
    links = show(database, first.project_id).links
    assert [(link.kind, link.public_id) for link in links] == [("apart", fresh.public_id)]


def test_news_that_was_split_off_becomes_a_story_that_no_rule_takes_back(database: Database) -> None:
    named = {"name": "Lantern Bridge Coast Project"}
    text = "The Lantern Bridge Coast Project of the Harbour Light Foundation was praised by Amina Cossa in Beira."
    [first] = tell(database, launch(stated=named))
    [news] = tell(database, event("news", title="Praise", text=text, on=NOW + DAY))
    assert news.project_id == first.project_id
    assert first.project_id is not None
    assert database.write_now(split_article, first.project_id, news.article_id, by=signed("only praise")) is None
    tell(database, retelling(stated=named), at=NOW + 3 * DAY)
    with database.reading() as connection:
        assert count(connection) == (1, 1)


def test_a_fact_set_by_hand_stands_whatever_is_found_later(database: Database) -> None:
    [made] = tell(database, launch(stated={"start": "2026-03"}))
    assert made.project_id is not None
    database.write_now(fix_fact, made.project_id, "start", "2026-06", by=signed("grant agreement"))
    tell(database, retelling(stated={"start": "2026-03"}), at=NOW + 2 * DAY)
    project = show(database, made.project_id)
    assert project.facts.facts.start == "2026-06"
    assert [c.value for c in project.facts.start] == ["2026-06"]
    assert "start" not in project.facts.conflicts


def test_a_merge_can_be_undone_article_by_article(database: Database) -> None:
    kept, gone = two_projects(database)
    merged = database.write_now(merge_projects, kept, gone, by=signed("one grant"))
    article_id = next(one.id for one in merged.sources if one.title.startswith("Mountain"))
    fresh = database.write_now(split_article, kept, article_id, by=signed("two after all"))
    assert fresh is not None
    assert fresh.facts.facts.name == "Mountain Watch"
    assert show(database, kept).facts.facts.countries == ("MZ",)


def test_the_history_tells_who_when_and_why(database: Database) -> None:
    kept, gone = two_projects(database)
    database.write_now(fix_fact, kept, "amount", "USD 3000000", by=signed("press officer"))
    database.write_now(merge_projects, kept, gone, by=DecidedBy("bo", "one grant", NOW + 2 * DAY))
    with database.reading() as connection:
        history = list_history(connection, gone)
    by_people = [(one.kind, one.who, one.why, one.at) for one in history if one.is_human]
    assert by_people == [
        ("fix", "amina", "press officer", NOW + DAY),
        ("merge", "bo", "one grant", NOW + 2 * DAY),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [("budget", "3"), ("countries", "Kenya"), ("amount", "a lot"), ("amount", "USD 3.000"), ("start", "soon"),
     ("duration_months", "-3"), ("start", "2026-02-30"), ("end", "2026-13"), ("countries", "XX"),
     ("amount", "XYQ 3000000"), ("amount", "USD 0"), ("amount", "0.00 EUR"),
     ("name", "x" * 301), ("name", "Lantern\x1b[31m"), ("people", "99999999999")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_changes_nothing(database: Database, field: str, value: str) -> None:
    [made] = tell(database, launch())
    assert made.project_id is not None
    before = show(database, made.project_id)
    with pytest.raises(CorrectionRefused):
        database.write_now(fix_fact, made.project_id, field, value, by=signed(""))
    assert show(database, made.project_id) == before


def test_each_value_of_a_list_counts_once_and_names_are_one_line(database: Database) -> None:
    [made] = tell(database, launch())
    assert made.project_id is not None
    database.write_now(fix_fact, made.project_id, "countries", "KE; ke;; TZ", by=signed(""))
    database.write_now(fix_fact, made.project_id, "name", " Lantern\nBridge  II ", by=signed(""))
    facts = show(database, made.project_id).facts.facts
    assert (facts.countries, facts.name) == (("KE", "TZ"), "Lantern Bridge II")


@pytest.mark.parametrize(("field", "given"), [("end", "2026-02-28"), ("end", "2025"), ("start", "2031")])
def test_an_end_before_the_start_is_refused(database: Database, field: str, given: str) -> None:
    [made] = tell(database, launch(stated={"start": "2026-03", "end": "2030-06"}))
    assert made.project_id is not None
    with pytest.raises(CorrectionRefused, match="before the start"):
        database.write_now(fix_fact, made.project_id, field, given, by=signed(""))
    kept = show(database, made.project_id).facts.facts
    assert (kept.start, kept.end) == ("2026-03", "2030-06")


@pytest.mark.parametrize("end", ["2026", "2026-03", "2026-03-01", "2040", ""])
def test_an_end_that_may_lie_after_the_start_is_taken(database: Database, end: str) -> None:
    [made] = tell(database, launch(stated={"start": "2026-03"}))
    assert made.project_id is not None
    database.write_now(fix_fact, made.project_id, "end", end, by=signed(""))
    assert show(database, made.project_id).facts.facts.end == (end or None)


@pytest.mark.parametrize(("code", "meant"), [("UK", "GB"), ("Kenya", "KE"), ("el", "GR")])
def test_a_country_that_is_not_iso_is_refused_with_the_code_that_may_be_meant(code: str, meant: str) -> None:
    with pytest.raises(CorrectionRefused) as refused:
        read_facts({"countries": code})
    assert f"did you mean {meant}" in str(refused.value.hint)


def test_corrections_of_what_is_not_there_are_refused(database: Database) -> None:
    [made] = tell(database, launch())
    assert made.project_id is not None
    with pytest.raises(CorrectionRefused, match="there is no project"):
        database.write_now(merge_projects, made.project_id, "P-222222", by=signed(""))
    with pytest.raises(CorrectionRefused, match="already one project"):
        database.write_now(merge_projects, made.project_id, made.project_id, by=signed(""))
    with pytest.raises(CorrectionRefused, match="the only one"):
        database.write_now(split_article, made.project_id, made.article_id, by=signed(""))
