"""The rate limiter, on a loop whose clock jumps: nothing waits, and every gap is exact."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.politeness.rate_limiter import HostPaused, RateLimiter

START = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop that, when it has nothing to do, moves its clock to the next timer instead of waiting for it."""

    def __init__(self) -> None:
        super().__init__(_JumpingSelector(self))
        self.jumped = 0.0

    def time(self) -> float:
        return self.jumped


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout:
            self._loop.jumped += timeout
        return super().select(0)


@pytest.fixture
def run() -> Iterator[Callable[[Callable[[RateLimiter], Coroutine[Any, Any, Any]]], Any]]:
    loop = JumpingLoop()

    def runner(main: Callable[[RateLimiter], Coroutine[Any, Any, Any]], **options: Any) -> Any:
        limiter = RateLimiter(clock=loop.time, now=lambda: START + timedelta(seconds=loop.jumped), **options)
        return loop.run_until_complete(main(limiter))

    yield runner
    loop.close()


def clock() -> float:
    return asyncio.get_running_loop().time()


def test_one_request_at_a_time_and_the_delay_between_starts(run: Any) -> None:
    starts: list[float] = []
    at_once = 0
    most = 0

    async def visit(limiter: RateLimiter) -> None:
        nonlocal at_once, most
        async with limiter.slot("a.example"):
            starts.append(clock())
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.3)
            at_once -= 1

    async def main(limiter: RateLimiter) -> None:
        await asyncio.gather(*(visit(limiter) for _ in range(40)))

    run(main, delay_seconds=1.0)
    assert most == 1
    assert len(starts) == 40
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(starts))
    assert starts[-1] == pytest.approx(39.0, abs=0.1)


def test_a_crowded_host_holds_up_no_other(run: Any) -> None:
    async def main(limiter: RateLimiter) -> float:
        crowd = [asyncio.create_task(hold(limiter, "busy.example", 30)) for _ in range(40)]
        await asyncio.sleep(0)
        began = clock()
        async with limiter.slot("idle.example"):
            waited = clock() - began
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        return waited

    assert run(main, delay_seconds=1.0, concurrency=2) == 0


async def hold(limiter: RateLimiter, host: str, seconds: float) -> None:
    async with limiter.slot(host):
        await asyncio.sleep(seconds)


def test_all_hosts_together_keep_the_limit_and_the_delay_counts_from_the_true_start(run: Any) -> None:
    at_once: set[int] = set()
    most = 0
    starts: dict[str, list[float]] = {}

    async def visit(limiter: RateLimiter, number: int) -> None:
        nonlocal most
        host = f"h{number % 6}.example"
        async with limiter.slot(host):
            starts.setdefault(host, []).append(clock())
            at_once.add(number)
            most = max(most, len(at_once))
            await asyncio.sleep(5)
            at_once.discard(number)

    async def main(limiter: RateLimiter) -> None:
        await asyncio.gather(*(visit(limiter, number) for number in range(24)))

    run(main, delay_seconds=2.0, concurrency_per_host=2, concurrency=3)
    assert most == 3
    for times in starts.values():
        assert all(later - earlier >= 2.0 for earlier, later in pairwise(times))


def test_the_delay_counts_from_when_the_request_was_sent(run: Any) -> None:
    async def main(limiter: RateLimiter) -> tuple[float, float]:
        async with limiter.slot("slow-dns.example"):
            await asyncio.sleep(4)
            limiter.mark_sent("slow-dns.example")
            sent = clock()
        async with limiter.slot("slow-dns.example"):
            return sent, clock()

    sent, following = run(main, delay_seconds=1.0)
    assert following - sent >= 1.0


def test_a_short_pause_is_waited_for_and_a_long_one_told(run: Any) -> None:
    async def main(limiter: RateLimiter) -> tuple[float, datetime]:
        limiter.pause("a.example", 20)
        async with limiter.slot("A.example."):
            waited = clock()
        limiter.pause("a.example", 3_600)
        with pytest.raises(HostPaused) as paused:
            await limiter.slot("a.example").__aenter__()
        assert limiter.paused_until("a.example") == paused.value.until
        assert limiter.paused_until("b.example") is None
        return waited, paused.value.until

    waited, until = run(main)
    assert waited == pytest.approx(20)
    assert until == START + timedelta(seconds=3_620)


