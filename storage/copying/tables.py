"""Carries everything in an SQLite file over into an empty PostgreSQL, in chunks, and proves that it arrived.

Each chunk is one transaction with a note of how far it came, so that a copy that was cut off goes on where it was. At
the end every table is read on both sides: the number of rows and a checksum of their contents must be the same. What
only says which process runs (`daemon`) stays behind; the full-text index is built anew (`copy_search`), its rows are
counted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Table,
    bindparam,
    column,
    func,
    insert,
    select,
    table,
    text,
    tuple_,
    update,
)
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.types import TypeDecorator

from storage.copying.search_index import copy_search, count_search
from storage.database.engine import Database
from storage.database.errors import StorageError
from storage.tables.schema import SEARCH_TABLES, daemon, metadata

# Rows a transaction: a commit costs as much as some ten rows; the largest rows (messages, texts) are some 100 kB.
CHUNK_ROWS = 500
LEFT_BEHIND = frozenset({daemon.name})
PROGRESS = "copy_progress"  # dropped when the copy is proved

Tell = Callable[[str, int], None]
"""Told of each table how many of its rows are there."""


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table as it was proved. `checksum` is of the contents of all rows, whatever their order; empty where rows are
    only counted."""

    name: str
    rows: int
    checksum: str


def copy_database(source: Database, target: Database, *, tell: Tell = lambda _name, _rows: None) -> list[CopiedTable]:
    """Copies all of `source` into `target`, both open, nobody else at work on them; gives what was proved.

    Begun before and cut off, it goes on. The target is never changed where it holds anything else.

    Raises:
        StorageError: not from SQLite to PostgreSQL; the target holds other data; or what arrived differs.
    """
    if (source.dialect, target.dialect) != ("sqlite", "postgresql"):
        hint = "Between two databases of PostgreSQL use pg_dump; of SQLite, copy the file."
        raise StorageError("a copy goes from SQLite to PostgreSQL", where=target.where, hint=hint)
    target.write_now(_begin, source.where)
    tables = [each for each in metadata.sorted_tables if each.name not in LEFT_BEHIND]
    for each in tables:
        _copy_table(source, target, each, tell)
    for each in tables:
        _copy_own_references(source, target, each)
    for name in SEARCH_TABLES:
        copy_search(source, target, name, lambda rows, name=name: tell(name, rows))  # type: ignore[misc]  # a default binds the name
    target.write_now(_set_sequences, tables)
    proved = [_prove(source, target, each) for each in tables]
    proved += [_prove_search(source, target, name) for name in SEARCH_TABLES]
    target.write_now(lambda connection: connection.execute(text(f"DROP TABLE {PROGRESS}")))
    return proved


def _begin(connection: Connection, where: str) -> None:
    """Notes in the target what is copied, or finds that note. Raises StorageError where there is other data."""
    if connection.execute(text(f"SELECT to_regclass('{PROGRESS}')")).scalar_one() is None:
        for each in metadata.sorted_tables:
            if connection.execute(select(1).select_from(each).limit(1)).first() is not None:
                hint = "Name an empty database (createdb makes one); nothing was changed."
                raise StorageError(f"the target already holds data (table {each.name})", hint=hint)
        connection.execute(text(f"CREATE TABLE {PROGRESS} (name TEXT PRIMARY KEY, value TEXT NOT NULL)"))
        _note(connection, "from", where)
    begun = _noted(connection, "from")
    if begun != where:
        raise StorageError(f"the target holds an unfinished copy of {begun}", hint="Finish that one first.")


def _note(connection: Connection, name: str, value: str) -> None:
    statement = f"INSERT INTO {PROGRESS} VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"  # noqa: S608 (our name)
    connection.execute(text(statement), {"name": name, "value": value})


def _noted(connection: Connection, name: str) -> str | None:
    asked = text(f"SELECT value FROM {PROGRESS} WHERE name = :name")  # noqa: S608
    value: str | None = connection.execute(asked, {"name": name}).scalar_one_or_none()
    return value


def bare(described: Table) -> TableClause:
    """The table with its columns as the databases themselves hold them: whole numbers, text, bytes."""
    kinds = {each.name: each.type for each in described.columns}
    return table(
        described.name,
        *(
            column(name, kind.impl_instance if isinstance(kind, TypeDecorator) else kind)
            for name, kind in kinds.items()
        ),
    )


