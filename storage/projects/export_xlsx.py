"""A workbook of projects and of their facts: typed cells, widths, headings that stay; no cell is ever a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from storage.projects.export_columns import COLUMNS, FACT_COLUMNS, Column, fact_rows, flatten, project_row
from storage.projects.projects import Project

# Characters that XML, and so xlsx, cannot hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAX_CELL = 32_767  # Excel's limit of characters in a cell


def write_xlsx(projects: Iterable[Project]) -> bytes:
    """Two sheets: `projects`, one row each, and `facts`, with the sentence and the article of every value."""
    from openpyxl import Workbook

    held = list(projects)
    book = Workbook(write_only=True)
    _write_sheet(book, "projects", COLUMNS, map(project_row, held))
    _write_sheet(book, "facts", FACT_COLUMNS, (row for one in held for row in fact_rows(one)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_sheet(book: Any, title: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.append([_cell(sheet, column.name, font=Font(bold=True)) for column in columns])
    for row in rows:
        sheet.append([_typed(sheet, column, flatten(row[column.name])) for column in columns])


def _typed(sheet: Any, column: Column, value: str | int | float | bool | None) -> Any:
    if not isinstance(value, str):
        return value
    if column.type == "datetime":  # a sheet's times know no zone: all are UTC
        return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
    return _cell(sheet, value)


def _cell(sheet: Any, value: str, font: Any = None) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=_NOT_IN_XML.sub("", value)[:MAX_CELL])
    cell.data_type = "s"  # a string, whatever it begins with
    if font is not None:
        cell.font = font
    return cell
