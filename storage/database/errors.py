"""What can go wrong with the database, each with a message for the analyst and a hint for the operator.

    StorageError
    ├── Unreachable            no connection: server down, wrong password, file that cannot be opened
    │   ├── MissingDriver      PostgreSQL is named but its driver is not installed
    │   └── BadAddress         the address itself makes no sense
    ├── ReadOnly               file or folder may not be written
    ├── Locked                 another process has held the database for too long
    ├── DiskFull               no space left
    ├── DiskError              the disk or its driver failed
    ├── NotADatabase           the file is something else
    │   └── ForeignDatabase    a database, but not one of tipwatch
    ├── CorruptDatabase        the file is damaged
    ├── DatabaseGone           deleted or replaced while it was in use, or since
    ├── NewerSchema            written by a newer tipwatch
    ├── HalfMigrated           an upgrade was cut off, or tables are missing
    ├── MigrationFailed        an upgrade was refused and undone
    ├── DaemonRunning          another daemon works on this database
    └── AlreadyAnnounced       a project reached this subscription by another digest meanwhile

`translate` turns what SQLAlchemy raises into these; what it does not know is a bug and passes through.
"""

# ruff: noqa: N818 -- these are names of conditions an operator meets; the tree above says they are errors
from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

RESTORE = (
    "Stop tipwatch, move the file aside and put a backup in its place "
    "(upgrades leave one beside it, named *.before-upgrade-from-*.sqlite3). Nothing was changed."
)


class StorageError(Exception):
    """The database could not be used.

    Attributes:
        where: the database, without its password.
        hint: what the operator can do.
    """

    default_hint = "See the log for the cause."

    def __init__(self, message: str, *, where: str = "", hint: str | None = None) -> None:
        super().__init__(message)
        self.where = where
        self.hint = hint or self.default_hint


class Unreachable(StorageError):
    """No connection could be made."""

    # One hint for all: a refused connection comes without an error code, only with words in the server's language.
    default_hint = (
        "Check storage.url, that the server runs, that the database exists (createdb makes one) "
        "and that this user may connect."
    )


class MissingDriver(Unreachable):
    """PostgreSQL is named but its driver is not installed."""

    default_hint = "Install it with: pip install 'tipwatch[postgresql]'"


class BadAddress(Unreachable):
    """storage.url is not an address of a database."""

    default_hint = "Write sqlite:///FILE or postgresql://USER@HOST/NAME."


class ReadOnly(StorageError):
    """The file or its folder may not be written."""

    default_hint = "Give the user that runs tipwatch the right to write the database file and its folder."


class Locked(StorageError):
    """Another process has held the database for too long."""

    default_hint = "Another program is writing to the database (a backup, a shell?). End it, then try again."


class DiskFull(StorageError):
    """No space is left where the database is."""

    default_hint = "Free some space; tipwatch continues by itself, nothing was lost."


class DiskError(StorageError):
    """The disk under the database failed to read or write."""

    default_hint = "Check the disk and the system log."


class NotADatabase(StorageError):
    """The file is not an SQLite database."""

    default_hint = "storage.url names another file. Point it at tipwatch's own, or at a new name to start afresh."


class ForeignDatabase(NotADatabase):
    """The database holds another program's tables."""

    default_hint = "storage.url names another program's database. Give tipwatch one of its own."


class CorruptDatabase(StorageError):
    """The database file is damaged."""

    default_hint = RESTORE


class DatabaseGone(StorageError):
    """The database is not the one that was opened, or not there any more; nothing is written in its place."""

    default_hint = "Put the database, or a backup of it, back in its place, then start tipwatch again."


class NewerSchema(StorageError):
    """The database was written by a newer tipwatch."""

    default_hint = "Install the newer tipwatch, or restore the backup made before its upgrade. Nothing was changed."


class HalfMigrated(StorageError):
    """An upgrade of the database was cut off, or tables are missing."""

    default_hint = RESTORE


