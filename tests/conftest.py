"""What all tests share: a network closed but for loopback, and a database of each kind."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

FOLDERS_BY_LENGTH = ("accuracy", "e2e", "faults", "integration", "browser", "fuzz", "unit")
"""Folders of tests, those with the longest files first: were one begun last, other processes would wait for it."""

POSTGRESQL_URL = os.environ.get("TIPWATCH_TEST_POSTGRESQL_URL")


# A machine that stalls for a second must not fail a test of what is right: speed is measured in `benchmarks/`.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the folders of long files, after the order within them was shuffled."""
    folder = Path(__file__).parent
    items.sort(key=lambda item: FOLDERS_BY_LENGTH.index(item.path.relative_to(folder).parts[0]))


def is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):  # a path: a Unix socket
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses any connection that would leave this machine, so that a test cannot depend on the internet."""

    def guarded(method: str) -> None:
        original = getattr(socket.socket, method)

        def connect(self: socket.socket, address: object) -> object:
            if not is_loopback(address):
                raise OSError(f"tests may not contact {address!r}")
            return original(self, address)

        monkeypatch.setattr(socket.socket, method, connect)

    guarded("connect")
    guarded("connect_ex")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of its own: a SQLite file, then a PostgreSQL database where one is named."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'tipwatch.sqlite3'}"
        return
    with empty_postgresql() as url:
        yield url


@contextlib.contextmanager
def empty_postgresql() -> Iterator[str]:
    """The address of an empty PostgreSQL database that is dropped afterwards; skips where no server is named."""
    if not POSTGRESQL_URL:
        if os.environ.get("TIPWATCH_TEST_REQUIRE_POSTGRESQL"):
            pytest.fail("TIPWATCH_TEST_POSTGRESQL_URL must name a PostgreSQL here")
        pytest.skip("set TIPWATCH_TEST_POSTGRESQL_URL to run this test on PostgreSQL too")
    import psycopg

    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRESQL_URL, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield POSTGRESQL_URL.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(POSTGRESQL_URL, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
