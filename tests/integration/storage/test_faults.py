"""Files and servers in every bad state: each is refused with what it is and what to do, and nothing is changed."""

from __future__ import annotations

import os
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database.address import read_address
from storage.database.engine import Database, make_engines
from storage.database.errors import (
    CorruptDatabase,
    DiskError,
    DiskFull,
    MissingDriver,
    NotADatabase,
    ReadOnly,
    StorageError,
    Unreachable,
)
from storage.sources.sources import record_polls
from tests.support.crawl_records import NOW, poll, seen, wait, watch


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def refused(path: Path, kind: type[StorageError]) -> StorageError:
    """Opening it fails so, names the file and gives a hint."""
    with pytest.raises(kind) as caught:
        Database.open(url_of(path))
    assert caught.value.hint
    assert caught.value.where == str(path)
    assert str(path) in str(caught.value)
    return caught.value


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "data.sqlite3"
    Database.open(url_of(path)).close()
    assert path.exists()


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite3"
    path.touch()
    Database.open(url_of(path)).close()
    assert path.stat().st_size > 0


@pytest.mark.parametrize(
    "content", [b"contact: ops@example.org\n", b"x", b"\0" * 5000, b"SQLite format 2\0" + b"\0" * 100,
     b"PK\x03\x04" * 99]
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_and_not_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.sqlite3"
    path.write_bytes(content)
    refused(path, NotADatabase)
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["data.sqlite3"]


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, NotADatabase)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(Unreachable, match="a file is in its place") as caught:
        Database.open(url_of(tmp_path / "data" / "data.sqlite3"))
    assert caught.value.hint


def test_a_folder_that_cannot_be_made_is_refused() -> None:
    with pytest.raises((ReadOnly, Unreachable)) as caught:
        Database.open("sqlite:////proc/tipwatch/data.sqlite3")
    assert caught.value.hint


def filled(path: Path) -> None:
    with Database.open(url_of(path)) as database:
        wait(database, *(seen(number) for number in range(500)))


def test_a_file_whose_header_is_damaged_is_refused_and_not_repaired(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite3"
    filled(path)
    with path.open("r+b") as file:
        file.seek(16)
        file.write(b"\xff" * 40)
    before = path.read_bytes()
    refused(path, StorageError)
    assert path.read_bytes() == before


def test_a_file_whose_schema_is_damaged_is_refused_with_how_to_restore(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite3"
    filled(path)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 2000)
    error = refused(path, CorruptDatabase)
    assert "backup" in error.hint


def open_and_read(path: Path) -> None:
    with Database.open(url_of(path)) as database:
        watch(database)


def test_damage_further_in_is_told_when_it_is_met(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite3"
    filled(path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xaa" * (size - 8192))
    with pytest.raises(CorruptDatabase) as caught:
        open_and_read(path)
    assert "backup" in caught.value.hint


def test_a_cut_off_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite3"
    filled(path)
    os.truncate(path, 12_288)
    with pytest.raises(CorruptDatabase):
        open_and_read(path)


# All that is imported late is imported by the first database: afterwards the clone may be where this user cannot look.
OPEN_AND_WRITE = """
import os, sys, tempfile
from pathlib import Path
from storage.database.engine import Database
from storage.database.errors import StorageError
from storage.database.statements import add_to_counters
def write(file):
    with Database.open(f"sqlite:///{file}") as database:
        database.write_now(add_to_counters, {"x": 1})
with tempfile.TemporaryDirectory() as folder:
    write(Path(folder) / "data.sqlite3")
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    write(sys.argv[1])
except StorageError as error:
    print(type(error).__name__, bool(error.hint), error)
"""


def opened_without_rights(path: Path) -> str:
    """What opening and writing says to a user without rights; root, who may do all, becomes nobody for it."""
    command = [sys.executable, "-c", OPEN_AND_WRITE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter and write; pytest's own are its user's alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o777)
        yield path
        path.chmod(0o700)


@pytest.mark.parametrize("mode", [0o444, 0o000])
def test_a_read_only_file_is_refused_before_any_work(open_folder: Path, mode: int) -> None:
    path = open_folder / "data.sqlite3"
    filled(path)
    path.chmod(mode)
    assert opened_without_rights(path).startswith(f"ReadOnly True {path} cannot be written")


def test_a_read_only_folder_is_refused_before_any_work(open_folder: Path) -> None:
    path = open_folder / "data.sqlite3"
    filled(path)
    path.chmod(0o666)
    open_folder.chmod(0o555)
    assert opened_without_rights(path).startswith(f"ReadOnly True the folder of {path} cannot be written")


def limited(tmp_path: Path, work: Callable[[Path], str]) -> str:
    """Runs work in a process of its own that may not make a file longer than 64 kB more than the database is."""
    path = tmp_path / "data.sqlite3"
    filled(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        said = "nothing"
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))
            said = work(path)
        except BaseException as error:
            said = repr(error)
        finally:
            os.write(write, said.encode())
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return said


def test_a_write_that_does_not_fit_on_the_disk_is_told_and_undone(tmp_path: Path) -> None:
    """A limit on file size stands for the full disk: SQLite meets the same refusal to write."""
    import signal

    def work(path: Path) -> str:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with Database.open(url_of(path)) as database:
            (herald,) = watch(database)
            many = tuple(seen(number) for number in range(1000, 5000))
            try:
                database.write_now(record_polls, [poll(herald.id, *many)])
            except (DiskFull, DiskError) as error:
                return f"told {bool(error.hint)}"
        return "written"

    assert limited(tmp_path, work) == "told True"
    with Database.open(url_of(tmp_path / "data.sqlite3")) as database:
        (herald,) = watch(database, at=NOW)
        assert database.write_now(record_polls, [poll(herald.id, seen(1000))]) == 1
    checked = sqlite3.connect(tmp_path / "data.sqlite3")
    assert checked.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    checked.close()


def test_postgresql_without_its_driver_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from storage.database.engine import Database\n"
        "from storage.database.errors import MissingDriver\n"
        "try: Database.open('postgresql://tip@127.0.0.1/news')\n"
        "except MissingDriver as error: print(error.hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "tipwatch[postgresql]" in done.stdout
    assert issubclass(MissingDriver, StorageError)


def test_a_database_that_does_not_exist_on_the_server_says_how_to_make_it(database_url: str) -> None:
    if not database_url.startswith("postgresql"):
        pytest.skip("SQLite makes its file")
    with pytest.raises(Unreachable, match="nowhere") as caught:
        Database.open(database_url.rsplit("/", 1)[0] + "/nowhere")
    assert "createdb" in caught.value.hint


def test_engines_are_made_without_connecting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        for engine in make_engines(read_address(f"postgresql://tip@127.0.0.1:{port}/news")):
            assert engine.url.port == port
            engine.dispose()
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody came
            listener.accept()
