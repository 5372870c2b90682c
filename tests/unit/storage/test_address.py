"""What `storage.url` may be."""

from __future__ import annotations

import pytest

from storage.database.address import read_address
from storage.database.errors import BadAddress


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_names_the_same_driver(scheme: str) -> None:
    address = read_address(f"{scheme}://tip:secret@db.example:5433/news")
    assert address.dialect == "postgresql"
    assert address.url.drivername == "postgresql+psycopg"
    assert address.path is None


def test_an_address_is_shown_without_its_password() -> None:
    shown = read_address("postgresql://tip:secret@db.example/news?password=secret").shown
    assert "secret" not in shown
    assert shown == "postgresql://tip@db.example/news"


def test_a_sqlite_address_names_its_file() -> None:
    address = read_address("sqlite:////var/lib/tipwatch/data.sqlite3")
    assert (address.dialect, str(address.path)) == ("sqlite", "/var/lib/tipwatch/data.sqlite3")


@pytest.mark.parametrize(
    "written",
    ["", "nonsense", "sqlite://", "sqlite:///:memory:", "sqlite://data.sqlite3", "mysql://db/news", "oracle://x/y",
     "postgresql://db.example", "sqlite:///file:data?mode=ro&uri=true", "http://example.org", "postgresql://h:notaport/x"],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_with_a_hint(written: str) -> None:
    with pytest.raises(BadAddress) as caught:
        read_address(written)
    assert caught.value.hint
