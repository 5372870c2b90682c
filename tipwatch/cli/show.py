"""What commands print: tables and lists, aligned, wrapped to the terminal's width, control characters visible; or JSON.

Nothing here needs `rich`, so that a command that only answers a question starts fast, and reads alike in a pipe.
"""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeVar

from tipwatch.files import write_file
from tipwatch.text import escape_controls, one_line

T = TypeVar("T")

WIDEST_PIPE = 10_000  # in a pipe nothing is wrapped: a row is a line
LONGEST_SPAN = timedelta(days=60)  # of more days nobody knows which day it was
NARROWEST = 8  # columns; in fewer nothing could be read


def width_of(text: str) -> int:
    """Terminal columns that the text takes: wide East Asian characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def print_records(
    records: Sequence[T],
    headings: Sequence[str],
    row: Callable[[T], Sequence[object]],
    *,
    empty: str,
    is_json: bool,
    as_json: Callable[[T], object] = asdict,  # type: ignore[assignment]  # most records are dataclasses
) -> None:
    """Prints records of one kind, a `row` under `headings` each (`empty` is said where there is none), or as JSON."""
    if is_json:
        print_json([as_json(each) for each in records])
    else:
        print_table(headings, map(row, records), empty=empty)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Prints rows under headings, as wide as the terminal; `empty` is said instead where there is none."""
    lines = [[_cell(value) for value in row] for row in rows]
    if not lines:
        print(empty)
        return
    widths = [max(width_of(line[column]) for line in [list(headings), *lines]) for column in range(len(headings))]
    widths = _fitted(widths)
    for heading in _lines(headings, widths):
        print(bold(heading))
    for line in lines:
        print(*_lines(line, widths), sep="\n")


def print_fields(fields: Iterable[tuple[str, object]]) -> None:
    """Prints `name  value` lines, aligned; fields without a value are left out."""
    shown = [(name, _cell(value)) for name, value in fields if value not in (None, "", (), [])]
    widest = max((width_of(name) for name, _ in shown), default=0)
    for name, value in shown:
        print(f"{name}{' ' * (widest - width_of(name))}  {value}")


def print_json(value: Any) -> None:
    """Prints JSON as a script reads it; letters of every language stay readable, control characters are escaped by
    JSON."""
    # where the terminal lacks letters, JSON's own escapes
    is_ascii = not (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=is_ascii, indent=2, default=_json_value))


def write_out(content: bytes, out: Path | None) -> None:
    """Writes the result of a command to where `--out` says, else to standard output."""
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    write_file(out, content)
    print(f"Wrote {escape_controls(str(out))}", file=sys.stderr)  # `out` may be standard output


def _json_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def print_text(text: str, *, indent: str = "") -> None:
    """Prints text of several lines, each free of control characters."""
    for line in text.splitlines():
        print(f"{indent}{escape_controls(line)}")


def moment(at: datetime | None) -> str:
    """A moment to the minute, in UTC and saying so; `never` for none."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago in one unit (`3 h ago`, `in 12 min`), the date of what is longer away; `never` for none."""
    if at is None:
        return "never"
    distance = now - at
    if abs(distance) > LONGEST_SPAN:
        return f"{at:%Y-%m-%d}"
    words = _span(abs(distance))
    return "now" if words == "0 s" else f"{words} ago" if distance >= timedelta() else f"in {words}"


def until(at: datetime | None, now: datetime) -> str:
    """When something is done next (`in 12 min`); `due` where that is over, and nothing has done it yet."""
    return "due" if at is not None and at <= now else ago(at, now)


def bold(text: str) -> str:
    """The text in bold on a terminal, as it is elsewhere."""
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() else text


def _span(distance: timedelta) -> str:
    seconds = int(distance.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size or (size == 60 and seconds >= size):  # `90 min` says more than `1 h`
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (tuple, list)):
        return ", ".join(map(_cell, value))
    return one_line(str(value))


def _fitted(widths: list[int]) -> list[int]:
    total = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDEST_PIPE
    fitted = [min(width, total) for width in widths]
    while sum(fitted) + 2 * (len(fitted) - 1) > total and max(fitted) > NARROWEST:
        fitted[fitted.index(max(fitted))] -= 1  # the widest column gives way first
    return fitted


def _lines(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """A row as the lines it takes: what is too wide for its column goes on below, so that nothing is lost."""
    columns = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for parts in zip_longest(*columns, fillvalue=""):
        padded = (part + " " * (width - width_of(part)) for part, width in zip(parts, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and width_of(line) + 1 + width_of(word) <= width:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line) > width:  # an address
            head = next(line[:count] for count in range(width, 0, -1) if width_of(line[:count]) <= width or count == 1)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line]
