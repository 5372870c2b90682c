"""What these tests share: most look at one row each of what one crawl of the real program left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

import pytest

from storage.database.engine import Database
from tests.support.announcing import MORNING, tell
from tests.support.crawled_farm import Crawled, crawl_farm
from tests.support.farm import HEALTHY, Case
from tests.support.newsdesk import Newsdesk, newsdesk

GROUPS = (
    "test_http",
    "test_feed_xml",
    "test_encodings",
    "test_dates",
    "test_pages",
    "test_page_verdicts",
    "test_own_words",
    "test_sites",
    "test_robots",
    "test_two_projects",
)


@pytest.fixture(scope="session")
def every_case() -> dict[str, Case]:
    """The rows of all groups, by name."""
    cases: dict[str, Case] = {}
    for group in GROUPS:
        for name, case in import_module(f"tests.faults.{group}").CASES.items():
            assert name not in cases, f"two rows are called {name}"
            cases[name] = case
    return cases


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory, every_case: dict[str, Case]) -> Crawled:
    """The crawl of everything at once."""
    return asyncio.run(crawl_farm(tmp_path_factory.mktemp("everything"), every_case))


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """The crawl of the healthy sources alone."""
    crawled = asyncio.run(crawl_farm(tmp_path_factory.mktemp("healthy"), {}))
    assert set(crawled.left) == set(HEALTHY)
    return crawled


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsdesk]:
    """Where lives are lived."""
    with newsdesk(tmp_path_factory.mktemp("desk")) as one:
        yield one


@pytest.fixture
def told_database(database: Database) -> Database:
    """A database that learnt of one project, which the morning's digest tells of."""
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    return database
