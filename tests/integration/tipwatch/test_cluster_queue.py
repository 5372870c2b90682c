"""The queue of jobs: nothing twice at a time, nothing lost with a worker, a failure or a connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from storage.database.address import read_address
from storage.database.engine import Database
from storage.database.migrations.cluster import CLUSTER_SCHEMA, prepare_cluster
from tests.support.postgresql import cut_connections, on_postgresql
from tipwatch.engine.job_queue import JobQueue, Times, Wanted

pytestmark = [on_postgresql, pytest.mark.slow]

TIMES = Times(heartbeat=0.2, stalled=1.5, sweep=1, retry=1, restart=0.1)


class Bench:
    """What was done, and workers that do it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.done: list[str] = []
        self.begun: list[str] = []
        self.failing = 0
        self.let_go = asyncio.Event()
        self.let_go.set()
        self.stops: list[asyncio.Event] = []
        self.workers: list[asyncio.Task[None]] = []

    async def visit(self, host: str) -> None:
        self.begun.append(host)
        await self.let_go.wait()
        if self.failing:
            self.failing -= 1
            raise RuntimeError("not this time")
        self.done.append(host)

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[JobQueue]:
        queue = JobQueue(self.url, times=TIMES)
        queue.add_task("visit", "crawl", self.visit)
        async with queue.opened():
            yield queue

    def work(self, queue: JobQueue, grace_seconds: float = 2.0) -> asyncio.Event:
        stop = asyncio.Event()
        work = queue.work(stop, queues=["crawl", "plan"], concurrency=4, grace_seconds=grace_seconds)
        self.stops.append(stop)
        self.workers.append(asyncio.create_task(work))
        return stop

    async def wait_for(self, condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(30):
            while not condition():
                await asyncio.sleep(0.02)

    async def close(self) -> None:
        self.let_go.set()
        for stop in self.stops:
            stop.set()
        await asyncio.gather(*self.workers, return_exceptions=True)

    def jobs(self) -> list[tuple[str, str]]:
        with psycopg.connect(self.url) as connection:
            table = f"{CLUSTER_SCHEMA}.procrastinate_jobs"
            asked = f"SELECT args ->> 'host', status::text FROM {table} WHERE task_name = 'visit'"
            return connection.execute(asked.encode()).fetchall()


@pytest.fixture
async def bench(database_url: str) -> AsyncIterator[Bench]:
    with Database(read_address(database_url)) as database:  # only the tables of shared work
        prepare_cluster(database)
    bench = Bench(database_url)
    yield bench
    await bench.close()


def visits(*hosts: str) -> list[Wanted]:
    return [Wanted("visit", f"host:{host}", {"host": host}) for host in hosts]


async def test_what_waits_is_not_put_twice(bench: Bench) -> None:
    async with bench.queue() as queue:
        assert await queue.put(visits("a", "b")) == 2
        assert await queue.put(visits("b", "c")) == 1
        puts: list[Awaitable[int]] = [queue.put(visits("d", "e")) for _ in range(4)]
        assert sum(await asyncio.gather(*puts)) == 2
    assert sorted(bench.jobs()) == [(host, "todo") for host in "abcde"]


async def test_a_job_is_done_once_and_leaves(bench: Bench) -> None:
    async with bench.queue() as one, bench.queue() as other:
        await one.put(visits(*"abcdefgh"))
        bench.work(one)
        bench.work(other)
        await bench.wait_for(lambda: len(bench.done) >= 8 and not bench.jobs())
        await bench.close()
    assert sorted(bench.done) == list("abcdefgh")


async def test_what_is_being_done_may_be_followed_but_not_accompanied(bench: Bench) -> None:
    bench.let_go.clear()
    async with bench.queue() as queue:
        await queue.put(visits("a"))
        bench.work(queue)
        bench.work(queue)
        await bench.wait_for(lambda: bench.begun)
        assert await queue.put(visits("a")) == 0
        assert await queue.put(visits("a"), may_follow=True) == 1
        await asyncio.sleep(0.3)
        assert bench.begun == ["a"]
        bench.let_go.set()
        await bench.wait_for(lambda: bench.done == ["a", "a"])
        await bench.close()


async def test_a_job_that_fails_is_tried_again(bench: Bench) -> None:
    bench.failing = 1
    async with bench.queue() as queue:
        await queue.put(visits("a"))
        bench.work(queue)
        await bench.wait_for(lambda: bench.done)
        await bench.close()
    assert bench.begun == ["a", "a"]


async def test_a_failure_beside_a_job_that_waits_leaves_one_of_them(bench: Bench) -> None:
    bench.let_go.clear()
    bench.failing = 1
    async with bench.queue() as queue:
        await queue.put(visits("a"))
        bench.work(queue)
        await bench.wait_for(lambda: bench.begun)
        await queue.put(visits("a"), may_follow=True)
        bench.let_go.set()
        await bench.wait_for(lambda: bench.done and not bench.jobs())
        await bench.close()
    assert bench.begun == ["a", "a"]


async def test_the_jobs_of_a_worker_that_is_not_heard_of_are_done_by_another(bench: Bench) -> None:
    """What a `kill -9` leaves behind: a worker's row that grows old, and a job in its name."""
    async with bench.queue() as queue:
        await queue.put(visits("a"))
        with psycopg.connect(bench.url, options=f"-c search_path={CLUSTER_SCHEMA}") as connection:
            row = connection.execute("SELECT * FROM procrastinate_register_worker_v1()").fetchone()
            assert row is not None
            connection.execute("SELECT procrastinate_fetch_job_v2(NULL, %s)", row)
        assert bench.jobs() == [("a", "doing")]
        bench.work(queue)
        await bench.wait_for(lambda: bench.done)
        await bench.close()


async def test_a_worker_that_dies_while_it_sweeps_stops_no_other(bench: Bench) -> None:
    async with bench.queue() as queue:
        await queue.put(visits("a"))
        with psycopg.connect(bench.url, options=f"-c search_path={CLUSTER_SCHEMA}") as connection:
            row = connection.execute("SELECT * FROM procrastinate_register_worker_v1()").fetchone()
            assert row is not None
            connection.execute("SELECT procrastinate_fetch_job_v2(NULL, %s)", row)
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status, worker_id, lock) "
                "VALUES ('plan', 'sweep', 'sweep', '{\"timestamp\": 1}', 'doing', %s, %s)",
                (*row, queue._app.tasks["sweep"].lock),
            )
        bench.work(queue)
        await bench.wait_for(lambda: bench.done)
        await bench.close()


