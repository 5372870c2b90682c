"""The database as the other rooms hold it: transactions that are whole or not at all, on SQLite and PostgreSQL alike.

Functions of this package take a SQLAlchemy Core connection; `Database` lends one for reading (a consistent snapshot) or
for writing (one transaction), to the thread at hand or, for asyncio, to its own writer thread. Whatever goes wrong with
the database leaves as a `StorageError`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError

from storage.database import migrations
from storage.database.address import Address, read_address
from storage.database.errors import Locked, MissingDriver, Unreachable, explain, translate
from storage.database.sqlite_file import FileIdentity, configure_sqlite, flush_log, prepare_file

P = ParamSpec("P")
T = TypeVar("T")

# How long a lock of another process is waited for: longer than the 20 s that a careless backup may hold one, short
# enough that a crawl's sources get their error in the same run.
LOCK_WAIT_SECONDS = 30.0

# One round of that waiting, spent inside SQLite: short enough to notice that the daemon is to stop (10 s).
LOCK_ROUND_SECONDS = 2.0

# A transaction that PostgreSQL undid because of another (deadlock, serialisation) is run again this often at most;
# each time the other has gone on, so a second time nearly always does.
CONFLICT_TRIES = 5

# SQLite has one writer; PostgreSQL gains little beyond the few that register at once, and connections are dear there.
WRITERS = {"sqlite": 1, "postgresql": 4}
READERS = 4

# A machine that drops off the network never says so. Each side asks the other after 15 s of silence and gives it up
# after three more unanswered questions, so that a transaction of the lost one holds its locks for half a minute, not
# for the hours that systems have as their default.
KEEPALIVE: dict[str, int | str] = {
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
    "options": (
        "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000"
    ),
}
CONNECTING: dict[str, int | str] = {"connect_timeout": 10, "application_name": "tipwatch", **KEEPALIVE}
"""How connections are made, but for what the address itself says."""


class Database:
    """An open database. Use from any thread; `close` ends its threads and connections."""

    def __init__(self, address: Address, *, lock_wait_seconds: float = LOCK_WAIT_SECONDS) -> None:
        self.address = address
        self.dialect = address.dialect
        self.where = address.shown
        self.lock_wait_seconds = lock_wait_seconds
        self._closing = threading.Event()
        self._identity: FileIdentity | None = None
        self._engine, self._reading_engine = make_engines(address)
        self._writers: ThreadPoolExecutor | None = None
        self._readers: ThreadPoolExecutor | None = None

    @classmethod
    def open(cls, url: str, *, migrate: bool = True, lock_wait_seconds: float = LOCK_WAIT_SECONDS) -> Database:
        """Opens the database at `url`, makes it where there is none, and brings its schema up to date.

        Args:
            url: `sqlite:///FILE` or `postgresql://USER@HOST/NAME`.
            migrate: False refuses an older schema instead of upgrading it, for commands that only look.
            lock_wait_seconds: how long a write waits for another process.

        Raises:
            StorageError: one of its kinds, with a hint; nothing has been changed then.
        """
        address = read_address(url)
        if address.path is not None:
            prepare_file(address.path, address.shown)
        database = cls(address, lock_wait_seconds=lock_wait_seconds)
        try:
            migrations.bring_up_to_date(database, may_migrate=migrate)
            if address.path is not None:
                database._identity = FileIdentity(address.path, address.shown)
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed when the block ends well and undone when it raises.

        On SQLite it holds the write lock from the start (BEGIN IMMEDIATE): a transaction that reads first and writes
        later would fail at once where another wrote in between, whatever the busy timeout.

        Raises:
            Locked: another process kept the lock for `lock_wait_seconds`.
            DatabaseGone: the file was deleted or replaced, before or in the block; nothing counts as written.
        """
        with self.translated(), self._connect(self._engine) as connection:
            if self.dialect == "sqlite":
                self._lock(connection)
            else:
                connection.begin()
            yield connection
            self._check_identity()
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot: everything read in the block is of one moment, whatever is written meanwhile. Writing fails."""
        with self.translated(), self._connect(self._reading_engine) as connection:
            connection.begin()
            yield connection

    async def write(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `function(connection, …)` in one transaction, in the writer thread, in the order of asking.

        A cancelled wait leaves no half transaction: one not begun is dropped, one begun runs to its end and is whole.
        `function` may run more than once where the database undid it, so it must do nothing but database work.
        """
        if self._writers is None:
            self._writers = ThreadPoolExecutor(WRITERS[self.dialect], thread_name_prefix="tipwatch-write")
        work = partial(self.write_now, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writers, work)

    async def read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `function(connection, …)` on a snapshot, in a reader thread."""

        def work() -> T:
            with self.reading() as connection:
                return function(connection, *args, **kwargs)

        if self._readers is None:
            self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="tipwatch-read")
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    def write_now(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `function(connection, …)` in one transaction in this thread; again where another undid it."""
        for tries_left in range(CONFLICT_TRIES - 1, -1, -1):
            try:
                with self.writing() as connection:
                    return function(connection, *args, **kwargs)
            except Locked:
                if self.dialect == "sqlite" or not tries_left:  # SQLite has waited already
                    raise
        raise AssertionError("the last try returns or raises")

    def flush(self) -> None:
        """Makes what was committed until now outlast a power cut, which it does of itself on PostgreSQL."""
        if self.address.path is not None:
            flush_log(self.address.path)

    def close(self) -> None:
        """Ends what is being written whole, then the threads and connections. May be called twice."""
        self._closing.set()
        for pool in (self._writers, self._readers):
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()
        self._reading_engine.dispose()

    @contextmanager
    def without_foreign_keys(self) -> Iterator[Connection]:
        """As `writing`, on SQLite, with foreign keys unchecked: only for migrations, which rebuild tables."""
        with self.translated(), self._connect(self._engine) as connection:
            raw = cast(sqlite3.Connection, connection.connection.driver_connection)
            raw.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
            try:
                self._lock(connection)
                yield connection
                connection.commit()
            finally:
                connection.rollback()
                raw.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def raw(self) -> Iterator[sqlite3.Connection]:
        """A connection to the SQLite file as Python's own module has it, outside any transaction."""
        with self.translated(), self._connect(self._engine) as connection:
            raw = cast(sqlite3.Connection, connection.connection.driver_connection)
            try:
                yield raw
            except sqlite3.Error as error:
                name = getattr(error, "sqlite_errorname", "")
                raise explain(name, str(error), self.where) or error from error

    def session(self) -> Connection:
        """A connection of its own outside any transaction, for a lock as long as it; the caller closes it."""
        with self.translated():
            return self._engine.execution_options(isolation_level="AUTOCOMMIT").connect()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of the driver in the block leave as `StorageError`; those that are bugs of ours stay as they are."""
        try:
            yield
        except DBAPIError as error:
            named = None if isinstance(error, IntegrityError) else translate(error, self.where)
            if named is None:
                raise
            raise named from error

    @contextmanager
    def _connect(self, engine: Engine) -> Iterator[Connection]:
        if self._closing.is_set():
            raise Unreachable(f"{self.where} was closed", where=self.where)
        self._check_identity()
        with engine.connect() as connection:
            yield connection

    def _check_identity(self) -> None:
        if self._identity is not None:
            self._identity.check()

    def _lock(self, connection: Connection) -> None:
        """BEGIN IMMEDIATE, tried for as long as another process may hold the lock."""
        deadline = time.monotonic() + self.lock_wait_seconds
        connection.info["begin"] = "BEGIN IMMEDIATE"
        try:
            while True:
                try:
                    connection.begin()
                except DBAPIError as error:
                    connection.rollback()
                    named = translate(error, self.where)
                    if not isinstance(named, Locked) or self._closing.is_set() or time.monotonic() >= deadline:
                        raise
                else:
                    return
        finally:
            connection.info.pop("begin", None)

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()


def make_engines(address: Address) -> tuple[Engine, Engine]:
    """The engine that writes and the one that only reads; nothing is connected yet.

    Raises:
        MissingDriver: PostgreSQL is named and psycopg is not installed.
    """
    if address.dialect == "sqlite":
        writing, reading = (
            create_engine(address.url, pool_size=READERS, max_overflow=-1, hide_parameters=True) for _ in range(2)
        )
        configure_sqlite(writing, lock_round_seconds=LOCK_ROUND_SECONDS)
        configure_sqlite(reading, lock_round_seconds=LOCK_ROUND_SECONDS, is_read_only=True)
        return writing, reading
    try:
        # pre_ping: a server that was restarted over night must not cost the first transaction of the morning.
        engine = create_engine(
            address.url,
            pool_size=WRITERS["postgresql"] + READERS,
            max_overflow=4,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={name: value for name, value in CONNECTING.items() if name not in address.url.query},
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise MissingDriver(
            "storage.url names PostgreSQL, whose driver is not installed", where=address.shown
        ) from error
    return engine, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
