"""The schema comes about by migrations, is what `schema.py` says, and is never touched where it should not be."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from storage.articles.articles import list_articles
from storage.database import migrations
from storage.database.engine import Database
from storage.database.errors import ForeignDatabase, HalfMigrated, MigrationFailed, NewerSchema, StorageError
from storage.database.migrations import run
from storage.projects.listing import list_projects
from storage.search.search import find
from storage.tables.schema import metadata, search_ddl
from storage.tables.search import is_described
from tests.support.migrations import VERSIONS, fill
from tests.support.register_world import event, launch, retelling, tell

CATALOGUE = {
    "sqlite": [
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND name NOT LIKE '%_search_%'"
    ],
    "postgresql": [
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name <> 'alembic_version'",
        "SELECT indexname, indexdef FROM pg_indexes "
        "WHERE schemaname = current_schema() AND tablename <> 'alembic_version'",
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = current_schema()::regnamespace AND conrelid <> 'alembic_version'::regclass",
    ],
}


def catalogue(connection: Connection) -> list[str]:
    """All that the database itself says of its schema, blanks aside."""
    rows = [row for query in CATALOGUE[connection.dialect.name] for row in connection.execute(text(query))]
    said = ("".join(repr(tuple(row)).replace("\\n", "").replace("\\t", "").split()) for row in rows)
    # on SQLite a column that was added to a table stands behind its constraints
    parts = (one.removesuffix("')").removesuffix("STRICT").removesuffix(")").split(",") for one in said)
    return sorted(",".join(sorted(part)) for part in parts)


def test_the_migrated_schema_is_the_described_one(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_described})
        assert compare_metadata(context, metadata) == []


def test_the_migrated_schema_is_the_described_one_to_the_last_check_and_index(database: Database) -> None:
    """Alembic's comparison sees neither CHECKs nor the conditions of indexes; the databases' own catalogues do."""
    with database.reading() as connection:
        migrated = catalogue(connection)
    with database.without_foreign_keys() if database.dialect == "sqlite" else database.writing() as connection:
        for table in ("article_search", "project_search"):
            connection.execute(text(f"DROP TABLE {table}"))
        metadata.drop_all(connection)
        metadata.create_all(connection)
        for statement in search_ddl(database.dialect):
            connection.execute(text(statement))
        described = catalogue(connection)
    assert migrated == described


def test_every_migration_is_listed_in_order() -> None:
    modules = sorted(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    assert tuple(modules) == migrations.REVISIONS


def test_every_table_is_strict_on_sqlite(tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'data.sqlite3'}") as database, database.reading() as connection:
        loose = text("SELECT name FROM pragma_table_list WHERE strict = 0 AND type = 'table' AND schema = 'main'")
        names = set(connection.execute(loose).scalars())
    assert names <= {"alembic_version", "sqlite_schema"}


def test_a_current_database_is_opened_without_importing_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data.sqlite3'}"
    Database.open(url).close()
    program = (
        "import sys; from storage.database.engine import Database; Database.open(sys.argv[1]).close(); "
        "print([name for name in sys.modules if name.split('.')[0] in {'alembic', 'mako', 'psycopg', 'numpy'}])"
    )
    done = subprocess.run([sys.executable, "-c", program, url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_new_database_is_made_without_what_colours_code(tmp_path: Path) -> None:
    """What an upgrade imports stays with the daemon that ran it."""
    program = (
        "import sys; from storage.database.engine import Database; Database.open(sys.argv[1]).close(); "
        "print('alembic' in sys.modules, 'pygments' in sys.modules)"
    )
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    done = subprocess.run([sys.executable, "-c", program, url], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_two_that_open_an_empty_database_at_once_both_find_it_made(database_url: str) -> None:
    program = "import sys; from storage.database.engine import Database; Database.open(sys.argv[1]).close()"
    both = [subprocess.Popen([sys.executable, "-c", program, database_url]) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]


def set_version(database: Database, version: str) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_a_newer_schema_is_refused_and_not_touched(database: Database, database_url: str) -> None:
    set_version(database, "9999")
    with pytest.raises(NewerSchema) as caught:
        Database.open(database_url)
    assert "9999" in str(caught.value)
    assert caught.value.hint
    with database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["9999"]


def test_another_programs_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE song (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ForeignDatabase, match="song"):
        Database.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_database_whose_upgrade_was_cut_off_is_refused(database: Database, database_url: str) -> None:
    with database.writing() as connection:
        connection.execute(text("DROP TABLE announced_article"))
    with pytest.raises(HalfMigrated, match="announced_article") as caught:
        Database.open(database_url)
    assert "backup" in caught.value.hint


def test_a_database_that_does_not_say_its_version_is_refused(database: Database, database_url: str) -> None:
    with database.writing() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(HalfMigrated):
        Database.open(database_url)


def test_an_upgrade_keeps_all_rows_and_leaves_a_backup(
    database: Database, database_url: str, request: pytest.FixtureRequest
) -> None:
    fill(database)
    database.close()
    request.getfixturevalue("next_migration")
    with Database.open(database_url) as upgraded, upgraded.reading() as connection:
        assert connection.execute(text("SELECT name, remark FROM source")).all() == [("s", None)]
        assert connection.execute(text("SELECT count(*) FROM entry")).scalar_one() == 1
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9001"
        path = upgraded.address.path
    if path is not None:
        backup = path.with_name("tipwatch.before-upgrade-from-0001.sqlite3")
        copy = sqlite3.connect(backup)
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert copy.execute("SELECT name, value FROM counter").fetchall() == [("kept", 7)]
        copy.close()


def test_what_was_registered_is_found_as_before_after_an_upgrade(
    database: Database, database_url: str, request: pytest.FixtureRequest
) -> None:
    tell(database, launch(), event())
    with database.reading() as connection:
        before = (list_articles(connection), list_projects(connection), find(connection, "article_search", "nampula"))
    database.close()
    request.getfixturevalue("next_migration")
    with Database.open(database_url) as upgraded:
        with upgraded.reading() as connection:
            after = (
                list_articles(connection),
                list_projects(connection),
                find(connection, "article_search", "nampula"),
            )
        assert after == before
        assert all(before)
        [again] = tell(upgraded, retelling())
    assert again.project_id == before[1][0].public_id


def test_foreign_keys_are_checked_again_after_an_upgrade(
    database: Database, database_url: str, request: pytest.FixtureRequest
) -> None:
    database.close()
    request.getfixturevalue("next_migration")
    orphan = "INSERT INTO announced_article (subscription, article_id, digest_id) VALUES ('s', 7, 7)"
    with (
        Database.open(database_url) as upgraded,
        pytest.raises(IntegrityError, match=r"(?i)foreign key"),
        upgraded.writing() as connection,
    ):
        connection.execute(text(orphan))


def test_an_upgrade_that_fails_is_undone_and_told(
    database: Database, database_url: str, request: pytest.FixtureRequest
) -> None:
    fill(database, name="fail")
    with database.reading() as connection:
        before = catalogue(connection)
    request.getfixturevalue("next_migration")
    with pytest.raises(MigrationFailed, match="from 0001 to 9001") as caught:
        Database.open(database_url)
    assert caught.value.hint
    with database.reading() as connection:
        assert catalogue(connection) == before
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0001"
        assert connection.execute(text("SELECT count(*) FROM entry")).scalar_one() == 1


def test_an_upgrade_that_would_leave_rows_pointing_nowhere_is_undone(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'data.sqlite3'}"
    with Database.open(url) as database:
        fill(database)
        with database.without_foreign_keys() as connection:
            connection.execute(text("UPDATE entry SET source_id = 99"))
    request.getfixturevalue("next_migration")
    with pytest.raises(MigrationFailed, match="point nowhere"):
        Database.open(url)


def test_a_command_that_only_looks_refuses_an_older_schema(
    database: Database, database_url: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("next_migration")
    with pytest.raises(StorageError, match="older tipwatch") as caught:
        Database.open(database_url, migrate=False)
    assert caught.value.hint
    with database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0001"


def test_a_second_backup_does_not_overwrite_the_first(tmp_path: Path) -> None:
    first = run.backup_path(tmp_path / "data.sqlite3", "0001")
    first.touch()
    second = run.backup_path(tmp_path / "data.sqlite3", "0001")
    assert first.name == "data.before-upgrade-from-0001.sqlite3"
    assert second.name == "data.before-upgrade-from-0001.2.sqlite3"
