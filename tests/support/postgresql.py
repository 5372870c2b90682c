"""Marks tests that need PostgreSQL: `database_url` is then the address of an empty database of it."""

from __future__ import annotations

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
