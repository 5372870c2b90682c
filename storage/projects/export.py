"""The register as a table for other programs: csv, json, xlsx; one row a project, and nothing that a spreadsheet
would run.

Projects go in, the bytes of a file come out. Text from the web that begins like a formula (`=`, `+`, `-` or `@` of any
width, whatever blanks or invisible characters stand before) gets an apostrophe before it in csv, as OWASP advises
against formula injection, and is stored as text, never as a formula, in xlsx; json holds it as it is.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from classifier.schema import FACTS, FactSpec
from storage.projects.projects import Project

Format = Literal["csv", "json", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "json", "xlsx")


def _columns_of(spec: FactSpec) -> tuple[str, ...]:
    return (*spec.fields, "currency_is_uncertain") if spec.kind == "amount" else spec.fields


COLUMNS: tuple[str, ...] = (
    "id", "title", *(column for spec in FACTS for column in _columns_of(spec)), "confidence", "conflicts",
    "first_seen_at", "last_seen_at", "sources", "urls", "sentence", "iati_id", "former_ids",
)  # fmt: skip
_STARTS_FORMULA = frozenset("=+-@")
# Characters that XML, and so xlsx, cannot hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAX_CELL = 32_767  # Excel's limit of characters in a cell


def export_rows(projects: Iterable[Project]) -> list[dict[str, Any]]:
    """One dictionary a project, JSON-ready, with the fields of `COLUMNS`; lists stay lists, times are ISO 8601 in
    UTC."""
    return [_row(one) for one in projects]


def export_projects(projects: Iterable[Project], file_format: Format) -> bytes:
    """A whole file: csv in UTF-8 with a byte order mark (so that Excel reads its accents), json as an array, xlsx
    with one sheet."""
    if file_format == "csv":
        return b"".join(csv_lines(projects))
    rows = export_rows(projects)
    if file_format == "json":
        return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
    return _write_xlsx(rows)


def csv_lines(projects: Iterable[Project]) -> Iterator[bytes]:
    """The csv file line by line, its head first, so that a long one need not be held with all its projects."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    yield b"\xef\xbb\xbf" + _taken(out)
    for one in projects:
        row = _row(one)
        writer.writerow([_defuse(_flatten(row[column])) for column in COLUMNS])
        yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    written = out.getvalue().encode("utf-8", "replace")
    out.seek(0)
    out.truncate()
    return written


def _row(one: Project) -> dict[str, Any]:
    facts = one.facts.facts
    return {
        "id": one.public_id,
        "title": one.title,
        **facts.as_project(),
        "currency_is_uncertain": facts.is_currency_uncertain,
        "confidence": round(one.confidence, 3),
        "conflicts": {name: [claim.shown for claim in claims] for name, claims in one.conflicts.items()},
        "first_seen_at": one.first_seen_at.isoformat(),
        "last_seen_at": one.last_seen_at.isoformat(),
        "sources": len(one.sources),
        "urls": [source.url for source in one.sources],
        "sentence": one.sentence,
        "iati_id": one.iati_id,
        "former_ids": list(one.former_ids),
    }


def _flatten(value: Any) -> str | int | float | bool | None:
    """A cell's value: lists and conflicts as one text."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {' | '.join(values)}" for name, values in value.items())
    if isinstance(value, list):
        return "; ".join(value)
    return value  # type: ignore[no-any-return]  # what `_row` holds beside lists and dictionaries


def _defuse(value: str | int | float | bool | None) -> str | int | float | bool | None:
    if not isinstance(value, str):
        return value
    first = next((character for character in value if character.isprintable() and not character.isspace()), "")
    return f"'{value}" if unicodedata.normalize("NFKC", first)[:1] in _STARTS_FORMULA else value


def _write_xlsx(rows: list[dict[str, Any]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("projects")
    sheet.freeze_panes = "A2"
    sheet.append(list(COLUMNS))
    for row in rows:
        cells = []
        for column in COLUMNS:
            value = _flatten(row[column])
            if isinstance(value, str):
                cell = WriteOnlyCell(sheet, value=_NOT_IN_XML.sub("", value)[:MAX_CELL])
                cell.data_type = "s"  # a string, whatever it begins with
                cells.append(cell)
            else:
                cells.append(value)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