class MigrationFailed(StorageError):
    """The upgrade of the database failed and was undone; it is as it was."""

    default_hint = "The database is unchanged and still works with the version before. Please report this."


class DaemonRunning(StorageError):
    """Another daemon works on this database.

    Attributes:
        pid: its process; None where unknown.
        host: the machine it runs on.
        since_at: when it started.
    """

    def __init__(
        self, message: str, *, where: str = "", hint: str | None = None,
        pid: int | None = None, host: str | None = None, since_at: datetime | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message, where=where, hint=hint)
        self.pid = pid
        self.host = host
        self.since_at = since_at


class AlreadyAnnounced(StorageError):
    """A project of this digest reached the subscription by another digest meanwhile; compose it again."""

    default_hint = "Compose the digest again."


def translate(error: DBAPIError, where: str) -> StorageError | None:
    """The named error that a driver's error stands for; None where it is a bug of ours (constraint, syntax, …)."""
    original = error.orig
    name = getattr(original, "sqlite_errorname", None)
    if name is not None:
        return from_sqlite(name, str(original), where)
    return from_postgresql(getattr(original, "sqlstate", None), original, where, is_lost=error.connection_invalidated)


def from_sqlite(name: str, text: str, where: str) -> StorageError | None:
    """By SQLite's own (extended) result code, as https://sqlite.org/rescode.html lists them."""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Locked(f"{where} is locked by another process", where=where)
    if name.startswith("SQLITE_NOTADB"):
        return NotADatabase(f"{where} is not an SQLite database", where=where)
    if name.startswith("SQLITE_CORRUPT"):
        return CorruptDatabase(f"{where} is damaged ({text})", where=where)
    if name.startswith("SQLITE_READONLY"):
        return ReadOnly(f"{where} cannot be written", where=where)
    if name.startswith("SQLITE_FULL"):
        return DiskFull(f"no space left to write {where}", where=where)
    if name.startswith("SQLITE_IOERR"):
        return DiskError(f"{where} cannot be read or written ({text})", where=where)
    if name == "SQLITE_ERROR" and text.startswith("no such table"):
        return lacks_tables(text, where)
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        hint = "Check that the folder exists and that the user that runs tipwatch may write the file and its folder."
        return Unreachable(f"{where} cannot be opened ({text})", where=where, hint=hint)
    return None


def from_postgresql(code: str | None, original: object, where: str, *, is_lost: bool) -> StorageError | None:
    """By SQLSTATE, as PostgreSQL's appendix A lists them; an operational error without one never reached a server."""
    text = " ".join(str(original).split())
    if code is None:
        if type(original).__name__ == "OperationalError" or is_lost:
            return Unreachable(f"{where} cannot be reached ({text})", where=where)
        return None
    if code.startswith(("08", "28", "57P")):
        return Unreachable(f"{where} cannot be used ({text})", where=where)
    if code.startswith("53"):
        kind = DiskFull if code == "53100" else Unreachable
        return kind(f"{where} has no room ({text})", where=where)
    if code == "42P01":
        return lacks_tables(text, where)
    if code == "25006":
        return ReadOnly(f"{where} cannot be written", where=where)
    if code in {"55P03", "40P01", "40001"}:
        return Locked(f"{where} is locked by another process", where=where)
    if code in {"42501"}:
        hint = "Give this user the right to create and write tables in the database."
        return ReadOnly(f"{where} cannot be written ({text})", where=where, hint=hint)
    if code.startswith(("XX001", "XX002")):
        return CorruptDatabase(f"{where} is damaged ({text})", where=where)
    if code.startswith("58"):
        return DiskError(f"{where} cannot be read or written ({text})", where=where)
    return None


def lacks_tables(text: str, where: str) -> DatabaseGone:
    """All tables were there when the database was opened."""
    return DatabaseGone(f"{where} was deleted or replaced while tipwatch used it ({text})", where=where)
