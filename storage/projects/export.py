"""The register as a file for other programs: csv, json, xlsx; one row a project, and nothing that a spreadsheet would
run.

Projects go in, the bytes of a file come out. Every fact's sentences and articles are in json and xlsx, and in a data
package (`export_package`).
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from storage.projects.export_columns import COLUMNS, Column, fact_rows, flatten, project_row
from storage.projects.export_xlsx import write_xlsx
from storage.projects.projects import Project

Format = Literal["csv", "json", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "json", "xlsx")

_STARTS_FORMULA = frozenset("=+-@")
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


def csv_table(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """A table line by line, its head first, so that a long one need not be held."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in columns])
    yield _taken(out)
    for row in rows:
        writer.writerow([_defuse(flatten(row[column.name])) for column in columns])
        yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    written = out.getvalue().encode("utf-8", "replace")
    out.seek(0)
    out.truncate()
    return written


def _defuse(value: str | int | float | bool | None) -> str | int | float | bool | None:
    """Text from the web that begins like a formula (`=`, `+`, `-` or `@` of any width, whatever blanks or invisible
    characters stand before) gets an apostrophe before it, as OWASP advises against formula injection."""
    if not isinstance(value, str):
        return value
    first = next((character for character in value if character.isprintable() and not character.isspace()), "")
    return f"'{value}" if unicodedata.normalize("NFKC", first)[:1] in _STARTS_FORMULA else value
