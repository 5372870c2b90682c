"""The SQLite file itself: looked at before it is opened and while it is used, and its connections set up alike.

`prepare_file` refuses what is no database or cannot be written, before anything is changed. `FileIdentity` notices that
the file was deleted or replaced: SQLite itself would go on writing into what no name leads to. `configure_sqlite` makes
every connection of an engine wait for locks, check foreign keys, and begin transactions the way `engine` asks for.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from storage.database.errors import DatabaseGone, NotADatabase, ReadOnly, StorageError, Unreachable

MAGIC = b"SQLite format 3\x00"

# Below, tables cannot be STRICT (3.37).
OLDEST_SQLITE = (3, 37, 0)

# A checkpoint every 4 MB of log at the usual page size: rarely enough to cost nothing, and the log stays small.
CHECKPOINT_PAGES = 1000

# 16 MB of pages a connection: the upper levels of all indexes of a million articles, well inside the memory promised.
CACHE_KIB = 16_384

# 4 MB for connections that only read: there may be several, and what they ask for is seldom asked twice.
READING_CACHE_KIB = 4_096


# The write-ahead log and the index of that, which like the database stay the same files while a connection is open.
SUFFIXES = ("-wal", "-shm")


class FileIdentity:
    """Which files a database consists of, remembered while a connection holds them open.

    Args:
        path: the database file, open.
        where: for the error.
    """

    def __init__(self, path: Path, where: str) -> None:
        self._files = [path, *(beside(path, suffix) for suffix in SUFFIXES)]
        self._where = where
        self._known = self._look()

    def check(self) -> None:
        """Raises DatabaseGone where one of them was deleted, or is another now."""
        if self._look() != self._known:
            raise DatabaseGone(f"{self._where} was deleted or replaced while tipwatch used it", where=self._where)

    def _look(self) -> list[tuple[int, int] | None]:
        found: list[tuple[int, int] | None] = []
        for file in self._files:
            try:
                seen = file.stat()
            except OSError:
                found.append(None)
            else:
                found.append((seen.st_dev, seen.st_ino))
        return found


def flush_log(path: Path) -> None:
    """Puts on the disk what was committed: with `synchronous = NORMAL` SQLite leaves that to the next checkpoint, and
    a power cut before it undoes what was committed since. SQLite holds no lock on this file that closing it would lose.
    """
    with contextlib.suppress(FileNotFoundError), beside(path, "-wal").open("rb") as file:
        os.fsync(file.fileno())


def lock_path(path: Path) -> Path:
    """The lock file of a database file, beside it. It stays for good once a daemon or a crawl used the database."""
    return beside(path, ".lock")


def beside(path: Path, suffix: str) -> Path:
    """The file of that name beside the database file, as SQLite places its own: where `path` is a link to it, beside
    what that leads to."""
    file = Path(os.path.realpath(path))
    return file.with_name(file.name + suffix)


def prepare_file(path: Path, where: str) -> None:
    """Makes the folder where it is missing, and refuses a file that is no database or may not be written, and to begin
    a new one where one was.

    Raises:
        DatabaseGone, ReadOnly, NotADatabase, Unreachable, StorageError: with nothing changed but perhaps a new folder.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        hint = "Use a Python built with a newer SQLite, or PostgreSQL."
        raise StorageError(f"SQLite {sqlite3.sqlite_version} is too old, {needed} is needed", where=where, hint=hint)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise NotADatabase(f"{where} is a folder", where=where)
        head = b""
        if path.exists():
            with path.open("r+b") as file:  # for writing too: the right is asked for before any work is done
                head = file.read(len(MAGIC))
        elif lock_path(path).exists():
            hint = f"Put a backup in its place or, to start afresh, remove {lock_path(path)} too."
            raise DatabaseGone(f"{where} is gone: tipwatch used it before", where=where, hint=hint)
        if not os.access(path.parent, os.W_OK):
            raise ReadOnly(f"the folder of {where} cannot be written", where=where)
    except PermissionError as error:
        raise ReadOnly(f"{where} cannot be written ({error.strerror})", where=where) from error
    except FileExistsError as error:
        raise Unreachable(f"the folder of {where} cannot be created: a file is in its place", where=where) from error
    except OSError as error:
        kind = ReadOnly if "ead-only" in str(error.strerror) else Unreachable
        raise kind(f"{where} cannot be opened ({error.strerror})", where=where) from error
    if head and head != MAGIC:
        raise NotADatabase(f"{where} is not an SQLite database", where=where)


def configure_sqlite(engine: Engine, *, lock_round_seconds: float, is_read_only: bool = False) -> None:
    """Sets up every new connection, and begins transactions by `connection.info["begin"]` (else a plain BEGIN)."""

    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the module's own idea of transactions begins them too late
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(lock_round_seconds * 1000)}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = NORMAL")  # in WAL a power cut loses the last moments, never the whole
        cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        cursor.execute(f"PRAGMA cache_size = -{READING_CACHE_KIB if is_read_only else CACHE_KIB}")
        cursor.execute("PRAGMA temp_store = MEMORY")
        if is_read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.info.get("begin", "BEGIN"))

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)
