"""Activities of IATI find the projects that they are, by name, organisations, sum and dates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from storage.corrections.facts import fix_fact
from storage.corrections.iati_ids import IatiMatch, give_iati_id
from storage.corrections.requests import CorrectionRefused
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


@pytest.mark.parametrize("iati_id", ["", "tipwatch-P-7K2M4Q", "to be defined", "1234"])
def test_an_activity_without_an_identifier_of_a_publisher_has_none_to_give(
    database: Database, lantern: str, iati_id: str
) -> None:
    assert give(database, iati_id).outcome == "unidentified"
    with database.reading() as connection:
        project = get_project(connection, lantern)
    assert project
    assert project.iati_id is None


@pytest.mark.parametrize("iati_id", ["foo bar", "1234", "tipwatch-P-7K2M4Q"])
def test_what_is_no_identifier_of_a_publisher_cannot_be_set_by_hand(
    database: Database, lantern: str, iati_id: str
) -> None:
    with pytest.raises(CorrectionRefused, match="not an IATI identifier"):
        database.write_now(fix_fact, lantern, "iati_id", iati_id, by=DecidedBy("ana", "", NOW))


def test_an_identifier_of_another_project_is_refused_with_the_merge_that_may_be_meant(
    database: Database, lantern: str
) -> None:
    give(database)
    [other] = tell(database, launch("other", stated={"name": "Harbour Light", "countries": "VN", "funders": "Japan"}))
    assert other.project_id is not None
    with pytest.raises(CorrectionRefused, match=f"is the identifier of {lantern}") as refused:
        database.write_now(fix_fact, other.project_id, "iati_id", IDENTIFIER, by=DecidedBy("ana", "", NOW))
    assert f"tipwatch projects merge {lantern} {other.project_id}" in str(refused.value.hint)
    assert database.write_now(fix_fact, lantern, "iati_id", IDENTIFIER, by=DecidedBy("ana", "", NOW)).iati_id
