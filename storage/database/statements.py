"""Statements that SQLAlchemy spells differently on SQLite and PostgreSQL, and the totals."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Row,
    Table,
    Text,
    TextClause,
    bindparam,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.tables.schema import counter

T = TypeVar("T")


def one_of(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column holds one of these values, however many, in any order: they go in as one, so that no limit of a
    database's is met, and a statement is compiled once."""
    return _OneOf(column, bindparam(None, list(values), type_=_ListOf(column.type)))


class _OneOf(FunctionElement[bool]):
    name = "one_of"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> _OneOf:
        """As it is: compared with 1, as whatever is yes or no is on SQLite, it would go by no index."""
        return self


@compiles(_OneOf, "sqlite")
def _write_for_sqlite(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 (the compiler's own words)


@compiles(_OneOf, "postgresql")
def _write_for_postgresql(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY({values})"


class _ListOf(TypeDecorator[Any]):
    """Values of a column's type as one: an array of PostgreSQL's, JSON for SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else postgresql.ARRAY(self.item)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if dialect.name != "sqlite":
            return value
        process = self.item.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([process(one) for one in value] if process else value, ensure_ascii=False)


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


def read_record(kind: type[T], row: Row[Any], **others: Any) -> T:
    """A record (a dataclass) whose fields are columns of a row by their names, but for the `others`."""
    columns = row._mapping
    own = {name: columns[name] for name in kind.__dataclass_fields__ if name not in others}  # type: ignore[attr-defined]
    return kind(**own, **others)


# Each key's few are gathered by a subquery of its own: a join would be turned round by a planner without statistics,
# and then walk the whole table.
_FEW = {
    "sqlite": """
        SELECT wanted.value, (SELECT json_group_array({id}) FROM (
            SELECT {id} FROM {table} WHERE {where} = wanted.value ORDER BY {order} LIMIT :most))
        FROM json_each(:keys) AS wanted""",
    "postgresql": """
        SELECT wanted.value, json_agg(few.{id}) FROM unnest(CAST(:keys AS {kind}[])) AS wanted (value)
        CROSS JOIN LATERAL (
            SELECT {id} FROM {table} WHERE {where} = wanted.value ORDER BY {order} LIMIT :most) AS few
        GROUP BY wanted.value""",
}


@cache  # a statement that is built anew is also looked through anew for its parameters, each time
def _few(dialect: str, **parts: str) -> TextClause:
    return text(_FEW[dialect].format(**parts))


def find_few(connection: Connection, keys: Collection[int], most: int, **parts: str) -> Iterator[tuple[int, list[int]]]:
    """For each key, a number, the first few ids of a table's rows that have it; keys without any are left out.

    Args:
        parts: in SQL the `table`, the column `id`, `where` what equals the key, its `kind` of number, and the `order`.
    """
    if not keys:
        return
    dialect = connection.dialect.name
    given = {"keys": json.dumps(sorted(keys)) if dialect == "sqlite" else sorted(keys), "most": most}
    for key, ids in connection.execute(_few(dialect, **parts), given):
        if found := json.loads(ids) if isinstance(ids, str) else ids:
            yield key, found


def in_chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
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
