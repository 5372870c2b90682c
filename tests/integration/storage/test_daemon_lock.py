"""One daemon a database, over real processes, killed or not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database.daemon_lock import DaemonLock, find_daemon, read_daemon
from storage.database.engine import Database
from storage.database.errors import DaemonRunning, ReadOnly, Unreachable
from storage.database.sqlite_file import lock_path
from tests.support.crawl_records import HOUR, NOW

FIRST_DAEMON = """
import sys
from datetime import UTC, datetime
from storage.database.daemon_lock import DaemonLock
from storage.database.engine import Database

with Database.open(sys.argv[1]) as database, DaemonLock(database, now=datetime(2026, 11, 25, 7, 0, tzinfo=UTC)):
    print("locked", flush=True)
    sys.stdin.read()
"""


@contextmanager
def first_daemon(url: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", FIRST_DAEMON, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "locked\n"
        yield process
        process.stdin.close()
        process.wait()


def test_a_second_daemon_is_refused_and_told_which_is_the_first(database: Database, database_url: str) -> None:
    with first_daemon(database_url) as first:
        with pytest.raises(DaemonRunning) as caught, DaemonLock(database, now=NOW):
            pass
        found = find_daemon(database)
    who = f"process {first.pid} on {socket.gethostname()}, since {NOW:%Y-%m-%d %H:%M} UTC"
    assert str(caught.value).endswith(who)
    assert f"ps -p {first.pid}" in caught.value.hint
    assert found is not None
    assert (found.pid, found.host, found.since_at) == (first.pid, socket.gethostname(), NOW)


def test_a_link_to_the_database_leads_to_the_same_lock(tmp_path: Path) -> None:
    file, link = tmp_path / "tipwatch.sqlite3", tmp_path / "elsewhere" / "link.sqlite3"
    link.parent.mkdir()
    link.symlink_to(file)
    with (
        Database.open(f"sqlite:///{file}") as database,
        DaemonLock(database, now=NOW),
        Database.open(f"sqlite:///{link}") as linked,
        pytest.raises(DaemonRunning),
        DaemonLock(linked, now=NOW),
    ):
        pass
    assert list(link.parent.iterdir()) == [link]


def test_a_killed_daemon_leaves_no_lock(database: Database, database_url: str) -> None:
    with first_daemon(database_url) as first:
        first.send_signal(signal.SIGKILL)
        first.wait()
        for _ in range(100):  # PostgreSQL notices within moments that the other end is gone
            if find_daemon(database) is None:
                break
        with DaemonLock(database, now=NOW):
            assert find_daemon(database) is not None
    with database.reading() as connection:
        seen = read_daemon(connection)
    assert seen is not None
    assert seen.pid == os.getpid()


def test_a_daemon_that_ended_is_found_no_more_but_remembered(database: Database) -> None:
    assert find_daemon(database) is None
    with DaemonLock(database, now=NOW) as lock:
        lock.beat(NOW + HOUR, {"next_crawl_at": "2026-11-25T08:00:00+00:00"})
        lock.beat(NOW + 2 * HOUR)
    assert find_daemon(database) is None
    with database.reading() as connection:
        seen = read_daemon(connection)
    assert seen is not None
    assert (seen.pid, seen.since_at, seen.seen_at) == (os.getpid(), NOW, NOW + 2 * HOUR)
    assert seen.info == {"next_crawl_at": "2026-11-25T08:00:00+00:00"}


def test_the_lock_can_be_taken_again_and_again(database: Database) -> None:
    for _ in range(3):
        with DaemonLock(database, now=NOW):
            assert find_daemon(database) is not None
        assert find_daemon(database) is None


def test_a_lock_file_that_cannot_be_made_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'data.sqlite3'}") as database:
        lock_path(tmp_path / "data.sqlite3").mkdir()
        with pytest.raises((ReadOnly, Unreachable), match="cannot be opened") as caught, DaemonLock(database, now=NOW):
            pass
    assert caught.value.hint


def test_a_lock_file_with_nonsense_in_it_does_no_harm(tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'data.sqlite3'}") as database:
        lock_path(tmp_path / "data.sqlite3").write_bytes(b"\xff\xfe not json")
        assert find_daemon(database) is None
        with DaemonLock(database, now=NOW):
            lock_path(tmp_path / "data.sqlite3").write_bytes(b"[1]")
            found = find_daemon(database)
            assert found is not None
            assert found.pid is None


def test_a_daemon_learns_that_its_session_was_cut(database: Database) -> None:
    if database.dialect != "postgresql":
        pytest.skip("a file's lock cannot be cut from outside")
    with DaemonLock(database, now=NOW) as lock:
        with database.writing() as connection:
            here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
            holders = f"FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND database = {here}"
            connection.execute(text(f"SELECT pg_terminate_backend(pid) {holders}"))
        with pytest.raises(Unreachable):
            lock.beat(NOW)
