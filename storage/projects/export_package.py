"""A Frictionless data package: the tables of projects and facts, and a `datapackage.json` that says what is in them.

Programs that know the format (pandas by way of frictionless, R's frictionless) read the columns with their types.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from storage.projects.export import csv_table
from storage.projects.export_columns import COLUMNS, FACT_COLUMNS, Column, fact_rows, project_row
from storage.projects.projects import Project

RATES = (
    "amount_usd: approximate yearly average exchange rates of 2005 to 2026 that come with tipwatch, written down in "
    "2026 and rounded to three figures; for comparison, not for accounting."
)


def write_package(projects: Iterable[Project], now: datetime) -> dict[str, bytes]:
    """The files of a package by name: `projects.csv`, `facts.csv` and `datapackage.json`."""
    held = list(projects)
    resources = [_resource("projects", COLUMNS, key="id"), _resource("facts", FACT_COLUMNS)]
    resources[1]["schema"]["foreignKeys"] = [
        {"fields": "project", "reference": {"resource": "projects", "fields": "id"}}
    ]
    package = {
        "profile": "tabular-data-package",
        "name": "counter-trafficking-projects",
        "title": "Counter-trafficking projects, as the news reports them",
        "description": f"Facts are extracted by software from the articles named. {RATES}",
        "created": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "resources": resources,
    }
    return {
        "projects.csv": b"".join(csv_table(COLUMNS, map(project_row, held))),
        "facts.csv": b"".join(csv_table(FACT_COLUMNS, (row for one in held for row in fact_rows(one)))),
        "datapackage.json": (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode(),
    }


def _resource(name: str, columns: Sequence[Column], key: str | None = None) -> dict[str, Any]:
    fields = [_field(column, is_key=column.name == key) for column in columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if key is not None:
        schema["primaryKey"] = key
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column, *, is_key: bool) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "description": column.description}
    if column.type == "boolean":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}
    if column.type == "datetime":
        field["format"] = "any"  # with the zone, which the default format does not take
    if is_key:
        field["constraints"] = {"required": True, "unique": True}
    return field
