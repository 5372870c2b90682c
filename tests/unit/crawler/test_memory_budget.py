"""Bodies share a budget: small ones never wait, large ones no longer than until there is room, and none for ever."""

from __future__ import annotations

import asyncio
import sys

import pytest

from crawler.http.memory import FREE_BYTES, MemoryBudget, Reservation
from crawler.workers.process import filled_bytes

MB = 1_000_000


async def soon(share: Reservation, count: int) -> asyncio.Task[None]:
    task = asyncio.create_task(share.grow(count))
    await asyncio.sleep(0)
    return task


async def test_small_bodies_never_wait() -> None:
    bodies = MemoryBudget(budget_bytes=0)
    shares = [bodies.reserve() for _ in range(100)]
    for share in shares:
        assert (await soon(share, FREE_BYTES)).done()


async def test_of_large_bodies_one_goes_beyond_the_budget_and_the_others_wait_their_turn() -> None:
    bodies = MemoryBudget(budget_bytes=2 * MB)
    one, two, three, four = (bodies.reserve() for _ in range(4))
    await one.grow(2 * MB)
    await two.grow(4 * MB)  # beyond
    waiting = [await soon(three, 2 * MB), await soon(four, 2 * MB)]
    one.release()
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    two.release()
    await asyncio.sleep(0)
    assert [task.done() for task in waiting] == [True, True]  # the second beyond, since the first might wait for more
    three.release()
    four.release()
    await bodies.reserve().grow(2 * MB)


async def test_bodies_that_hold_a_part_each_all_come_to_their_end() -> None:
    bodies = MemoryBudget(budget_bytes=2 * MB)
    ended = []

    async def come_in(number: int) -> None:
        with bodies.reserve() as share:
            for _ in range(10):
                await share.grow(MB)
                await asyncio.sleep(0)
            ended.append(number)

    async with asyncio.timeout(10):
        await asyncio.gather(*(come_in(number) for number in range(20)))
    assert sorted(ended) == list(range(20))


async def test_a_body_that_is_given_up_while_it_waits_leaves_no_trace() -> None:
    bodies = MemoryBudget(budget_bytes=MB)
    one, two, three = bodies.reserve(), bodies.reserve(), bodies.reserve()
    await one.grow(2 * MB)
    task = await soon(two, 2 * MB)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    two.release()
    one.release()
    await three.grow(MB)
    three.release()
    assert (await soon(bodies.reserve(), MB)).done()


async def test_what_nobody_holds_any_more_is_given_back() -> None:
    bodies = MemoryBudget(budget_bytes=MB)
    share = bodies.reserve()
    await share.grow(5 * MB)
    waiting = [await soon(bodies.reserve(), 5 * MB) for _ in range(1)]
    assert not waiting[0].done()
    del share
    await asyncio.sleep(0)
    assert waiting[0].done()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what is freed stays with the process elsewhere")
async def test_memory_that_large_bodies_left_free_goes_back_to_the_system() -> None:
    pieces = [b"x" * 100_000 for _ in range(400)]
    what_lies_behind_them_stays = b"x" * 100_000
    held = filled_bytes()
    pieces.clear()
    with MemoryBudget().reserve() as share:
        await share.grow(10 * MB)
    assert filled_bytes() < held - 30 * MB
    assert what_lies_behind_them_stays


async def test_time_limits_stand_still_while_a_body_waits() -> None:
    bodies = MemoryBudget(budget_bytes=MB)
    one, two = bodies.reserve(), bodies.reserve()
    await one.grow(5 * MB)
    async with asyncio.timeout(0.2) as limit:
        asyncio.get_running_loop().call_later(0.4, one.release)
        await two.grow(5 * MB, limit)
        await asyncio.sleep(0.01)
    assert two.waited_seconds > 0.3
