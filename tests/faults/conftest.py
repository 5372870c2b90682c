"""One crawl of the real program over every source of every group, and what it left; the tests look at one row each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from storage.health import SourceHealth
from tests.support.farm import HEALTHY, Case, farm, trusting
from tests.support.program import Left, Program, Said, read_left

GROUPS = (
    "test_http",
    "test_feed_xml",
    "test_encodings",
    "test_dates",
    "test_pages",
    "test_own_words",
    "test_sites",
    "test_robots",
    "test_two_projects",
)


@dataclass(frozen=True)
class Crawled:
    """What one crawl of the farm said and left. `asked` are the paths asked for, by source."""

    said: Said
    left: Mapping[str, Left]
    asked: Mapping[str, list[str]]
    canary_connections: int
    program: Program
    seconds: float

    def health(self, name: str) -> SourceHealth:
        return self.left[name].health


def all_cases() -> dict[str, Case]:
    """The rows of all groups, by name."""
    cases: dict[str, Case] = {}
    for group in GROUPS:
        for name, case in import_module(f"tests.faults.{group}").CASES.items():
            assert name not in cases, f"two rows are called {name}"
            cases[name] = case
    return cases


async def crawl_farm(folder: Path, cases: Mapping[str, Case], database_url: str | None = None) -> Crawled:
    """Serves the cases beside the healthy sources and crawls once."""
    program = Program(folder, database_url)
    async with farm(folder) as one:
        for name, case in cases.items():
            one.open(name, case)
        program.configure(one.sources, crawler={"hosts": one.hosts})
        loop = asyncio.get_running_loop()
        began = loop.time()
        said = await program.run("crawl", environment=trusting(one.authority_file))
        seconds = loop.time() - began
        asked = {name: one.asked(name) for name in one.names}
        connections = one.canary.connections
    with program.database() as database:
        left = read_left(database)
    return Crawled(said, left, asked, connections, program, seconds)


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """The crawl of everything at once."""
    return asyncio.run(crawl_farm(tmp_path_factory.mktemp("everything"), all_cases()))


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """The crawl of the healthy sources alone."""
    crawled = asyncio.run(crawl_farm(tmp_path_factory.mktemp("healthy"), {}))
    assert set(crawled.left) == set(HEALTHY)
    return crawled
