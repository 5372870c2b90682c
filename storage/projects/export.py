"""The register as a file for other programs: csv, json, xlsx; one row a project, and nothing that a spreadsheet would
run.

Projects go in, the bytes of a file come out. Every fact's sentences and articles are in json and xlsx, and in a data
package (`export_package`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from storage.projects.export_columns import COLUMNS, fact_rows, project_row
from storage.projects.export_csv import csv_table
from storage.projects.export_xlsx import write_xlsx
from storage.projects.projects import Project

Format = Literal["csv", "json", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "json", "xlsx")

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # by which Excel knows UTF-8


def export_rows(projects: Iterable[Project]) -> list[dict[str, Any]]:
    """One dictionary a project, JSON-ready: the columns of the tables, and `evidence`, what states each value."""
    return [{**project_row(one), "evidence": [_without_id(row) for row in fact_rows(one)]} for one in projects]


def export_projects(projects: Iterable[Project], file_format: Format) -> bytes:
    """A whole file: csv in UTF-8 with a byte order mark, json as an array, xlsx with a sheet of projects and one of
    facts."""
    if file_format == "csv":
        return b"".join(csv_lines(projects))
    if file_format == "json":
        return (json.dumps(export_rows(projects), ensure_ascii=False, indent=1) + "\n").encode()
    return write_xlsx(projects)


def csv_lines(projects: Iterable[Project]) -> Iterator[bytes]:
    """The csv file line by line, its head first, so that a long one need not be held with all its projects."""
    lines = csv_table(COLUMNS, map(project_row, projects))
    yield BYTE_ORDER_MARK + next(lines)
    yield from lines


def _without_id(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "project"}
