"""The engine of one process: one crawl at a time, deliveries beside it, an orderly end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from tipwatch.engine.local import LocalEngine


class Bench:
    """Crawls and deliveries that wait until they are let go, and what happened."""

    def __init__(self, grace_seconds: float = 5.0) -> None:
        self.crawls: list[Sequence[str] | None] = []
        self.deliveries = 0
        self.at_once = 0
        self.most_at_once = 0
        self.was_cancelled = False
        self.let_go = asyncio.Event()
        self.stop = asyncio.Event()
        self.engine = LocalEngine(self, grace_seconds=grace_seconds)

    async def crawl(self, stop: asyncio.Event, hosts: Sequence[str] | None) -> None:
        self.crawls.append(hosts)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        finally:
            self.at_once -= 1

    async def deliver(self, stop: asyncio.Event) -> None:
        self.deliveries += 1

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


async def test_a_crawl_asked_for_while_one_runs_comes_once_after_it() -> None:
    bench = Bench()
    serving = asyncio.create_task(bench.engine.run(bench.stop))
    await bench.engine.submit_poll()
    await bench.settle()
    for _ in range(3):
        await bench.engine.submit_poll()
    bench.let_go.set()
    await bench.settle()
    bench.stop.set()
    await serving
    assert bench.crawls == [None, None]
    assert bench.most_at_once == 1


async def test_a_delivery_does_not_wait_for_a_crawl() -> None:
    bench = Bench()
    serving = asyncio.create_task(bench.engine.run(bench.stop))
    await bench.engine.submit_poll()
    await bench.settle()
    await bench.engine.submit_digest("morning")
    await bench.settle()
    assert bench.deliveries == 1
    assert bench.at_once == 1
    bench.let_go.set()
    bench.stop.set()
    await serving


async def test_a_delivery_follows_each_crawl() -> None:
    bench = Bench()
    serving = asyncio.create_task(bench.engine.run(bench.stop))
    await bench.engine.submit_poll()
    await bench.settle()
    assert bench.deliveries == 0
    bench.let_go.set()
    await bench.settle()
    assert bench.deliveries == 1
    bench.stop.set()
    await serving


async def test_a_stop_before_the_start_is_not_lost() -> None:
    bench = Bench()
    bench.stop.set()
    await bench.engine.submit_poll()
    async with asyncio.timeout(5):
        await bench.engine.run(bench.stop)
    assert bench.crawls == []


async def test_work_that_does_not_end_is_cancelled_after_the_grace() -> None:
    bench = Bench(grace_seconds=0.05)
    serving = asyncio.create_task(bench.engine.run(bench.stop))
    await bench.engine.submit_poll()
    await bench.settle()
    bench.stop.set()
    async with asyncio.timeout(5):
        await serving
    assert bench.was_cancelled


async def test_a_fault_ends_that_run_only(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Bench):
        async def deliver(self, stop: asyncio.Event) -> None:
            await super().deliver(stop)
            if self.deliveries == 1:
                raise RuntimeError("boom")

    bench = Failing()
    serving = asyncio.create_task(bench.engine.run(bench.stop))
    await bench.engine.submit_digest("a")
    await bench.settle()
    await bench.engine.submit_digest("b")
    await bench.settle()
    bench.stop.set()
    await serving
    assert bench.deliveries == 2
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["work.failed"]
