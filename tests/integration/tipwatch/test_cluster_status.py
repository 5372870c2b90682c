"""`tipwatch status` over several machines: who works, on what, and when a person must look."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from storage.database.daemon_lock import DaemonLock, tell_daemon_state
from storage.database.engine import Database
from storage.database.migrations.cluster import CLUSTER_SCHEMA, prepare_cluster
from tests.support.crawl_records import seen, wait
from tests.support.postgresql import on_postgresql
from tipwatch.__main__ import main
from tipwatch.engine.job_queue import JobQueue, Times, Wanted

pytestmark = on_postgresql

Told = Callable[[], tuple[int, dict[str, Any]]]


class Machines:
    """The rows that planners and workers leave behind, made by hand, so that time need not pass."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, query: str, **values: object) -> Any:
        with psycopg.connect(self.url, options=f"-c search_path={CLUSTER_SCHEMA}") as connection:
            cursor = connection.execute(query.encode(), values)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def add(self, role: str, pid: int, *, silent_seconds: float = 0) -> int:
        made = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %(s)s * interval '1 second')"
        number: int = self.run(f"{made} RETURNING id", s=silent_seconds)
        noted = "INSERT INTO worker (id, role, host, pid) VALUES (%(number)s, %(role)s, 'east', %(pid)s)"
        self.run(noted, number=number, role=role, pid=pid)
        return number

    def job(
        self,
        key: str,
        *,
        status: str = "todo",
        worker: int | None = None,
        attempts: int = 0,
        age_seconds: float = 0,
        task: str = "crawl_host",
    ) -> None:
        made = (
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, worker_id, attempts) "
            "VALUES ('crawl', %(task)s, %(key)s, 'todo', %(worker)s, %(attempts)s) RETURNING id"
        )
        number = self.run(made, task=task, key=key, worker=worker, attempts=attempts)
        if status != "todo":
            changed = "UPDATE procrastinate_jobs SET status = %(s)s::procrastinate_job_status WHERE id = %(n)s"
            self.run(changed, s=status, n=number)
        aged = "UPDATE procrastinate_events SET at = at - %(s)s * interval '1 second' WHERE job_id = %(n)s"
        self.run(aged, s=age_seconds, n=number)


@pytest.fixture
def machines(database_url: str) -> Machines:
    with Database.open(database_url) as database:
        prepare_cluster(database)
    return Machines(database_url)


@pytest.fixture
def file(tmp_path: Path, database_url: str) -> Path:
    file = tmp_path / "config.yaml"
    settings = {"contact": "ops@example.org", "engine": "cluster", "storage": {"url": database_url}}
    file.write_text(yaml.safe_dump(settings))
    return file


