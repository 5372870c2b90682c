"""One daemon a database: a lock that ends with its process, however that ends, and a note of who holds it.

Processes that know how to work side by side (several machines, PostgreSQL only) share the lock among themselves, and
keep out, and are kept out by, one that wants the database alone.

SQLite: `flock` on a file beside the database, the note inside it. PostgreSQL: an advisory lock of a session of its own.
On both the table `daemon` says who and when it was last seen, for `tipwatch status`.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from storage.database.engine import Database
from storage.database.errors import DaemonRunning, DatabaseGone, ReadOnly, StorageError, Unreachable
from storage.database.sqlite_file import lock_path
from storage.database.statements import insert
from storage.tables.schema import daemon

# "tipwatchd" read as a number and cut to the 31 bits that PostgreSQL shows unchanged in pg_locks.objid.
DAEMON_LOCK = int.from_bytes(b"tipwatchd", "big") % 2**31

# `find_daemon` holds the file's lock for an instant to see whether it is free; a daemon starting just then tries again.
TRIES = 5
TRY_EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class DaemonSeen:
    """The daemon that last took this database. Whether it still runs, `find_daemon` tells."""

    pid: int
    host: str
    since_at: datetime
    seen_at: datetime
    info: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DaemonFound:
    """A daemon that runs now, as far as it said who it is."""

    pid: int | None = None
    host: str | None = None
    since_at: datetime | None = None


class DaemonLock:
    """Holds the database for one daemon while the block runs.

    Args:
        database: open.
        now: the time that is noted as the daemon's start.
        is_shared: others that say so too may hold it at the same time; on SQLite nobody can.
        is_noted: False leaves the note of who runs to another that shares it.

    Example:
        with DaemonLock(database, now=now) as lock:
            lock.beat(now, {"next_crawl_at": "…"})

    Raises:
        DaemonRunning: on entering, where another holds it; says which and how to check.
        ReadOnly, Unreachable: the lock file or the server cannot be used.
    """

    def __init__(self, database: Database, *, now: datetime, is_shared: bool = False, is_noted: bool = True) -> None:
        self.database = database
        self.now = now
        self.is_shared = is_shared
        self.is_noted = is_noted
        self._file: int | None = None
        self._session: Connection | None = None

    def __enter__(self) -> DaemonLock:
        try:
            if self.database.address.path is not None:
                self._file = lock_file(self.database.address.path, self.database.where, self.now)
            else:
                self._session = self._lock_session()
            if self.is_noted:
                self.database.write_now(self._introduce)
        except BaseException:
            self.release()
            raise
        return self

    def __exit__(self, *_details: object) -> None:
        self.release()

    def beat(self, now: datetime, info: Mapping[str, Any] | None = None) -> None:
        """Says that the daemon is alive, with what it wants known. Also finds out whether it still holds the lock.

        Raises:
            Unreachable: the session that held it was cut (PostgreSQL), so another daemon may have begun.
            DatabaseGone: the note that it wrote is not there, so this is another state of the database.
        """
        if self._session is not None:
            try:
                with self.database.translated():
                    self._session.exec_driver_sql("SELECT 1")
            except Unreachable:
                if not self.is_shared:
                    raise
                self.release()  # nothing was lost: what is shared is simply taken again
                self._session = self._lock_session()
        if self.is_noted and not self.database.write_now(
            tell_daemon_state, info, now, since_at=None if self.is_shared else self.now
        ):
            where = self.database.where
            raise DatabaseGone(f"{where} was deleted or replaced while tipwatch used it", where=where)

    def release(self) -> None:
        """Lets go. The file stays, empty: removing it could take the lock from under another that just opened it."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None
        if self._session is not None:
            with contextlib.suppress(StorageError, SQLAlchemyError), self.database.translated():
                # by word first: the server notices only some moments later that a session has ended
                self._session.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            self._session.invalidate()  # ends the session, and with it the lock, even where it is cut already
            self._session.close()
            self._session = None

    def _introduce(self, connection: Connection) -> None:
        who = {"pid": os.getpid(), "host": socket.gethostname(), "since_at": self.now, "seen_at": self.now, "info": {}}
        new = insert(connection, daemon).values(id=1, **who)
        connection.execute(new.on_conflict_do_update(index_elements=[daemon.c.id], set_=who))

    def _lock_session(self) -> Connection:
        session = self.database.session()
        function = "pg_try_advisory_lock_shared" if self.is_shared else "pg_try_advisory_lock"
        with self.database.translated():
            taken = session.execute(text(f"SELECT {function}(:key)"), {"key": DAEMON_LOCK}).scalar_one()
        if taken:
            return session
        session.close()
        with self.database.reading() as connection:
            raise running(_last_noted(connection), self.database.where)