async def test_cut_connections_lose_no_job(bench: Bench) -> None:
    bench.let_go.clear()
    async with bench.queue() as queue:
        await queue.put(visits(*"abcdefgh"))
        bench.work(queue)
        await bench.wait_for(lambda: len(bench.begun) >= 4)
        assert cut_connections(bench.url)
        bench.let_go.set()
        cut_connections(bench.url)
        await bench.wait_for(lambda: set(bench.done) == set("abcdefgh") and not bench.jobs())
        await bench.close()


async def test_an_end_that_cannot_be_stored_at_once_is_stored_later(bench: Bench) -> None:
    bench.let_go.clear()
    async with bench.queue() as queue:
        await queue.put(visits("a"))
        bench.work(queue)
        await bench.wait_for(lambda: bench.begun)
        with psycopg.connect(bench.url, autocommit=True) as connection:
            name = f"{CLUSTER_SCHEMA}.procrastinate_jobs"
            connection.execute(f"ALTER TABLE {name} RENAME TO hidden".encode())
            bench.let_go.set()
            await bench.wait_for(lambda: bench.done)
            await asyncio.sleep(0.3)
            connection.execute(f"ALTER TABLE {CLUSTER_SCHEMA}.hidden RENAME TO procrastinate_jobs".encode())
        await bench.wait_for(lambda: not bench.jobs())
        await bench.close()
    assert bench.done == ["a"]


async def test_a_stop_leaves_what_did_not_end_for_others(bench: Bench) -> None:
    bench.let_go.clear()
    async with bench.queue() as queue:
        await queue.put(visits("a"))
        stop = bench.work(queue, grace_seconds=0.1)
        await bench.wait_for(lambda: bench.begun)
        stop.set()
        async with asyncio.timeout(5):
            await bench.workers[0]
        assert bench.jobs() == [("a", "todo")]
        bench.let_go.set()
        bench.work(queue)
        await bench.wait_for(lambda: bench.done)
        await bench.close()
