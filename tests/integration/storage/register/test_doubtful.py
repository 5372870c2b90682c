"""How likely a fact was read right goes with it from the article to what readers see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from storage.corrections.facts import fix_fact
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.projects.projects import Project, get_project
from storage.register.reprocess import reprocess_articles
from tests.support.register_world import NOW, Telling, launch, retelling, tell
from tipwatch.cli.project_views import as_record

UNSURE: dict[str, Any] = {"amount": {"2340000.0": 0.5}, "funders": {"Norway": 0.4}, "countries": {"MZ": 0.95}}


def measured(telling: Telling, probabilities: Any) -> Telling:
    reading, verdict = telling
    assert verdict.facts is not None
    return reading, replace(verdict, facts=replace(verdict.facts, probabilities=probabilities))


def show(database: Database, public_id: str | None) -> Project:
    with database.reading() as connection:
        found = get_project(connection, public_id or "")
    assert found is not None
    return found


def doubtful(database: Database, public_id: str | None) -> dict[str, list[str]]:
    marked: dict[str, list[str]] = as_record(show(database, public_id))["doubtful"]
    return marked


def test_a_doubtful_fact_is_told_as_such(database: Database) -> None:
    [made] = tell(database, measured(launch(), UNSURE))
    assert doubtful(database, made.project_id) == {"amount": ["USD 2,340,000"], "funders": ["Norway"]}


def test_the_surest_of_several_articles_counts(database: Database) -> None:
    [made] = tell(database, measured(launch(), UNSURE))
    [joined] = tell(database, measured(retelling(), UNSURE | {"funders": {"Norway": 0.9}}))
    assert joined.project_id == made.project_id
    assert list(doubtful(database, made.project_id)) == ["amount"]


def test_what_a_person_set_is_not_doubtful(database: Database) -> None:
    [made] = tell(database, measured(launch(), UNSURE))
    database.write_now(fix_fact, made.project_id or "", "amount", "USD 3000000", by=DecidedBy("ana", "", NOW))
    assert list(doubtful(database, made.project_id)) == ["funders"]


def test_a_fact_whose_probability_was_not_measured_is_told_plainly(database: Database) -> None:
    [made] = tell(database, launch())
    assert doubtful(database, made.project_id) == {}
    assert show(database, made.project_id).facts.amount[0].probability is None


def test_reprocessing_measures_what_an_older_tipwatch_did_not(database: Database) -> None:
    [made] = tell(database, launch())
    _, verdict = measured(launch(), UNSURE)
    database.write_now(reprocess_articles, {made.article_id: verdict}, NOW)
    assert list(doubtful(database, made.project_id)) == ["funders", "amount"]
