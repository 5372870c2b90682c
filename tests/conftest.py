"""What all tests share: a network closed but for loopback, a database of each kind, a web server and a watch."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# ruff: noqa: E402
pytest.register_assert_rewrite("tests.support")  # before it is imported: asserts there say what they compared, too

from storage.database.engine import Database
from tests.support.migrations import add_next_migration
from tests.support.postgresql import empty_postgresql
from tests.support.sites import Site, site
from tests.support.watch import Watch

FOLDERS_BY_LENGTH = ("accuracy", "e2e", "faults", "integration", "browser", "fuzz", "unit")
"""Folders of tests, those with the longest files first: were one begun last, other processes would wait for it."""

LONGEST_FILE = "test_promises.py"


# A machine that stalls for a second must not fail a test of what is right: speed is measured in `benchmarks/`.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the longest file and the folders of long files, after the order within them was shuffled."""
    folder = Path(__file__).parent
    items.sort(
        key=lambda item: (
            item.path.name != LONGEST_FILE,
            FOLDERS_BY_LENGTH.index(item.path.relative_to(folder).parts[0]),
        )
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Counts no lines in slow tests: that takes up to several times as long as running them. The floor of CI is of what
    quick tests reach."""
    plugin = item.config.pluginmanager.get_plugin("_cov")
    controller = plugin and plugin.cov_controller
    if not controller or not item.get_closest_marker("slow"):
        return (yield)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()


def is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):  # a path: a Unix socket
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return bool(address[0] == "localhost")


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses any connection that would leave this machine, so that a test cannot depend on the internet."""

    def guarded(method: str) -> None:
        original = getattr(socket.socket, method)

        def connect(self: socket.socket, address: object) -> object:
            if not is_loopback(address):
                raise OSError(f"tests may not contact {address!r}")
            return original(self, address)

        monkeypatch.setattr(socket.socket, method, connect)

    guarded("connect")
    guarded("connect_ex")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own, empty but for its tables: a SQLite file, then a PostgreSQL database where
    one is named. Without tables where the test does not have it opened."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'tipwatch.sqlite3'}"
        return
    is_migrated = "database" in request.fixturenames
    with empty_postgresql(request.getfixturevalue("migrated_postgresql") if is_migrated else None) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgresql() -> Iterator[str]:
    """The name of a database to copy, which takes less than migrating each test's."""
    with empty_postgresql() as url:
        Database.open(url).close()
        yield url.rpartition("/")[2]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Opened and migrated."""
    with Database.open(database_url) as opened:
        yield opened


@pytest.fixture
def next_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program has one more migration, to upgrade to."""
    add_next_migration(tmp_path / "migrations", monkeypatch)


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    """A web server on loopback."""
    async with site() as one:
        yield one


@pytest.fixture
def watching(database_url: str) -> Iterator[Callable[..., Watch]]:
    """Makes watches over sources, as `Watch` says, on a database of the test's."""
    made: list[Watch] = []

    def make(*sources: Any, **settings: Any) -> Watch:
        made.append(Watch(database_url, sources, **settings))
        return made[-1]

    yield make
    for watch in made:
        watch.close()
