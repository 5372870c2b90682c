"""Articles of JSON Lines and CSV files, line by line: what is wrong with one line is said, and the rest goes on."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from tipwatch.config.problems import did_you_mean
from tipwatch.errors import BadInput
from tipwatch.records import LONGEST_LINE, RECORD_FIELDS, Record, list_objects, record_of
from tipwatch.text import is_text

SEPARATORS = ",;\t"  # what spreadsheets write, by the country they are set to


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Something to be said of a file, in words that name file and line. `is_left_out`: the line was not imported."""

    message: str
    is_left_out: bool


def read_json_lines(stream: Iterable[bytes], name: str) -> Iterator[Record | LineProblem]:
    """The articles of a JSON Lines file, and what is to be said of its lines."""
    yield from _read(list_objects(stream, name), name, "key")


def read_csv(stream: IO[bytes], name: str) -> Iterator[Record | LineProblem]:
    """The articles of a CSV file whose header names the columns; separated by commas, semicolons or tabs.

    Raises:
        BadInput: no column holds titles or texts.
    """
    csv.field_size_limit(LONGEST_LINE)
    header = stream.readline().decode("utf-8-sig", "surrogateescape")
    separator = max(SEPARATORS, key=header.count)
    columns = [column.strip().lower() for column in next(csv.reader([header], delimiter=separator), [])]
    if not {"title", "text"} & set(columns):
        raise BadInput(
            f"{name}: its first line names neither `title` nor `text`",
            f"the first line names the columns: {', '.join(RECORD_FIELDS)}",
        )
    # bytes that are no text are found line by line below
    reader = csv.reader((raw.decode("utf-8", "surrogateescape") for raw in stream), delimiter=separator)

    def rows() -> Iterator[tuple[int, dict[str, Any] | BadInput]]:
        number = 2
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, BadInput(f"{name}:{number}: not CSV ({error})", "")
            else:
                if len(cells) > len(columns):
                    yield number, BadInput(f"{name}:{number}: {len(cells)} cells for {len(columns)} columns", "")
                elif not all(map(is_text, cells)):
                    yield number, BadInput(f"{name}:{number}: not UTF-8 text", "save the file as UTF-8")
                elif any(cells):
                    yield number, {c: cell for c, cell in zip(columns, cells, strict=False) if cell}
            number = reader.line_num + 2  # a cell may hold line breaks

    yield from _read(rows(), name, "column")


def _read(
    rows: Iterable[tuple[int, dict[str, Any] | BadInput]], name: str, what: str
) -> Iterator[Record | LineProblem]:
    unknown: set[str] = set()
    for number, row in rows:
        try:
            if isinstance(row, BadInput):
                raise row
            record = record_of(row, number, name)
        except BadInput as error:
            yield LineProblem(f"{error.message}{f'; {error.hint}' if error.hint else ''}", is_left_out=True)
            continue
        for key in row.keys() - RECORD_FIELDS - unknown:
            unknown.add(key)
            yield LineProblem(
                f"{name}:{number}: unknown {what} `{key}`, ignored; {did_you_mean(key, RECORD_FIELDS)}", False
            )
        if record.unreadable_date:
            reason = f"`published` is not a date: {record.unreadable_date!r}, ignored; write it as 2026-05-31"
            yield LineProblem(f"{name}:{number}: {reason}", is_left_out=False)
        yield record
