"""The database is deleted or replaced under tipwatch: it says so, writes nothing more, and starts no empty one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from storage.database.daemon_lock import DaemonLock
from storage.database.engine import Database
from storage.database.errors import DatabaseGone
from storage.database.statements import add_to_counters
from storage.tables.schema import counter, daemon
from tests.support.crawl_records import HOUR, NOW
from tests.support.daemon_bench import Daemon, Site, notify_socket, wait_for


def delete(path: Path) -> None:
    path.unlink()


def delete_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def replace_by_a_copy(path: Path) -> None:
    copy = path.with_name("copy.sqlite3")
    shutil.copy(path, copy)
    copy.replace(path)


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


MOVES: dict[str, Callable[[Path], None]] = {
    "the file deleted": delete,
    "its log deleted": delete_log,
    "the file replaced": replace_by_a_copy,
    "the folder renamed": move_folder,
}


def count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(counter)).scalar_one())


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_nothing_is_written_to_or_read_from_a_database_that_is_gone(
    move: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "data" / "tipwatch.sqlite3"
    with Database.open(f"sqlite:///{path}") as database:
        database.write_now(add_to_counters, {"before": 1})
        move(path)
        for _ in range(2):
            with pytest.raises(DatabaseGone, match="deleted or replaced"):
                database.write_now(add_to_counters, {"after": 1})
            with pytest.raises(DatabaseGone), database.reading() as connection:
                count(connection)


def test_a_transaction_under_which_the_database_goes_is_not_taken_for_done(tmp_path: Path) -> None:
    path = tmp_path / "tipwatch.sqlite3"

    def write_while_it_goes(connection: Connection) -> None:
        add_to_counters(connection, {"half": 1})
        path.unlink()

    with Database.open(f"sqlite:///{path}") as database, pytest.raises(DatabaseGone):
        database.write_now(write_while_it_goes)


def test_a_deleted_database_is_not_begun_anew_while_its_lock_file_tells_of_it(tmp_path: Path) -> None:
    path = tmp_path / "tipwatch.sqlite3"
    url = f"sqlite:///{path}"
    with Database.open(url) as database, DaemonLock(database, now=NOW):
        pass
    path.unlink()
    with pytest.raises(DatabaseGone) as caught:
        Database.open(url)
    assert not path.exists()
    assert "backup" in caught.value.hint
    assert f"{path.name}.lock" in caught.value.hint  # how to start afresh all the same
    path.with_name(f"{path.name}.lock").unlink()
    Database.open(url).close()


def test_a_daemon_whose_note_is_no_longer_there_knows_that_the_content_was_replaced(database_url: str) -> None:
    with Database.open(database_url) as database, DaemonLock(database, now=NOW) as lock:
        lock.beat(NOW + HOUR)
        database.write_now(lambda connection: connection.execute(daemon.update().values(since_at=NOW - 9 * HOUR)))
        with pytest.raises(DatabaseGone):
            lock.beat(NOW + 2 * HOUR)


def test_tables_that_vanish_are_told_as_what_they_are(database_url: str) -> None:
    def drop(connection: Connection) -> Any:
        return connection.exec_driver_sql("DROP TABLE counter")

    with Database.open(database_url) as database:
        database.write_now(drop)
        with pytest.raises(DatabaseGone):
            database.write_now(add_to_counters, {"after": 1})


@pytest.fixture
def daemon_process(tmp_path: Path) -> Iterator[Daemon]:
    site = Site()
    bench = Daemon(tmp_path, site)
    yield bench
    bench.close()
    site.close()


@pytest.mark.slow
@pytest.mark.parametrize("move", [delete, replace_by_a_copy], ids=["deleted", "replaced"])
def test_a_daemon_whose_database_goes_says_so_within_a_minute_and_ends(
    move: Callable[[Path], None], daemon_process: Daemon
) -> None:
    bench = daemon_process
    bench.configure(
        ["herald"],
        subscriptions=[{"name": "morning", "recipients": ["a@example.org"], "time": "00:00", "send_empty": False}],
    )
    with notify_socket(bench.folder) as (address, _):
        process = bench.start("run", NOTIFY_SOCKET=address, WATCHDOG_USEC="2000000")  # beats every second, not 20
        bench.wait_for_log("digest.built")
        path = bench.folder / "data" / "tipwatch.sqlite3"
        move(path)
        wait_for(lambda: process.poll() is not None, "the end of the daemon")  # for a minute at most
    assert process.returncode == 1
    assert bench.logged("error", "database.gone", "deleted or replaced")
    assert bench.logged("daemon.stopped")
    if move is delete:
        assert not path.exists()
        for arguments in (("run", "--once"), ("status",), ("digest",)):
            again = bench.run(*arguments)
            assert again.returncode == 2
            assert "backup" in again.stderr
            assert "Traceback" not in again.stderr
        assert not path.exists()
    else:
        assert json.loads(bench.run("status", "--json").stdout)["is_daemon_running"] is False
