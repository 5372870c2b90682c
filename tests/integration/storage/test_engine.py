"""Transactions: whole or not at all, one after another, from any thread and from asyncio."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database.engine import Database
from storage.database.errors import Locked, Unreachable
from storage.database.statements import add_to_counters, read_counters
from storage.tables.schema import counter
from tests.support.crawl_records import KilledError, write_and_die


def add(connection: Connection, amount: int = 1) -> None:
    add_to_counters(connection, {"number": amount})


def value(connection: Connection) -> int:
    return read_counters(connection).get("number", 0)


def test_what_is_written_is_there_when_the_database_is_opened_again(database_url: str) -> None:
    with Database.open(database_url) as database:
        database.write_now(add)
    with Database.open(database_url) as database, database.reading() as connection:
        assert value(connection) == 1


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(KilledError):
        write_and_die(database, add)
    with database.reading() as connection:
        assert value(connection) == 0


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    with database.reading() as connection:
        assert value(connection) == 0
        database.write_now(add)
        assert value(connection) == 0
    with database.reading() as connection:
        assert value(connection) == 1


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only|cannot be written"), database.reading() as connection:
        add(connection)
    database.write_now(add)


def test_many_writers_that_read_first_lose_nothing(database: Database) -> None:
    def raise_by_one(connection: Connection) -> None:
        locked = select(counter.c.value).where(counter.c.name == "number").with_for_update()
        before = connection.execute(locked).scalar_one()
        connection.execute(counter.update().where(counter.c.name == "number").values(value=before + 1))

    database.write_now(add, 0)
    database.write_now(lambda connection: connection.execute(counter.insert().values(name="number", value=0)))
    threads = [threading.Thread(target=lambda: [database.write_now(raise_by_one) for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert value(connection) == 40


def test_transactions_that_meet_head_on_are_both_done(database: Database) -> None:
    """Each adds to two totals in the other's order: PostgreSQL undoes one of them, which is run again."""
    gate = threading.Barrier(2)
    runs: list[str] = []

    def both(connection: Connection, first: str, second: str) -> None:
        runs.append(first)
        add_to_counters(connection, {first: 1})
        if len(runs) <= 2 and database.dialect == "postgresql":
            gate.wait(5)
        add_to_counters(connection, {second: 1})

    threads = [
        threading.Thread(target=database.write_now, args=(both, *names)) for names in (("one", "two"), ("two", "one"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert read_counters(connection) == {"one": 2, "two": 2}


async def test_writes_from_asyncio_happen_in_the_order_of_asking(tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'data.sqlite3'}") as database:
        order: list[int] = []

        def note(connection: Connection, number: int) -> None:
            add(connection)
            order.append(number)

        await asyncio.gather(*(database.write(note, number) for number in range(20)))
        assert order == list(range(20))
        assert await database.read(value) == 20


async def test_a_cancelled_wait_leaves_the_transaction_whole(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> None:
        add(connection)
        begun.set()
        go_on.wait(5)
        add(connection)

    task = asyncio.create_task(database.write(slowly))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    database.close()
    with Database.open(str(database.address.url.render_as_string(hide_password=False))) as again:
        assert await again.read(value) == 2


async def test_a_write_cancelled_before_its_turn_does_not_happen(tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'data.sqlite3'}") as database:
        go_on = threading.Event()

        def hold(_connection: Connection) -> None:
            go_on.wait(5)

        first = asyncio.create_task(database.write(hold))
        await asyncio.sleep(0)
        second = asyncio.create_task(database.write(add))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        await asyncio.sleep(0)  # the loop tells the waiting thread of it only now, before its turn comes
        go_on.set()
        await first
        assert await database.read(value) == 0


def test_a_lock_of_another_process_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite3"
    with Database.open(f"sqlite:///{path}") as database:
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.2, other.execute, ["COMMIT"])
        release.start()
        database.write_now(add)
        release.join()
        other.close()
        with database.reading() as connection:
            assert value(connection) == 1


def test_a_lock_that_is_never_let_go_is_an_error_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite3"
    Database.open(f"sqlite:///{path}").close()
    with Database.open(f"sqlite:///{path}", lock_wait_seconds=0) as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with database.reading() as connection:
            assert value(connection) == 0
        with pytest.raises(Locked) as caught:
            database.write_now(add)
        assert str(path) in str(caught.value)
        assert caught.value.hint
        other.execute("ROLLBACK")
        other.close()
        database.write_now(add)


def test_a_closed_database_says_so(database: Database) -> None:
    database.close()
    with pytest.raises(Unreachable, match="was closed"), database.reading():
        pass


def test_a_broken_promise_of_the_schema_is_our_bug_and_stays_itself(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(
            text("INSERT INTO daemon (id, pid, host, since_at, seen_at, info) VALUES (2, 1, 'h', 0, 0, '{}')")
        )


def test_a_value_of_the_wrong_type_is_refused_on_both(database: Database) -> None:
    with pytest.raises(DBAPIError), database.writing() as connection:
        connection.execute(text("INSERT INTO counter (name, value) VALUES ('x', 'many')"))


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(Unreachable) as caught:
        Database.open("postgresql://tip:secret@127.0.0.1:9/news")
    assert "127.0.0.1:9/news" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.hint
