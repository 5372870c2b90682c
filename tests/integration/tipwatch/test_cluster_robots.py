"""robots.txt as several processes share it: read by one, obeyed by all, for as long as it may be used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.http.client import Client
from crawler.http.robots import Robots, RobotsFile
from crawler.politeness.rate_limiter import RateLimiter
from crawler.settings import CrawlerSettings
from storage.database.address import read_address
from storage.database.engine import Database
from storage.database.migrations.cluster import prepare_cluster
from tests.support.postgresql import on_postgresql
from tests.support.sites import Answer, Site, site
from tipwatch.engine import shared_robots
from tipwatch.engine.shared_robots import SharedRobots
from tipwatch.engine.shared_rows import SharedRows

pytestmark = [on_postgresql, pytest.mark.slow]

ORIGIN = "https://a.example"
RULES = b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[AsyncConnectionPool]:
    with Database(read_address(database_url)) as database:  # only the tables of shared work
        prepare_cluster(database)
    async with AsyncConnectionPool(
        database_url, open=False, min_size=1, max_size=2, timeout=2.0, kwargs={"autocommit": True}
    ) as pool:
        yield pool


@pytest.fixture
def shelf(pool: AsyncConnectionPool) -> SharedRobots:
    return SharedRobots(SharedRows(pool), now=now)


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as server:
        server.routes["/robots.txt"] = Answer(body=RULES)
        yield server


@asynccontextmanager
async def process(shelf: SharedRobots) -> AsyncIterator[tuple[Robots, RateLimiter]]:
    """What of one process asks for robots.txt, and its limiter."""
    settings = CrawlerSettings.model_validate({"allow_addresses": ["127.0.0.1/32"], "timeout_seconds": 1})
    limiter = RateLimiter(delay_seconds=0)
    async with Client(settings, limiter) as client:
        robots = Robots(client, limiter, now=now)
        robots.share(shelf)
        yield robots, limiter


async def test_what_one_process_has_read_is_obeyed_by_the_next_without_asking(
    server: Site, shelf: SharedRobots
) -> None:
    async with process(shelf) as (robots, _):
        assert await robots.ask(server.url("/private")) is not None
    async with process(shelf) as (robots, limiter):
        assert await robots.ask(server.url("/private")) is not None
        assert await robots.ask(server.url("/public")) is None
        assert limiter.delay_of("127.0.0.1") == 7
    assert len(server.requests) == 1


async def test_an_origin_that_could_not_say_is_left_alone_by_all_for_the_same_time(
    server: Site, shelf: SharedRobots
) -> None:
    server.routes["/robots.txt"] = Answer(503)
    async with process(shelf) as (robots, _):
        first = await robots.ask(server.url("/public"))
    async with process(shelf) as (robots, _):
        other = await robots.ask(server.url("/public"))
    assert first is not None
    assert other is not None
    assert (other.kind, other.text) == (first.kind, first.text)
    assert first.kind == "robots-unread"
    assert len(server.requests) == 1


async def test_a_file_keeps_its_age_from_process_to_process(shelf: SharedRobots) -> None:
    until = now() + timedelta(hours=3)
    await shelf.keep(ORIGIN, RobotsFile(b"\x00\xff any bytes", "", until))
    found = await shelf.find(ORIGIN)
    assert found is not None
    assert found.body == b"\x00\xff any bytes"
    assert abs(found.until - until) < timedelta(seconds=5)
    assert await shelf.find("http://a.example") is None


async def test_a_newer_file_takes_the_place_of_an_older_and_an_old_one_is_not_found(shelf: SharedRobots) -> None:
    await shelf.keep(ORIGIN, RobotsFile(RULES, "", now() + timedelta(hours=1)))
    await shelf.keep(ORIGIN, RobotsFile(None, "", now() + timedelta(hours=1)))
    found = await shelf.find(ORIGIN)
    assert found is not None
    assert found.body is None
    await shelf.keep(ORIGIN, RobotsFile(RULES, "", now() - timedelta(seconds=1)))
    assert await shelf.find(ORIGIN) is None


async def test_what_may_not_be_used_any_more_is_forgotten(shelf: SharedRobots, pool: AsyncConnectionPool) -> None:
    await shelf.keep(ORIGIN, RobotsFile(RULES, "", now() - timedelta(seconds=1)))
    await shelf.keep("http://b.example", RobotsFile(RULES, "", now() + timedelta(hours=1)))
    await shelf.forget_old()
    async with pool.connection() as connection:
        cursor = await connection.execute(f"SELECT origin FROM {shared_robots.TABLE}".encode())
        assert await cursor.fetchall() == [("http://b.example",)]


async def test_where_the_shelf_is_out_of_reach_the_origin_is_asked(
    server: Site, shelf: SharedRobots, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = "SELECT pg_terminate_backend(pg_backend_pid())"
    monkeypatch.setattr(shared_robots, "FIND", cut)
    monkeypatch.setattr(shared_robots, "KEEP", cut)
    async with process(shelf) as (robots, _):
        assert await robots.ask(server.url("/private")) is not None
    assert len(server.requests) == 1
