"""Statements that SQLAlchemy spells differently on SQLite and PostgreSQL, lists cut to fit them, and the totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema import counter

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