def test_those_already_waiting_are_told_of_a_long_pause(run: Any) -> None:
    async def main(limiter: RateLimiter) -> list[Any]:
        async with limiter.slot("a.example"):
            waiting = [asyncio.create_task(hold(limiter, "a.example", 1)) for _ in range(3)]
            await asyncio.sleep(0.1)
            limiter.pause("a.example", 500)
        return await asyncio.gather(*waiting, return_exceptions=True)

    results = run(main)
    assert all(isinstance(result, HostPaused) and result.host == "a.example" for result in results)


def test_a_shorter_pause_does_not_undo_a_longer_one(run: Any) -> None:
    async def main(limiter: RateLimiter) -> datetime | None:
        limiter.pause("a.example", 500)
        limiter.pause("a.example", 5)
        return limiter.paused_until("a.example")

    assert run(main) == START + timedelta(seconds=500)


def test_a_turn_given_up_while_waiting_is_passed_on(run: Any) -> None:
    async def main(limiter: RateLimiter) -> float:
        async with limiter.slot("a.example"):
            given_up = asyncio.create_task(hold(limiter, "a.example", 1))
            kept = asyncio.create_task(hold(limiter, "a.example", 0))
            await asyncio.sleep(0.1)
            given_up.cancel()
        await kept
        return clock()

    assert run(main, delay_seconds=1.0) == pytest.approx(1.0)


def test_a_turn_dealt_to_someone_cancelled_in_the_same_moment_is_not_lost(run: Any) -> None:
    async def main(limiter: RateLimiter) -> None:
        async with limiter.slot("a.example"):
            cancelled = asyncio.create_task(hold(limiter, "a.example", 0))
            await asyncio.sleep(0)
        cancelled.cancel()  # its turn was dealt when the block ended, but it has not run since
        await asyncio.gather(cancelled, return_exceptions=True)
        async with asyncio.timeout(5), limiter.slot("a.example"):
            pass

    run(main, delay_seconds=0.0)


def test_the_delay_follows_a_strained_host_up_at_once_and_down_slowly(run: Any) -> None:
    async def main(limiter: RateLimiter) -> list[float]:
        delays = []
        for latency, is_good in ((4, True), (0.1, False), (0.1, True), (0.1, True), (60, True)):
            async with limiter.slot("a.example") as slot:
                await asyncio.sleep(latency)
                slot.is_good = is_good
            delays.append(limiter.delay_of("a.example"))
        return delays

    after_slow, after_fast_error, first, second, after_very_slow = run(main, delay_seconds=1.0)
    assert after_slow == pytest.approx(4)
    assert after_fast_error == pytest.approx(4)
    assert first == pytest.approx(2)
    assert second == pytest.approx(1)
    assert after_very_slow == 10


def test_a_crawl_delay_is_honoured_within_a_bound(run: Any) -> None:
    async def main(limiter: RateLimiter) -> tuple[float, float]:
        limiter.slow_down("a.example", 5)
        limiter.slow_down("b.example", 86_400)
        await hold(limiter, "a.example", 0)
        return limiter.delay_of("a.example"), limiter.delay_of("b.example")

    assert run(main, delay_seconds=1.0) == (5, 60)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 3), st.booleans()), min_size=1, max_size=30),
    st.integers(1, 3),
    st.integers(1, 5),
    st.floats(0, 2),
)
def test_no_order_of_visits_breaks_the_limits_or_gets_stuck(
    visits: list[tuple[int, float, bool]], per_host: int, concurrency: int, delay: float
) -> None:
    loop = JumpingLoop()
    limiter = RateLimiter(
        delay_seconds=delay, concurrency_per_host=per_host, concurrency=concurrency, clock=loop.time, now=lambda: START
    )
    active: dict[str, int] = {}
    starts: dict[str, list[float]] = {}

    async def visit(host: str, seconds: float) -> None:
        async with limiter.slot(host):
            starts.setdefault(host, []).append(loop.time())
            active[host] = active.get(host, 0) + 1
            assert active[host] <= per_host
            assert sum(active.values()) <= concurrency
            await asyncio.sleep(seconds)
            active[host] -= 1

    async def main() -> None:
        tasks = [asyncio.create_task(visit(f"h{host}", seconds)) for host, seconds, _ in visits]
        await asyncio.sleep(1)
        for task, (_, _, is_cancelled) in zip(tasks, visits, strict=True):
            if is_cancelled and not any(active.values()):
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [one for one in results if isinstance(one, AssertionError)]

    loop.run_until_complete(main())
    loop.close()
    for times in starts.values():
        assert all(later - earlier >= delay - 1e-9 for earlier, later in pairwise(times))
