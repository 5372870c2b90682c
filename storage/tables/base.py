"""What all tables share: the names of constraints, and the options and keys of a table.

Rules: only Text, Integer and LargeBinary (through `types`), STRICT on SQLite, CHECKs at table level (a migration that
rebuilds a table keeps only those) and on what this package alone decides, no cascades, no triggers (rebuilding drops
them silently).
"""

from __future__ import annotations

from sqlalchemy import Column, Index, MetaData, Table, text
from sqlalchemy.sql.schema import SchemaItem

from storage.tables.types import WideInteger

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *items: SchemaItem, has_rowid: bool = True) -> Table:
    """A table with this project's options: STRICT, and without a rowid where the key itself is all there is."""
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=has_rowid)


def key() -> Column[int]:
    return Column("id", WideInteger, primary_key=True)


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that `where` (literal SQL) holds for: as big as the work to do, not as what is stored."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
