"""What `storage.url` means: a database address as people write it, read, checked and made safe to show.

Enters as text, leaves as an `Address`; nothing is opened here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import BadAddress


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
    try:
        url = make_url(text)
        kind = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise BadAddress("storage.url is not the address of a database") from error
    if kind == "sqlite":
        if url.host or not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            hint = "Write sqlite:///FILE with three slashes (four for an absolute path), naming a file on this machine."
            raise BadAddress("storage.url names no file", where=text, hint=hint)
        path = Path(url.database)
        return Address("sqlite", URL.create("sqlite", database=str(path)), path, str(path))
    if kind in {"postgresql", "postgres"}:
        if not url.database:
            raise BadAddress("storage.url names no database of that server", hint="Write postgresql://USER@HOST/NAME.")
        url = url.set(drivername="postgresql+psycopg")
        bare = URL.create("postgresql", username=url.username, host=url.host, port=url.port, database=url.database)
        shown = bare.render_as_string()
        return Address("postgresql", url, None, shown)
    raise BadAddress(f"tipwatch keeps its data in SQLite or PostgreSQL, not in {kind}")
