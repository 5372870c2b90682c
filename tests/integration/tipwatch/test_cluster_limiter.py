"""The turns of hosts between processes: one at a time, the delay after each, pauses, and leases of the dead."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.politeness.rate_limiter import HostDelay, HostPaused, RateLimiter
from storage.database.address import read_address
from storage.database.engine import Database
from storage.database.errors import Unreachable
from storage.database.migrations.cluster import prepare_cluster
from tests.support.postgresql import cut_connections, on_postgresql
from tipwatch.engine import shared_limiter
from tipwatch.engine.shared_limiter import SharedLimiter
from tipwatch.engine.shared_rows import SharedRows

pytestmark = [on_postgresql, pytest.mark.slow]

Make = Callable[[str], SharedLimiter]


@pytest.fixture
async def make(database_url: str) -> AsyncIterator[Make]:
    """Makes the turns as a process of this name has them."""
    async with opened(database_url) as factory:
        yield factory


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Make]:
    with Database(read_address(database_url)) as database:  # only the tables of shared work
        prepare_cluster(database)
    pool = AsyncConnectionPool(
        database_url, open=False, min_size=1, max_size=4, kwargs={"autocommit": True, "application_name": "turns"}
    )
    async with pool:
        rows = SharedRows(pool)
        yield lambda name: SharedLimiter(rows, holder=name, timeout_seconds=0.0, now=lambda: datetime.now(UTC))


@pytest.fixture(autouse=True)
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_limiter, "LEASE_MARGIN_SECONDS", 0.3)


async def is_free(turns: SharedLimiter, host: str) -> bool:
    try:
        async with asyncio.timeout(0.15):
            await turns.take(host)
    except TimeoutError:
        return False
    return True


async def test_a_host_has_one_visitor_at_a_time(make: Make) -> None:
    one, other = make("one"), make("other")
    await one.take("a.example")
    assert not await is_free(other, "a.example")
    assert await is_free(other, "b.example")
    await one.give_back("a.example", 0.0, HostDelay())
    assert await is_free(other, "a.example")


async def test_the_same_process_may_take_several_turns(make: Make) -> None:
    one = make("one")
    await one.take("a.example")
    assert await is_free(one, "a.example")


async def test_the_delay_after_a_turn_holds_for_the_next_process(make: Make) -> None:
    one, other = make("one"), make("other")
    await one.take("a.example")
    given_back_at = time.monotonic()
    await one.give_back("a.example", 0.4, HostDelay())
    await other.take("a.example")
    assert time.monotonic() - given_back_at >= 0.4


async def test_a_turn_of_one_that_died_ends_by_itself(make: Make) -> None:
    dead, other = make("dead"), make("other")
    await dead.take("a.example")
    async with asyncio.timeout(5):
        await other.take("a.example")
    assert not await is_free(make("third"), "a.example")


async def test_what_comes_too_late_takes_nothing_from_the_next(make: Make) -> None:
    late, other = make("late"), make("other")
    await late.take("a.example")
    await other.take("a.example")  # when the lease has run out
    await late.give_back("a.example", 0.0, HostDelay())
    assert not await is_free(make("third"), "a.example")


async def test_a_pause_holds_for_all(make: Make) -> None:
    one, other = make("one"), make("other")
    one.pause("a.example", 600)
    one.pause("a.example", 60)  # a shorter one takes nothing away
    await one.settle()
    with pytest.raises(HostPaused) as caught:
        await other.take("a.example")
    assert 590 < (caught.value.until - datetime.now(UTC)).total_seconds() <= 600
    assert await other.paused() == {"a.example"}
    with pytest.raises(HostPaused):
        await one.take("a.example")


async def test_rows_of_hosts_long_not_visited_are_forgotten(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = make("one")
    await one.take("a.example")
    await one.give_back("a.example", 0.0, HostDelay())
    one.pause("b.example", 600)
    await one.settle()
    monkeypatch.setattr(shared_limiter, "FORGET", shared_limiter.FORGET.replace(shared_limiter.KEPT, "0 seconds"))
    await one.forget_old()
    rows = await one._ask(f"SELECT host FROM {shared_limiter.TABLE}", {})
    assert rows == [("b.example",)]


async def test_a_cut_connection_costs_a_second_try(make: Make, database_url: str) -> None:
    one = make("one")
    await one.take("a.example")
    assert cut_connections(database_url, "turns")
    await one.take("b.example")


async def test_a_database_that_is_gone_ends_the_turn(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = make("one")
    monkeypatch.setattr(shared_limiter, "TAKE", "SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(Unreachable):
        await one.take("a.example")


async def test_gates_that_share_turns_never_visit_a_host_at_the_same_time(make: Make) -> None:
    at_once, most, starts = 0, 0, []

    async def visit(limiter: RateLimiter) -> None:
        nonlocal at_once, most
        async with limiter.slot("A.example."):
            at_once += 1
            most = max(most, at_once)
            starts.append(time.monotonic())
            await asyncio.sleep(0.02)
            at_once -= 1

    gates = [RateLimiter(delay_seconds=0.05) for _ in range(3)]
    for number, limiter in enumerate(gates):
        limiter.share(make(str(number)))
    await asyncio.gather(*(visit(limiter) for limiter in gates for _ in range(3)))
    assert most == 1
    assert min(later - sooner for sooner, later in itertools.pairwise(starts)) >= 0.05


async def test_the_next_process_is_told_the_pace_that_the_last_had_come_to(make: Make) -> None:
    one, other = make("one"), make("other")
    assert await one.take("a.example") is None
    await one.give_back("a.example", 0.0, HostDelay(4.0, 2.5))
    assert await one.take("a.example") is None  # it knows by itself
    await one.give_back("a.example", 0.0, HostDelay(3.0, 2.5))
    assert await other.take("a.example") == HostDelay(3.0, 2.5)


async def test_a_host_that_was_only_paused_has_no_pace(make: Make) -> None:
    one = make("one")
    one.pause("a.example", 0.05)
    await one.settle()
    assert await make("other").take("a.example") is None


async def test_a_gate_goes_on_at_the_delay_that_another_learnt_from_latency_and_robots(make: Make) -> None:
    clock = itertools.count(0.0, 4.0).__next__  # every look at it four seconds later: a host under strain
    slow, fresh = RateLimiter(delay_seconds=0.01, clock=clock), RateLimiter(delay_seconds=0.01)
    for number, limiter in enumerate((slow, fresh)):
        limiter.share(make(str(number)))
    slow.slow_down("a.example", 2.0)
    async with slow.slot("a.example"):
        pass
    assert slow.delay_of("a.example") > 2.0
    async with fresh.slot("a.example"):
        assert fresh.delay_of("a.example") == slow.delay_of("a.example")
    assert fresh.delay_of("a.example") >= 2.0  # a fast answer shortens it, but never below what robots.txt asks for
    for _ in range(3):
        fresh._adapt(fresh._host("a.example"), 0.0, is_good=True)
    assert fresh.delay_of("a.example") >= 2.0


async def test_a_turn_that_the_ledger_refuses_goes_back(make: Make) -> None:
    limiter = RateLimiter(delay_seconds=0.0, concurrency=1)
    turns = make("one")
    limiter.share(turns)
    make("other").pause("a.example", 600)
    await asyncio.sleep(0.1)
    with pytest.raises(HostPaused):
        async with limiter.slot("a.example"):
            pytest.fail("no turn was to be had")
    assert limiter.paused_until("a.example") is not None
    async with asyncio.timeout(2), limiter.slot("b.example"):  # the one place is free again
        pass
