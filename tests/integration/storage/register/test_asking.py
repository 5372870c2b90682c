"""Finding projects by what they say: filters, folded accents, IATI identifiers, labels, and the files they leave in."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any

import pytest

from storage.articles.labels import read_labels
from storage.corrections.facts import fix_fact
from storage.corrections.projects import label_project
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.digests.announcements import unannounced_ids
from storage.projects.export import export_projects
from storage.projects.history import list_history
from storage.projects.listing import ProjectFilter, list_projects
from storage.projects.projects import get_project
from tests.support.register_world import DAY, NOW, launch, retelling, tell

AMANECER: dict[str, Any] = {
    "name": "Casa Amanecer",
    "implementers": "Fundación Niñez Próspera",
    "funders": "España",
    "countries": "GT",
    "amount": 500_000.0,
    "currency": "EUR",
    "start": "2026",
    "end": "2028",
}


@pytest.fixture
def asked(database: Database) -> Database:
    """A register of two projects: Lantern Bridge in Mozambique, Casa Amanecer in Guatemala."""
    tell(
        database,
        launch(),
        launch("amanecer", title="Casa Amanecer abre sus puertas", text="En Quetzaltenango.", stated=AMANECER),
    )
    return database


def names(database: Database, **asked: Any) -> list[str | None]:
    with database.reading() as connection:
        return [one.facts.facts.name for one in list_projects(connection, ProjectFilter(**asked))]


@pytest.mark.parametrize(
    "filters",
    [
        {"text": "amanecer"},
        {"text": "NINEZ prospera"},
        {"country": "GT"},
        {"country": "gt"},
        {"funder": "Espana"},
        {"funder": "España"},
        {"funder": "Spain"},
        {"implementer": "niñez"},
        {"implementer": "NINEZ PROSPERA"},
        {"funder": "espana", "implementer": "ninez"},
        {"most_dollars": 1_000_000},
        {"running_in": 2027},
        {"text": "puertas", "country": "GT", "least_dollars": 100_000},
    ],
)
def test_one_project_is_found_by_each_filter(asked: Database, filters: dict[str, Any]) -> None:
    assert names(asked, **filters) == ["Casa Amanecer"]


@pytest.mark.parametrize(
    "filters",
    [
        {"text": "nowhere"},
        {"country": "PE"},
        {"funder": "Norway", "implementer": "ninez"},
        {"least_dollars": 10_000_000},
        {"running_in": 2035},
        {"funder": "\"'); DROP TABLE project; --"},
    ],
)
def test_what_nothing_matches_finds_nothing(asked: Database, filters: dict[str, Any]) -> None:
    assert names(asked, **filters) == []


def test_a_fact_that_a_person_fixed_is_what_filters_go_by(asked: Database) -> None:
    with asked.reading() as connection:
        [project] = list_projects(connection, ProjectFilter(country="GT"))
    asked.write_now(fix_fact, project.public_id, "countries", "HN", by=DecidedBy("amina", "moved", NOW))
    assert names(asked, country="GT") == []
    assert names(asked, country="HN") == ["Casa Amanecer"]


# --- IATI


IATI = "XM-DAC-41127-P-1234"


def test_a_stated_iati_identifier_is_the_projects_and_joins_what_states_it(database: Database) -> None:
    [one] = tell(database, launch(text=f"Its activity is {IATI}."))
    other = {"name": None, "implementers": "Caritas", "funders": "Japan", "amount": None}
    [two] = tell(
        database, retelling("b", text=f"See {IATI} for what was paid.", on=NOW + 900 * DAY, stated=other)
    )  # fmt: skip
    assert two.project_id == one.project_id
    assert two.reason is not None
    assert "IATI" in two.reason
    assert show(database, one.project_id).iati_id == IATI


def test_an_iati_identifier_set_by_hand_is_never_overridden(database: Database) -> None:
    [made] = tell(database, launch())
    database.write_now(fix_fact, made.project_id or "", "iati_id", "GB-GOV-1-300123", by=DecidedBy("amina", "", NOW))
    tell(database, retelling(text=f"Its activity is {IATI}."))
    assert show(database, made.project_id).iati_id == "GB-GOV-1-300123"


def show(database: Database, public_id: str | None) -> Any:
    with database.reading() as connection:
        return get_project(connection, public_id or "")


# --- labels


def test_a_project_labelled_as_none_is_announced_to_nobody_and_taught(database: Database) -> None:
    [made, _] = tell(database, launch(), retelling())
    label(database, made.project_id, is_new_project=False)
    tell(database, retelling("later", host="later.example"), at=NOW + DAY)
    with database.reading() as connection:
        assert unannounced_ids(connection, "daily", since_at=NOW - DAY, until_at=NOW + 9 * DAY) == []
        assert [said.is_new_project for its in read_labels(connection).values() for said in its] == [False, False]
        history = list_history(connection, made.project_id or "")
    assert ("label", "amina", "a workshop") in [(one.kind, one.who, one.why) for one in history]


def test_a_label_can_be_taken_back(database: Database) -> None:
    [made] = tell(database, launch())
    label(database, made.project_id, is_new_project=False)
    label(database, made.project_id, is_new_project=True)
    with database.reading() as connection:
        assert len(unannounced_ids(connection, "daily", since_at=NOW - DAY, until_at=NOW + 9 * DAY)) == 1


def label(database: Database, public_id: str | None, *, is_new_project: bool, at: datetime = NOW + DAY) -> None:
    database.write_now(
        label_project, public_id or "", is_new_project=is_new_project, by=DecidedBy("amina", "a workshop", at)
    )


# --- files


FORMULA = '=HYPERLINK("https://bad.example","open")'


def exported(database: Database, file_format: Any) -> bytes:
    tell(database, launch(title=FORMULA, stated={"name": "@SUM(1)", "implementers": ("+cmd", "-2")}))
    with database.reading() as connection:
        return export_projects(list_projects(connection), file_format)


def test_csv_holds_no_cell_that_a_spreadsheet_would_run(database: Database) -> None:
    rows = list(csv.reader(io.StringIO(exported(database, "csv").decode("utf-8-sig"))))
    assert "'" + FORMULA in rows[1]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_xlsx_holds_formulas_as_text(database: Database) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(exported(database, "xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert FORMULA in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}


def test_json_holds_everything_as_it_is(database: Database) -> None:
    [row] = json.loads(exported(database, "json"))
    assert (row["title"], row["name"], row["implementers"]) == (FORMULA, "@SUM(1)", ["+cmd", "-2"])
