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

from typing import TYPE_CHECKING, NamedTuple

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

    default_hint = "Give the user that runs tipwatch permission to write to the database file and its folder."


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

    default_hint = "The database is unchanged and still works with the previous version. Please report this."


class DaemonRunning(StorageError):
    """Another daemon works on this database; the message says which, as far as it is known, and since when."""

    default_hint = "See which with: tipwatch status"


class AlreadyAnnounced(StorageError):
    """A project of this digest reached the subscription by another digest meanwhile; compose it again."""

    default_hint = "Compose the digest again."


class Condition(NamedTuple):
    """What a database's own codes stand for, by how they begin."""

    codes: tuple[str, ...]
    kind: type[StorageError]
    message: str
    hint: str | None = None


# SQLite's (extended) result codes, as https://sqlite.org/rescode.html lists them, and SQLSTATEs, as PostgreSQL's
# appendix A does. The first that fits holds.
CONDITIONS = (
    Condition(
        ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01", "40001"), Locked, "{where} is locked by another process",
    ),
    Condition(("SQLITE_NOTADB",), NotADatabase, "{where} is not an SQLite database"),
    Condition(("SQLITE_CORRUPT", "XX001", "XX002"), CorruptDatabase, "{where} is damaged ({text})"),
    Condition(("SQLITE_READONLY", "25006"), ReadOnly, "{where} cannot be written"),
    Condition(
        ("42501",), ReadOnly, "{where} cannot be written ({text})",
        "Give this user permission to create and write tables in the database.",
    ),
    Condition(("SQLITE_FULL",), DiskFull, "no space left to write {where}"),
    Condition(("53100",), DiskFull, "{where} has no room ({text})"),
    Condition(("53",), Unreachable, "{where} has no room ({text})"),
    Condition(("SQLITE_IOERR", "58"), DiskError, "{where} cannot be read or written ({text})"),
    Condition(
        ("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"), Unreachable, "{where} cannot be opened ({text})",
        "Check that the folder exists and that the user that runs tipwatch may write to the file and its folder.",
    ),
    Condition(("08", "28", "57P"), Unreachable, "{where} cannot be used ({text})"),
    # all tables were there when the database was opened
    Condition(("42P01",), DatabaseGone, "{where} was deleted or replaced while tipwatch used it ({text})"),
)  # fmt: skip


def translate(error: DBAPIError, where: str) -> StorageError | None:
    """The named error that a driver's error stands for; None where it is a bug of ours (constraint, syntax, …)."""
    original = error.orig
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    if code is not None:
        return explain(code, str(original), where)
    if type(original).__name__ == "OperationalError" or error.connection_invalidated:  # it never reached a server
        return Unreachable(f"{where} cannot be reached ({' '.join(str(original).split())})", where=where)
    return None


def explain(code: str, message: str, where: str) -> StorageError | None:
    """The named error that a database's code and message stand for; None where they are a bug of ours."""
    text = " ".join(message.split())
    if code == "SQLITE_ERROR" and text.startswith("no such table"):
        code = "42P01"  # which PostgreSQL has a code for
    found = next((one for one in CONDITIONS if code.startswith(one.codes)), None)
    return found and found.kind(found.message.format(where=where, text=text), where=where, hint=found.hint)