def tell_daemon_state(
    connection: Connection, info: Mapping[str, Any] | None, now: datetime, *, since_at: datetime | None = None
) -> bool:
    """Stores that the daemon is alive and, unless None, what it wants known (any JSON object).

    Gives whether there is a daemon's note to store it in; where `since_at` is given, that of the one begun then.
    """
    values: dict[str, Any] = {"seen_at": now}
    if info is not None:
        values["info"] = dict(info)
    mine = update(daemon).where(daemon.c.id == 1)
    if since_at is not None:
        mine = mine.where(daemon.c.since_at == since_at)
    return bool(connection.execute(mine.values(values)).rowcount)


def find_daemon(database: Database) -> DaemonFound | None:
    """The daemon that runs on this database now; None where none does."""
    path = database.address.path
    if path is None:
        with database.reading() as connection:
            held = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND granted AND database = "
            own = "(SELECT oid FROM pg_database WHERE datname = current_database())"
            if connection.execute(text(held + own), {"key": DAEMON_LOCK}).first() is None:
                return None
            return _last_noted(connection)
    try:
        file = os.open(lock_path(path), os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_note(file)
    finally:
        os.close(file)
    return None


def lock_file(path: Path, where: str, now: datetime) -> int:
    """Opens, locks and signs the lock file; gives its descriptor, whose closing unlocks."""
    try:
        file = os.open(lock_path(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        kind = ReadOnly if error.errno in {errno.EACCES, errno.EROFS, errno.EPERM} else Unreachable
        raise kind(f"{lock_path(path)} cannot be opened ({error.strerror})", where=where) from error
    for tries_left in range(TRIES - 1, -1, -1):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if not tries_left:
                found = read_note(file)
                os.close(file)
                raise running(found, where) from None
            time.sleep(TRY_EVERY_SECONDS)
    note = {"pid": os.getpid(), "host": socket.gethostname(), "since": now.isoformat()}
    os.ftruncate(file, 0)
    os.write(file, json.dumps(note).encode() + b"\n")
    return file


def read_note(file: int) -> DaemonFound:
    """What the holder wrote into the lock file; unknown where it has not come to that yet."""
    try:
        note = json.loads(os.pread(file, 4096, 0))
        return DaemonFound(int(note["pid"]), str(note["host"]), datetime.fromisoformat(note["since"]))
    except (ValueError, KeyError, TypeError):
        return DaemonFound()


def running(found: DaemonFound, where: str) -> DaemonRunning:
    """The error that names the first daemon and says how to look at it."""
    if found.pid is None:
        return DaemonRunning(f"another tipwatch already runs on {where}", where=where)
    since = "" if found.since_at is None else f", since {found.since_at:%Y-%m-%d %H:%M} UTC"
    hint = f"See it with: tipwatch status, or on {found.host}: ps -p {found.pid}. Stop it with: kill {found.pid}"
    message = f"tipwatch already runs on {where}: process {found.pid} on {found.host}{since}"
    return DaemonRunning(message, where=where, hint=hint)


def read_daemon(connection: Connection) -> DaemonSeen | None:
    """The daemon that last took this database; None where none ever did."""
    columns = [daemon.c[name] for name in DaemonSeen.__dataclass_fields__]
    row = connection.execute(select(*columns)).one_or_none()
    return None if row is None else DaemonSeen(*row)


def _last_noted(connection: Connection) -> DaemonFound:
    seen = read_daemon(connection)
    return DaemonFound() if seen is None else DaemonFound(seen.pid, seen.host, seen.since_at)
