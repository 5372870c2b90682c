"""Writes the first migration's SQL from `schema.py`, for both databases: `python -m storage.migrations.freeze`.

Only until the first release; from then on `versions/0001_*.sql` never changes and every change is a migration of its
own.
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, sort_tables

from storage.schema import metadata, search_ddl

FOLDER = Path(__file__).parent / "versions"
END = ";\n\n"


def statements(dialect: Dialect) -> list[str]:
    """Every statement that makes an empty database into this schema, in an order that works."""
    made: list[str] = []
    # By name first, so that the order never depends on the run; then each table after those it refers to.
    for table in sort_tables(sorted(metadata.tables.values(), key=lambda table: table.name)):
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return [re.sub(r"[ \t]+\n", "\n", statement.strip()) for statement in made] + search_ddl(dialect.name)


def frozen(dialect: Dialect) -> str:
    """The text of the SQL file for a database."""
    return "".join(statement + END for statement in statements(dialect))


DIALECTS: tuple[Dialect, ...] = (sqlite.dialect(), postgresql.dialect())  # type: ignore[no-untyped-call]  # SQLAlchemy's


def main() -> None:
    """Writes both files."""
    for dialect in DIALECTS:
        (FOLDER / f"0001_first_schema.{dialect.name}.sql").write_text(frozen(dialect), encoding="utf-8")


if __name__ == "__main__":
    main()
