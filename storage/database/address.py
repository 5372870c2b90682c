"""What `storage.url` means: a database address as people write it, read, checked and made safe to show.

Enters as text, leaves as an `Address`; nothing is opened here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.database.errors import BadAddress

SQLITE_FILE = "sqlite:///"
FILE_HINT = "Write sqlite:///FILE with three slashes (four for an absolute path), naming a file on this machine."


@dataclass(frozen=True, slots=True)
class Address:
    """A database that can be opened.

    Attributes:
        url: for SQLAlchemy, with the driver named.
        path: the file; None for PostgreSQL.
        shown: for messages, without password.
    """

    dialect: Literal["sqlite", "postgresql"]
    url: URL
    path: Path | None
    shown: str


def read_address(text: str) -> Address:
    """Reads `sqlite:///FILE` or `postgresql://USER@HOST/NAME` (also `postgres://`, and with `+psycopg`).

    Raises:
        BadAddress: anything else; databases in memory too, since a daemon's work would end with it.
    """
    if text.startswith(SQLITE_FILE):  # a path, whatever marks an address would give a meaning: ? # %
        return read_path(text.removeprefix(SQLITE_FILE))
    try:
        url = make_url(text)
        kind = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise BadAddress("storage.url is not the address of a database") from error
    if kind == "sqlite":
        raise BadAddress("storage.url names no file", where=text, hint=FILE_HINT)
    if kind in {"postgresql", "postgres"}:
        if not url.database:
            raise BadAddress("storage.url names no database of that server", hint="Write postgresql://USER@HOST/NAME.")
        url = url.set(drivername="postgresql+psycopg")
        bare = URL.create("postgresql", username=url.username, host=url.host, port=url.port, database=url.database)
        shown = bare.render_as_string()
        return Address("postgresql", url, None, shown)
    raise BadAddress(f"tipwatch keeps its data in SQLite or PostgreSQL, not in {kind}")


def read_path(text: str) -> Address:
    if not text or text == ":memory:" or text.startswith("file:"):
        raise BadAddress("storage.url names no file", where=f"{SQLITE_FILE}{text}", hint=FILE_HINT)
    path = Path(text)
    return Address("sqlite", URL.create("sqlite", database=str(path)), path, str(path))
