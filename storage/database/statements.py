"""Statements that SQLAlchemy spells differently on SQLite and PostgreSQL, lists cut to fit them, and the totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables.schema import counter

T = TypeVar("T")

# Values in one IN (…): measured as the cheapest size a row, and far below SQLite's limit of 32,766.
CHUNK = 500


def insert(connection: Connection, table: Table) -> sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`, in the dialect of the connection.

    Typed as SQLite's; PostgreSQL's has the same two methods with the same arguments.
    """
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)  # type: ignore[return-value]  # same methods, see above


def add_rows(connection: Connection, table: Table, rows: Sequence[tuple[int | str, ...]]) -> None:
    """Inserts whole rows, as the database itself holds them; those whose key is there already are left as they are.

    For tables with many short rows: SQLAlchemy's own INSERT costs each row more than the database does.
    """
    if rows:
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        names = ", ".join(column.name for column in table.columns)
        marks = ", ".join(mark for _ in table.columns)
        # the names are the schema's own
        added = f"INSERT INTO {table.name} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
        connection.exec_driver_sql(added, list(rows))


def in_chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The values in lists of at most `size`, in order."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def add_to_counters(connection: Connection, amounts: Mapping[str, int]) -> None:
    """Adds to the totals of these names, in their order, so that two writers never deadlock."""
    rows = [{"name": name, "value": amount} for name, amount in sorted(amounts.items()) if amount]
    if not rows:
        return
    new = insert(connection, counter)
    added = new.on_conflict_do_update(
        index_elements=[counter.c.name], set_={"value": counter.c.value + new.excluded.value}
    )
    connection.execute(added, rows)


def read_counters(connection: Connection) -> dict[str, int]:
    """All totals by name."""
    return dict(connection.execute(select(counter.c.name, counter.c.value)).all())