@pytest.fixture
def status(file: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    def tell() -> tuple[int, dict[str, Any]]:
        code = main(["--config", str(file), "status", "--json"])
        return code, json.loads(capsys.readouterr().out)

    return tell


def test_it_tells_each_process_its_last_sign_of_life_and_what_it_has_in_hand(
    machines: Machines, status: Told, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machines.add("planner", 11)
    busy = machines.add("worker", 12, silent_seconds=5)
    for letter in "abcde":
        machines.job(f"host:{letter}.example", status="doing", worker=busy, age_seconds=40)
    code, told = status()
    planner, worker = told["cluster"]["workers"]
    assert (planner["role"], planner["host"], planner["pid"], planner["jobs"]) == ("planner", "east", 11, 0)
    assert (worker["jobs"], worker["doing"]) == (5, ["a.example", "b.example", "c.example"])
    now = datetime.now(UTC)
    assert now - datetime.fromisoformat(worker["seen_at"]) >= timedelta(seconds=5)
    assert now - datetime.fromisoformat(worker["busy_since_at"]) >= timedelta(seconds=40)
    assert (planner["is_alive"], worker["is_alive"], code) == (True, True, 0)
    main(["--config", str(file), "status"])
    shown = capsys.readouterr().out
    assert "process 12 on east" in shown
    assert "a.example, b.example, c.example and 2 more" in shown
    assert "5 in progress" in shown


def test_it_counts_hosts_that_wait_are_in_work_stalled_and_given_up(machines: Machines, status: Told) -> None:
    alive, dead = machines.add("worker", 12), machines.add("worker", 13, silent_seconds=90)
    machines.job("host:a.example")
    machines.job("host:b.example")
    machines.job("host:c.example", attempts=2)
    machines.job("host:d.example", status="doing", worker=alive)
    machines.job("host:e.example", status="doing", worker=dead)
    machines.job("host:f.example", status="doing")  # of one that was silent for so long that it is forgotten
    machines.job("host:g.example", status="failed")
    machines.job("digest:morning", task="deliver")
    _, told = status()
    assert told["cluster"]["hosts"] == {"waiting": 2, "again": 1, "under_way": 1, "stalled": 2, "failed": 1}
    assert told["cluster"]["deliveries"]["waiting"] == 1
    assert [worker["is_alive"] for worker in told["cluster"]["workers"]] == [True, False]


def test_work_that_waits_while_no_worker_is_alive_needs_a_person_after_some_minutes(
    machines: Machines, status: Told
) -> None:
    machines.add("worker", 12, silent_seconds=300)
    machines.job("host:a.example", age_seconds=100)
    code, told = status()
    assert (code, told["needs"]) == (0, [])
    machines.job("host:b.example", age_seconds=200)
    code, told = status()
    assert code == 1
    assert "no worker is running" in told["needs"][0]
    machines.add("planner", 14)
    assert status()[0] == 0


def test_what_is_due_and_was_never_dealt_out_is_work_that_waits(
    machines: Machines, status: Told, database_url: str
) -> None:
    assert status()[0] == 0
    with Database.open(database_url) as database:
        wait(database, seen(1))
    code, told = status()
    assert code == 1
    assert "no worker is running" in told["needs"][0]


def test_workers_without_a_planner_need_a_person(machines: Machines, status: Told) -> None:
    machines.add("worker", 12)
    code, told = status()
    assert code == 1
    assert "tipwatch run" in told["needs"][0]


def test_a_planner_that_is_started_anew_needs_nobody(machines: Machines, status: Told, database_url: str) -> None:
    machines.add("worker", 12)
    with Database.open(database_url) as database:
        with DaemonLock(database, now=datetime.now(UTC), is_shared=True) as lock:
            lock.beat(datetime.now(UTC), {"stopped": True})
        assert status()[0] == 0
        database.write_now(tell_daemon_state, None, datetime.now(UTC) - timedelta(minutes=4))
    assert status()[0] == 1


def test_before_anything_has_run_there_is_nothing_to_tell(status: Told, database_url: str) -> None:
    Database.open(database_url).close()
    code, told = status()
    assert (code, told["cluster"]) == (0, None)


def test_one_process_alone_is_told_nothing_of_a_cluster(machines: Machines, file: Path, status: Told) -> None:
    machines.add("worker", 12)
    file.write_text(file.read_text().replace("engine: cluster", "engine: local"))
    assert status()[1]["cluster"] is None


@pytest.mark.slow
async def test_a_worker_is_told_of_from_its_start_to_its_orderly_end(machines: Machines, status: Told) -> None:
    stop, begun, let_go = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def crawl_host(host: str) -> None:
        begun.set()
        await let_go.wait()

    queue = JobQueue(machines.url, times=Times(), role="planner")
    queue.add_task("crawl_host", "crawl", crawl_host)
    async with queue.opened():
        await queue.put([Wanted("crawl_host", "host:a.example", {"host": "a.example"})])
        work = asyncio.create_task(queue.work(stop, queues=["crawl"], concurrency=1, grace_seconds=2.0))
        await begun.wait()
        [worker] = (await asyncio.to_thread(status))[1]["cluster"]["workers"]
        assert (worker["role"], worker["host"], worker["pid"]) == ("planner", socket.gethostname(), os.getpid())
        assert worker["doing"] == ["a.example"]
        let_go.set()
        stop.set()
        await work
    assert (await asyncio.to_thread(status))[1]["cluster"]["workers"] == []
