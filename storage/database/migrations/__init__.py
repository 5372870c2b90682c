"""Migrations, run by themselves when a database is opened: `REVISIONS` in order, the last is what this program needs.

The question "is it current?" is answered here without importing Alembic (270 ms); only a database that is empty or
older pays for it (`run`). What is neither is refused before anything is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from storage.database.errors import ForeignDatabase, HalfMigrated, NewerSchema, StorageError

if TYPE_CHECKING:
    from storage.database.engine import Database

REVISIONS: tuple[str, ...] = ("0001",)
HEAD = REVISIONS[-1]

TABLES_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}
VERSION_TABLE = "alembic_version"


def bring_up_to_date(database: Database, *, may_migrate: bool) -> None:
    """Returns at once for a current database; makes or upgrades the schema of one that is empty or older.

    Raises:
        NewerSchema, ForeignDatabase, HalfMigrated: nothing was touched.
        MigrationFailed: the upgrade was undone.
        StorageError: it is older and `may_migrate` is False.
    """
    with database.reading() as connection:
        found = read_version(connection, database.where)
    if found == HEAD:
        return
    if found is not None and not may_migrate:
        hint = "Start the daemon once (tipwatch run), or run any command that writes."
        raise StorageError(f"{database.where} was made by an older tipwatch", where=database.where, hint=hint)
    from storage.database.migrations.run import upgrade

    upgrade(database)


def read_version(connection: Connection, where: str) -> str | None:
    """The revision a database is at; None where it is empty.

    Raises:
        NewerSchema, ForeignDatabase, HalfMigrated: it is no database that could be upgraded.
    """
    there = set(connection.execute(text(TABLES_THERE[connection.dialect.name])).scalars())
    if not there:
        return None
    if VERSION_TABLE not in there:
        raise ForeignDatabase(f"{where} holds other tables ({', '.join(sorted(there)[:3])}, …)", where=where)
    versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    if len(versions) != 1:
        raise HalfMigrated(f"{where} does not say which version it is of", where=where)
    if versions[0] not in REVISIONS:
        raise NewerSchema(
            f"{where} is of version {versions[0]}, newer than the {HEAD} that this tipwatch knows", where=where
        )
    if versions[0] == HEAD:
        from storage.tables.schema import SEARCH_TABLES, metadata

        missing = {*metadata.tables, *SEARCH_TABLES} - there
        if missing:
            raise HalfMigrated(f"{where} lacks the tables {', '.join(sorted(missing))}", where=where)
    return str(versions[0])
