"""Tables as csv that a spreadsheet can open safely.

Text from the web that begins like a formula (`=`, `+`, `-` or `@` of any width, whatever blanks or invisible characters
stand before) gets an apostrophe before it, as OWASP advises against formula injection.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from storage.projects.export_columns import Column, flatten

_STARTS_FORMULA = frozenset("=+-@")


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
    if not isinstance(value, str):
        return value
    first = next((character for character in value if character.isprintable() and not character.isspace()), "")
    return f"'{value}" if unicodedata.normalize("NFKC", first)[:1] in _STARTS_FORMULA else value
