"""Activities of IATI find the projects that they are, by name, organisations, sum and dates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from storage.corrections.iati_ids import IatiMatch, give_iati_id
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.projects.projects import get_project
from tests.support.register_world import NOW, facts, launch, read, tell

IDENTIFIER = "NO-BRC-971277882-MOZ-1"


def give(database: Database, iati_id: str = IDENTIFIER, **stated: Any) -> IatiMatch:
    its = facts(**stated)
    activity = read(
        "activity", title=its.name or "", text=f"{its.name}. Against child trafficking.", read_from="import"
    )
    undated = replace(activity, published_at=None)
    return database.write_now(give_iati_id, iati_id, undated, its, by=DecidedBy("ana", "import", NOW))


@pytest.fixture
def lantern(database: Database) -> str:
    [made] = tell(database, launch())
    assert made.project_id
    return made.project_id


def test_the_same_project_gets_the_identifier_and_no_article(database: Database, lantern: str) -> None:
    assert (give(database).outcome, give(database).outcome) == ("given", "known")
    with database.reading() as connection:
        project = get_project(connection, lantern)
    assert project
    assert (project.iati_id, len(project.sources)) == (IDENTIFIER, 1)


def test_a_project_keeps_the_identifier_it_has(database: Database, lantern: str) -> None:
    give(database)
    assert give(database, "NO-BRC-971277882-MOZ-2").other_id == IDENTIFIER


def test_an_activity_of_another_project_gives_nothing(database: Database, lantern: str) -> None:
    other = {"name": "Clean Water Now", "implementers": "Well Trust", "funders": "Japan", "countries": "VN"}
    assert give(database, **other, amount=90_000.0).outcome == "unknown"


def test_what_may_be_either_is_left_to_a_person(database: Database, lantern: str) -> None:
    found = give(database, name="Counter-trafficking in Mozambique", amount=None, currency=None)
    assert (found.outcome, found.project_id) == ("perhaps", lantern)
    assert found.reason
