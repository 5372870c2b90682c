"""The tables of shared work: made once, in a schema of their own, brought up to date, on PostgreSQL only."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database.address import read_address
from storage.database.engine import Database
from storage.database.errors import MissingDriver, NewerSchema, StorageError
from storage.database.migrations.cluster import CLUSTER_SCHEMA, prepare_cluster
from tests.support.postgresql import on_postgresql


def relations(database: Database, schema: str) -> set[str]:
    with database.reading() as connection:
        asked = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema")
        return set(connection.execute(asked, {"schema": schema}).scalars())


@on_postgresql
def test_they_live_in_a_schema_of_their_own(database_url: str) -> None:
    with Database.open(database_url) as database:
        before = relations(database, "public")
        prepare_cluster(database)
        assert relations(database, "public") == before
        assert {"applied", "host_turn", "procrastinate_jobs"} <= relations(database, CLUSTER_SCHEMA)
    Database.open(database_url, migrate=False).close()  # the main schema still is current


@on_postgresql
def test_preparing_again_changes_nothing(database_url: str) -> None:
    with Database.open(database_url) as database:
        prepare_cluster(database)
        with database.writing() as connection:
            connection.execute(text(f"INSERT INTO {CLUSTER_SCHEMA}.host_turn (host) VALUES ('a.example')"))
        prepare_cluster(database)
        with database.reading() as connection:
            assert connection.execute(text(f"SELECT host FROM {CLUSTER_SCHEMA}.host_turn")).scalars().all() == [
                "a.example"
            ]


@on_postgresql
def test_two_that_prepare_at_once_both_find_them_made(database_url: str) -> None:
    failures: list[BaseException] = []
    with Database.open(database_url) as database:

        def prepare() -> None:
            try:
                prepare_cluster(database)
            except BaseException as error:  # told in the main thread
                failures.append(error)

        threads = [threading.Thread(target=prepare) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


@on_postgresql
def test_a_migration_that_the_library_brings_is_applied_where_it_is_missing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.database.migrations import cluster

    with Database.open(database_url) as database:
        prepare_cluster(database)
        monkeypatch.setitem(cluster.OURS, "tipwatch_9999_more", "CREATE TABLE more (name TEXT)")
        prepare_cluster(database)
        assert "more" in relations(database, CLUSTER_SCHEMA)
        monkeypatch.delitem(cluster.OURS, "tipwatch_9999_more")
        with pytest.raises(NewerSchema, match="tipwatch_9999_more"):
            prepare_cluster(database)


@on_postgresql
def test_without_the_extra_it_says_what_to_install(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    with Database(read_address(database_url)) as database:
        with pytest.raises(MissingDriver) as caught:
            prepare_cluster(database)
        assert "tipwatch[cluster]" in caught.value.hint
        assert relations(database, CLUSTER_SCHEMA) == set()


def test_sqlite_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}") as database, pytest.raises(StorageError) as caught:
        prepare_cluster(database)
    assert "storage copy" in caught.value.hint
