"""Conditions on many values, as both databases take them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, select, update

from storage.database.engine import Database
from storage.database.statements import insert, one_of
from storage.tables.schema import article, setting
from tests.support.crawl_records import NOW, reading, store_articles, verdict

HARD = ['say "so"', "comma, [bracket]", "žena", "back\\slash", "'"]


def keep(database: Database, *names: str) -> None:
    rows = [{"name": name, "value": 1} for name in names]
    database.write_now(lambda connection: connection.execute(insert(connection, setting), rows))


def test_values_are_found_whatever_is_in_them_and_others_are_not(database: Database) -> None:
    keep(database, *HARD, "other")
    with database.reading() as connection:
        found = connection.execute(select(setting.c.name).where(one_of(setting.c.name, HARD))).scalars().all()
        others = connection.execute(select(setting.c.name).where(~one_of(setting.c.name, HARD))).scalars().all()
    assert sorted(found) == sorted(HARD)
    assert others == ["other"]


def test_none_is_one_of_no_values_and_there_may_be_more_than_a_statement_takes(database: Database) -> None:
    keep(database, "1", "39999")
    with database.reading() as connection:
        named = select(setting.c.name).order_by(setting.c.name)
        assert connection.execute(named.where(one_of(setting.c.name, ()))).all() == []
        many = one_of(setting.c.name, map(str, range(100_000)))
        assert connection.execute(named.where(many)).scalars().all() == ["1", "39999"]


def test_rows_are_changed_and_removed_by_many_values(database: Database) -> None:
    keep(database, "a", "b", "c")
    with database.writing() as connection:
        two = one_of(setting.c.name, {"a", "b"})
        assert connection.execute(update(setting).where(two).values(value=2)).rowcount == 2
        assert connection.execute(delete(setting).where(two | one_of(setting.c.name, ["c"]))).rowcount == 3


def test_text_that_no_database_holds_is_looked_for_as_it_was_stored(database: Database) -> None:
    database.write_now(store_articles, [(reading(1, outlet="A\0 lone \ud800"), verdict())], NOW)
    with database.reading() as connection:
        asked = select(article.c.id).where(one_of(article.c.outlet, ["A\0 lone \ud800"]))
        assert connection.execute(asked).scalars().all() == [1]


def test_sqlite_goes_by_an_index(tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'data.sqlite3'}") as database, database.reading() as connection:
        asked = select(article.c.id).where(one_of(article.c.canonical_url, ["https://a.example/"]))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.compile(connection.engine)}", ("[]",)).all()
    assert plan[0][-1].startswith("SEARCH article USING")
