"""What other programs get of the register: typed tables, a data package, activities of IATI."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from storage.articles.made_address import make_address_nowhere
from storage.corrections.facts import fix_fact
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.projects.export import export_projects, export_rows
from storage.projects.export_columns import canonical
from storage.projects.export_iati import write_iati
from storage.projects.export_package import write_package
from storage.projects.listing import list_projects
from storage.projects.projects import Project
from storage.register.compare.organisations import canonical_organisation
from storage.register.merge.values import Claim
from tests.support.register_world import DAY, LAUNCH, NOW, launch, tell

STATED: dict[str, Any] = {"funders": ("Norway", "OIM"), "amount": 1_000_000.0, "currency": "EUR", "start": "2026-12"}
# The order that the standard's schema (2.03) fixes, of the elements that are written.
ACTIVITY_ORDER = [
    "iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status",
    "activity-date", "recipient-country", "transaction", "document-link",
]  # fmt: skip
REQUIRED = ACTIVITY_ORDER[:7]


@pytest.fixture
def projects(database: Database) -> list[Project]:
    [made] = tell(database, launch(stated=STATED, on=NOW - DAY))
    assert made.project_id
    database.write_now(
        fix_fact, made.project_id, "people", "900", by=DecidedBy("ana", "letter", NOW + timedelta(hours=3))
    )
    with database.reading() as connection:
        return list_projects(connection)


def test_a_row_says_when_it_was_announced_first_seen_and_last_changed(projects: list[Project]) -> None:
    [row] = export_rows(projects)
    dates = [row[name] for name in ("announced_at", "first_seen_at", "last_changed_at")]
    assert dates == [at.isoformat() for at in (NOW - DAY, NOW, NOW + timedelta(hours=3))]


def test_organisations_have_the_name_and_identifiers_they_are_known_by(projects: list[Project]) -> None:
    [row] = export_rows(projects)
    assert row["funders"] == ["Norway", "OIM"]
    assert row["funders_canonical"] == ["Norway", "International Organization for Migration"]
    assert row["funders_ids"] == ["", "iati:XM-DAC-47066"]


@pytest.mark.parametrize(
    ("key", "name", "known_as"),
    [
        ("@gov:NO", "Noruega", "Norway"),
        ("@gov:DK", "الدنمارك", "Denmark"),
        ("@gov:GB", "UK", "United Kingdom"),
        ("@gov:", "the government", "the government"),
    ],
)
def test_a_government_is_known_by_the_name_of_its_country(key: str, name: str, known_as: str) -> None:
    assert canonical(Claim(key, name, (1,), ())) == (known_as, {})


@pytest.mark.parametrize(
    ("name", "known_as", "iati"),
    [
        ("International Organization for Migration (IOM)", "International Organization for Migration", "XM-DAC-47066"),
        ("AusAID", "AusAID", None),  # not its successor's
        ("DFAT", "Department of Foreign Affairs and Trade", "AU-5"),
        ("EU Delegation to Kenya", None, None),  # part of a body is not the body
    ],
)
def test_only_the_very_body_has_its_identifier(name: str, known_as: str | None, iati: str | None) -> None:
    found = canonical_organisation(name) or (None, {})
    assert (found[0], found[1].get("iati")) == (known_as, iati)


def test_a_sum_is_given_in_dollars_of_its_year_too(projects: list[Project]) -> None:
    [row] = export_rows(projects)
    assert (row["amount"], row["currency"], row["amount_usd_year"]) == (1_000_000, "EUR", 2026)
    assert row["amount_usd"] == round(1_000_000 / 0.860)


def test_every_value_comes_with_the_sentence_and_the_article_that_state_it(projects: list[Project]) -> None:
    [row] = export_rows(projects)
    by_fact = {one["fact"]: one for one in row["evidence"]}
    assert by_fact["name"]["sentence"] == LAUNCH[:40]
    assert by_fact["name"]["url"] == "https://herald.example/news/launch"
    assert (by_fact["people"]["is_by_person"], by_fact["people"]["article"]) == (True, None)


def test_a_workbook_has_types_widths_and_a_sheet_of_facts(projects: list[Project]) -> None:
    book = load_workbook(io.BytesIO(export_projects(projects, "xlsx")))
    assert book.sheetnames == ["projects", "facts"]
    sheet = book["projects"]
    heads = {cell.value: cell for cell in sheet[1]}
    row = {name: sheet.cell(2, cell.column).value for name, cell in heads.items()}
    assert row["announced_at"] == datetime(2026, 11, 24, 7, 0)  # noqa: DTZ001  # a sheet's times know no zone
    assert (row["amount"], row["people"], row["currency_is_uncertain"]) == (1_000_000, 900, False)
    assert sheet.column_dimensions[heads["title"].column_letter].width > 50


def test_a_data_package_describes_every_column_and_the_tables_hold_what_it_says(projects: list[Project]) -> None:
    files = write_package(projects, NOW)
    package = json.loads(files["datapackage.json"])
    assert package["profile"] == "tabular-data-package"
    readers: dict[str, Any] = {
        "string": str, "number": float, "integer": int, "datetime": datetime.fromisoformat,
        "boolean": {"True": True, "False": False}.__getitem__,
    }  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = {}
    for resource in package["resources"]:
        table = csv.reader(io.StringIO(files[resource["path"]].decode(resource["encoding"])))
        fields = resource["schema"]["fields"]
        assert next(table) == [field["name"] for field in fields]
        rows[resource["name"]] = [
            {field["name"]: readers[field["type"]](cell) for field, cell in zip(fields, row, strict=True) if cell}
            for row in table
        ]
    [project] = rows["projects"]
    assert (project["amount"], project["sources"], project["announced_at"]) == (1_000_000, 1, NOW - DAY)
    assert {fact["project"] for fact in rows["facts"]} == {project["id"]}


def test_activities_have_what_the_standard_requires_in_its_order(projects: list[Project]) -> None:
    root = ElementTree.fromstring(write_iati(projects, NOW))
    assert (root.tag, root.get("version")) == ("iati-activities", "2.03")
    [activity] = root
    tags = [child.tag for child in activity]
    assert tags == sorted(tags, key=ACTIVITY_ORDER.index)
    assert set(REQUIRED) <= set(tags)
    for child in activity.iter():
        if child.tag in ("title", "description", "reporting-org", "participating-org"):
            assert child.findtext("narrative")
    for child in activity.iter():
        if "iso-date" in child.attrib:
            datetime.strptime(child.attrib["iso-date"], "%Y-%m-%d").replace(tzinfo=UTC)
    [funder] = activity.findall("participating-org[@ref='XM-DAC-47066']")
    assert (funder.get("role"), funder.findtext("narrative")) == ("1", "International Organization for Migration")
    value = activity.find("transaction/value")
    assert value is not None
    assert (value.text, value.attrib) == ("1000000", {"currency": "EUR", "value-date": "2026-11-24"})
    assert [child.tag for child in activity.iterfind("transaction/*")] == [
        "transaction-type", "transaction-date", "value",
    ]  # fmt: skip
    assert activity.findtext("activity-date/narrative") == "stated as 2026-12"
    assert [code.get("code") for code in activity.findall("recipient-country")] == ["MZ"]


def test_an_activity_without_facts_still_has_what_is_required(database: Database) -> None:
    tell(database, launch(stated=dict.fromkeys(("name", "amount", "currency")) | {"implementers": (), "funders": ()}))
    with database.reading() as connection:
        [activity] = ElementTree.fromstring(write_iati(list_projects(connection), NOW))
    assert set(REQUIRED) <= {child.tag for child in activity}


def test_shares_of_several_countries_add_up_and_dates_are_the_days_they_may_mean(database: Database) -> None:
    stated: dict[str, Any] = {"countries": ("BI", "RW", "TZ"), "start": "2024", "end": "2027-02"}
    tell(database, launch(stated=stated))
    with database.reading() as connection:
        [activity] = ElementTree.fromstring(write_iati(list_projects(connection), NOW))
    places = activity.findall("recipient-country")
    assert [(place.get("code"), place.get("percentage")) for place in places] == [
        ("BI", "34"), ("RW", "33"), ("TZ", "33"),
    ]  # fmt: skip
    assert places[0].findtext("narrative") == "share not stated; equal shares assumed"
    assert [one.get("iso-date") for one in activity.findall("activity-date")] == ["2024-01-01", "2027-02-28"]


def test_a_project_that_was_entered_by_hand_links_to_no_document(database: Database) -> None:
    reading, verdict = launch(read_from="import")
    tell(database, (replace(reading, url=make_address_nowhere("1"), canonical_url=make_address_nowhere("1")), verdict))
    with database.reading() as connection:
        [activity] = ElementTree.fromstring(write_iati(list_projects(connection), NOW))
    assert activity.find("document-link") is None


def test_what_is_no_code_of_a_language_is_not_written_as_one(database: Database) -> None:
    reading, verdict = launch()
    tell(database, (replace(reading, language="español (es)"), verdict))
    with database.reading() as connection:
        [activity] = ElementTree.fromstring(write_iati(list_projects(connection), NOW))
    languages = {one.attrib.get("{http://www.w3.org/XML/1998/namespace}lang") for one in activity.iter()}
    assert languages == {None, "en"}
