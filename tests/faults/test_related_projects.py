"""Projects that follow, belong to or add money to others, told to the register in any order, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from storage.corrections.projects import merge_projects
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.projects.projects import get_project
from tests.support.register_world import DAY, NOW, Telling, launch, tell

SHELTER = {"name": "Casa Amanecer", "countries": "HN", "funders": "Spain", "implementers": "Calidad de Vida"}
SECOND = "A second shelter will open in Choluteca with another 500,000 euros. Its first is Casa Amanecer."


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with Database.open(database_url) as one:
        yield one


def told(key: str, title: str, text: str, on: datetime, **stated: Any) -> Telling:
    return launch(key, title=title, text=text, on=on, stated=stated)


def first(**more: Any) -> Telling:
    return told(
        "first", "A roof in San Pedro", "Some who escaped shall sleep here.", NOW, amount=1.1e6, **SHELTER | more
    )


def top_up() -> Telling:
    later = SHELTER | {"name": "Choluteca Doors", "amount": 500_000.0}
    return told("more", "Second roof for the south", SECOND, NOW + 500 * DAY, **later)


def links(database: Database, public_id: str | None) -> list[tuple[str, str]]:
    with database.reading() as connection:
        project = get_project(connection, public_id or "")
    assert project is not None
    return [(link.kind, link.public_id) for link in project.links]


@pytest.mark.parametrize("is_later_first", [False, True])
@pytest.mark.parametrize("is_one_batch", [False, True])
def test_a_top_up_supplements_its_project_in_any_order(
    database: Database, is_later_first: bool, is_one_batch: bool
) -> None:
    tellings = [top_up(), first()] if is_later_first else [first(), top_up()]
    answers = tell(database, *tellings) if is_one_batch else [tell(database, one)[0] for one in tellings]
    more, project = answers if is_later_first else answers[::-1]
    assert project.project_id is not None
    assert links(database, more.project_id) == [("supplements", project.project_id)]
    assert links(database, project.project_id) == []


@pytest.mark.parametrize("is_award_first", [False, True])
def test_an_award_is_part_of_its_programme_in_any_order(database: Database, is_award_first: bool) -> None:
    whole = told("all", "Nine win", "Money for nine.", NOW, name="Safer Nets Fund", funders="Home Office",
                 implementers=("A", "B"), countries="GB", amount=4e6)  # fmt: skip
    award = told("one", "Tide Aid wins", "The grant is part of the Safer Nets Fund.", NOW + 20 * DAY,
                 name="Humber Night Line", funders="Office for Tides", implementers="Tide Aid", countries="GB",
                 amount=4e5)  # fmt: skip
    answers = [tell(database, one)[0] for one in ([award, whole] if is_award_first else [whole, award])]
    part, programme = answers if is_award_first else answers[::-1]
    assert programme.project_id is not None
    assert links(database, part.project_id) == [("part-of", programme.project_id)]
    assert links(database, programme.project_id) == []


def test_what_follows_a_project_follows_the_one_into_which_that_is_merged(database: Database) -> None:
    [one] = tell(database, first())
    [more] = tell(database, top_up())
    [other] = tell(database, launch())
    assert one.project_id is not None
    assert other.project_id is not None
    database.write_now(merge_projects, other.project_id, one.project_id, by=DecidedBy("ana", "it is so", NOW))
    assert links(database, more.project_id) == [("supplements", other.project_id)]


def test_houses_with_numbers_do_not_follow_each_other(database: Database) -> None:
    one = told("one", "Doors open", "The Harbour 1 house takes in six.", NOW, name="Harbour 1")
    two = told("two", "More doors", "The Harbour 2 house takes in ten.", NOW + 400 * DAY, name="Harbour 2", amount=9e5)
    answers = [tell(database, each)[0] for each in (one, two)]
    assert answers[0].project_id != answers[1].project_id
    assert "follows" not in {kind for answer in answers for kind, _ in links(database, answer.project_id)}
