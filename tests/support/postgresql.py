"""Marks tests that need PostgreSQL: `database_url` is then the address of an empty database of it."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator

import psycopg
import pytest

on_postgresql = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


def cut_connections(database_url: str, name: str = "%") -> int:
    """Has the server end the connections to a database whose application is called so; gives how many."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        asked = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE %s"
        )
        row = connection.execute(asked, (name,)).fetchone()
    assert row is not None
    return int(row[0])


POSTGRESQL_URL = os.environ.get("TIPWATCH_TEST_POSTGRESQL_URL")


@contextlib.contextmanager
def empty_postgresql(template: str | None = None) -> Iterator[str]:
    """The address of an empty PostgreSQL database, or a copy of `template`, that is dropped afterwards; skips where no
    server is named."""
    if not POSTGRESQL_URL:
        if os.environ.get("TIPWATCH_TEST_REQUIRE_POSTGRESQL"):
            pytest.fail("TIPWATCH_TEST_POSTGRESQL_URL must name a PostgreSQL here")
        pytest.skip("set TIPWATCH_TEST_POSTGRESQL_URL to run this test on PostgreSQL too")
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRESQL_URL, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template1"}"')
    yield POSTGRESQL_URL.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(POSTGRESQL_URL, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
