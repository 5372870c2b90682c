"""Upgrades a database with Alembic: one transaction for all of it, on SQLite after a copy of the file has been made.

Two processes that start at once do not meet: the second waits for the lock and finds the work done. Foreign keys are
off while tables are rebuilt (rebuilding a parent would delete its children) and are all checked before the commit.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.database.errors import Locked, MigrationFailed, StorageError
from storage.database.migrations import HEAD, read_version

# Alembic imports Mako for scripts that nobody writes here, and Mako Pygments for the colours of its error pages: 5 MB
# that would stay with a daemon from its first start on. None says that there is no such module.
sys.modules.setdefault("mako.ext.pygmentplugin", None)  # type: ignore[arg-type]

from alembic import command  # noqa: E402
from alembic.config import Config  # noqa: E402

if TYPE_CHECKING:
    from storage.database.engine import Database

SCRIPTS = "storage:database/migrations"

# Any number will do that no other program on that server takes for its advisory lock: "tipwatch" read as bytes, cut to
# 63 bits.
MIGRATION_LOCK = int.from_bytes(b"tipwatch", "big") >> 1


def upgrade(database: Database) -> None:
    """Brings an empty or older database to `HEAD`.

    Raises:
        MigrationFailed: undone; the database is as it was.
        StorageError: it could not be written, is locked, or another program has made something else of it meanwhile.
    """
    if database.dialect == "sqlite":
        keep_log_ahead(database)
    with alone(database) as connection:
        found = read_version(connection, database.where)
        if found == HEAD:
            return  # another process was first
        if found is not None and database.address.path is not None:
            back_up(database, backup_path(database.address.path, found))
        try:
            command.upgrade(make_config(connection), HEAD)
            check_references(connection)
        except (DBAPIError, MigrationFailed) as error:
            raise MigrationFailed(f"upgrading {database.where} from {found} to {HEAD} failed ({error})") from error


def make_config(connection: Connection) -> Config:
    """Alembic's settings without its ini file, which would reset logging."""
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    return config


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """One writing transaction that no other migration runs beside, with foreign keys off on SQLite."""
    if database.dialect == "postgresql":
        with database.writing() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            yield connection
        return
    with database.without_foreign_keys() as connection:
        yield connection


def keep_log_ahead(database: Database) -> None:
    """Write-ahead logging, a lasting property of the file: readers then never wait for the writer, nor it for them.

    Raises:
        Locked: another process kept the lock for `lock_wait_seconds`.
    """
    deadline = time.monotonic() + database.lock_wait_seconds
    while True:
        try:
            with database.raw() as raw:
                raw.execute("PRAGMA journal_mode = WAL").fetchone()
                return
        except Locked:  # at once where two switch a new file: SQLite's own waiting does not hold for this
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_SECONDS)


_PAUSE_SECONDS = 0.05
"""Between two tries; another process switches a file in far less."""


def backup_path(path: Path, version: str) -> Path:
    """A free name beside the database: `tipwatch.before-0002.sqlite3`, then `….2.sqlite3`, ….

    The name says the version the copy is of.
    """
    stem = path.name.removesuffix(".sqlite3")
    number = 1
    while True:
        suffix = "" if number == 1 else f".{number}"
        found = path.with_name(f"{stem}.before-upgrade-from-{version}{suffix}.sqlite3")
        if not found.exists():
            return found
        number += 1


def back_up(database: Database, target: Path) -> None:
    """A whole and compact copy of the database, of one moment, while others may read and write.

    It has its name only once it is whole and on the disk, so that a copy that was cut off is never taken for one.

    Raises:
        StorageError: no copy could be made (no space, no right to write); what was begun of it is removed.
    """
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)  # of one that was cut off
    try:
        with database.raw() as raw:
            raw.execute("VACUUM INTO ?", (str(unfinished),))
    except StorageError:
        unfinished.unlink(missing_ok=True)
        raise
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(target)


def check_references(connection: Connection) -> None:
    """Raises MigrationFailed where a row points to one that is not there."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(3)
        if broken:
            raise MigrationFailed(f"rows would point nowhere: {[tuple(row) for row in broken]}")