def _own_references(described: Table) -> list[str]:
    """Columns that point to rows of the same table, which may come later."""
    return [
        key.parent.name for key in described.foreign_keys if key.column.table is described and key.parent is not None
    ]


def _chunks(source: Database, described: Table, after: Sequence[Any] | None) -> Iterator[list[dict[str, Any]]]:
    rows_of = bare(described)
    keys: list[ColumnElement[Any]] = [rows_of.c[each.name] for each in described.primary_key]
    while True:
        asked = select(rows_of).order_by(*keys).limit(CHUNK_ROWS)
        if after is not None:
            asked = asked.where(tuple_(*keys) > tuple_(*after) if len(keys) > 1 else keys[0] > after[0])
        with source.reading() as connection:
            rows = [dict(row) for row in connection.execute(asked).mappings()]
        if not rows:
            return
        yield rows
        after = [rows[-1][each.name] for each in described.primary_key]


def _copy_table(source: Database, target: Database, described: Table, tell: Tell) -> None:
    rows_of, empty = bare(described), dict.fromkeys(_own_references(described))
    with target.reading() as connection:
        noted = json.loads(_noted(connection, described.name) or "null")
    count, after = noted or (0, None)

    def store(connection: Connection, rows: list[dict[str, Any]], note: str) -> None:
        connection.execute(insert(rows_of), rows)
        _note(connection, described.name, note)

    for rows in _chunks(source, described, after):
        count += len(rows)
        last = [rows[-1][each.name] for each in described.primary_key]
        target.write_now(store, [row | empty for row in rows], json.dumps([count, last]))
        tell(described.name, count)


def _copy_own_references(source: Database, target: Database, described: Table) -> None:
    """What points to rows of the same table, now that all of them are there. Repeating it changes nothing."""
    rows_of = bare(described)
    for name in _own_references(described):
        change = update(rows_of).where(rows_of.c.id == bindparam("of_row")).values({name: bindparam("points_to")})
        with source.reading() as connection:
            asked = select(rows_of.c.id.label("of_row"), rows_of.c[name].label("points_to")).where(
                rows_of.c[name].is_not(None)
            )
            for part in connection.execution_options(yield_per=CHUNK_ROWS).execute(asked).mappings().partitions():
                target.write_now(_execute, change, [dict(row) for row in part])


def _execute(connection: Connection, statement: Executable, rows: list[dict[str, Any]]) -> None:
    connection.execute(statement, rows)


def _set_sequences(connection: Connection, tables: Sequence[Table]) -> None:
    """Makes the next id follow the highest: rows that bring their id leave PostgreSQL's count where it was."""
    for each in tables:
        sequence = connection.execute(
            text("SELECT CASE WHEN :has THEN pg_get_serial_sequence(:name, 'id') END"),
            {"name": each.name, "has": "id" in each.columns},
        ).scalar_one()
        if sequence is not None:
            highest = select(func.setval(sequence, func.max(each.c.id))).having(func.max(each.c.id).is_not(None))
            connection.execute(highest)


def _prove(source: Database, target: Database, described: Table) -> CopiedTable:
    found, wanted = (_sum_up(database, described) for database in (target, source))
    if found != wanted:
        what = f"{found.rows} of {wanted.rows} rows" if found.rows != wanted.rows else "other contents"
        hint = "The source was changed during the copy: empty the target (dropdb, createdb) and copy again."
        raise StorageError(f"the table {described.name} arrived with {what}", where=target.where, hint=hint)
    return found


def _sum_up(database: Database, described: Table) -> CopiedTable:
    """Counts the rows of a table and adds up their hashes: the same sum in whatever order they come."""
    count = total = 0
    with database.reading() as connection:
        streamed = connection.execution_options(yield_per=CHUNK_ROWS)
        for row in streamed.execute(select(bare(described))):
            count += 1
            total += int.from_bytes(hashlib.blake2b(repr(tuple(row)).encode(), digest_size=16).digest())
    return CopiedTable(described.name, count, f"{total % 2**128:032x}")


def _prove_search(source: Database, target: Database, name: str) -> CopiedTable:
    found, wanted = (count_search(database, name) for database in (target, source))
    if found != wanted:
        raise StorageError(f"the index {name} arrived with {found} of {wanted} rows", where=target.where)
    return CopiedTable(name, found, "")
