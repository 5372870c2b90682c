"""Throughput of 1, 2 and 4 workers where latency is the limit, and what a host's visit costs them and PostgreSQL.

    python -m benchmarks.cluster POSTGRESQL-URL [--hosts 200] [--latency-seconds 0.1] [--workers 1,2,4] [--json FILE]

A farm of hosts on loopback, one feed each, answers after the latency. Real workers (`tipwatch worker`) share a database
made for the run; this process plans. A round with news is a feed and `--pages` pages a host, one without is a 304 a
host. Each worker has few requests in flight (`--concurrency`), so that it waits rather than works; ratios are of the
wall time of the same work, from the first job put to the last one done, to the first number of workers. Ends with 1
where the farm saw two requests at once on a host. What starts a worker (interpreter, libraries, reading process) is
paid once a process and not part of it: a round before those measured sees to that.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg
import yaml

from benchmarks.layout import Layout
from benchmarks.measuring import Farm
from crawler.sources.registry import parse_source
from storage.database.engine import Database
from storage.database.migrations.cluster import CLUSTER_SCHEMA, prepare_cluster
from storage.sources.sources import sync_sources
from tipwatch.engine.job_queue import JobQueue, Times, Wanted

PAGE_BYTES = 30_000  # an agency's plain page; larger ones make CPU the limit
ROUNDS = 3  # medians of so many
PATIENCE_SECONDS = 600.0
TARGETS = {2: 1.8, 4: 3.2}


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took; CPU of all workers with their reading processes, and of PostgreSQL's backends for them."""

    wall_seconds: float
    worker_cpu_seconds: float
    database_cpu_seconds: float
    requests: int


class Workers:
    """So many workers over a database and a farm."""

    def __init__(self, folder: Path, url: str, farm: Farm, count: int, options: argparse.Namespace) -> None:
        self.url = url
        file = folder / f"{count}.yaml"
        crawler = {
            "allow_addresses": ["127.0.0.0/8"], "delay_seconds": 0, "max_entries": options.pages,
            "workers": 1, "concurrency": options.concurrency,
        }  # fmt: skip
        settings = {"contact": "bench@example.org", "engine": "cluster", "storage": {"url": url}, "crawler": crawler}
        file.write_text(yaml.safe_dump({**settings, "sources": farm.feeds(), "data": str(folder / f"data-{count}")}))
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tipwatch", "--config", str(file), "worker"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(count)
        ]

    def cpu_seconds(self) -> float:
        total = 0.0
        for process in self.processes:
            root = psutil.Process(process.pid)
            for each in [root, *root.children(recursive=True)]:
                times = each.cpu_times()
                total += times.user + times.system
        return total

    def database_cpu_seconds(self) -> float:
        """Of the backends that serve the workers, where they run on this machine."""
        with psycopg.connect(self.url) as connection:
            asked = (
                "SELECT pid FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name LIKE 'tipwatch%'"
            )
            pids = [row[0] for row in connection.execute(asked)]
        total = 0.0
        for pid in pids:
            try:
                times = psutil.Process(pid).cpu_times()
                total += times.user + times.system
            except psutil.Error:  # on another machine, or ended meanwhile
                continue
        return total

    def memory_mb(self) -> float:
        roots = [psutil.Process(process.pid) for process in self.processes]
        trees = [each for root in roots for each in (root, *root.children(recursive=True))]
        return float(sum(each.memory_full_info().pss for each in trees)) / 1_000_000 / len(roots)

    def end(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait()


def one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


async def run_round(queue: JobQueue, workers: Workers, farm: Farm, hosts: list[str], *, news: int) -> Round:
    """Makes every source due, with so many new items, puts a job a host, waits until all are done."""
    for _ in range(news):
        farm.control("advance")
    before_books = farm.control("books")
    with psycopg.connect(workers.url, autocommit=True) as connection:
        connection.execute("ANALYZE")  # as autovacuum does, which comes round too seldom for so short a run
        connection.execute("UPDATE source SET next_due_at = 0")
        cpu, database_cpu = workers.cpu_seconds(), workers.database_cpu_seconds()
        began = time.perf_counter()
        await queue.put([Wanted("crawl_host", f"host:{host}", {"host": host}) for host in hosts])
        left = f"SELECT count(*) FROM {CLUSTER_SCHEMA}.procrastinate_jobs WHERE task_name = 'crawl_host'"
        while one(connection, left):
            await asyncio.sleep(0.05)
            if time.perf_counter() - began > PATIENCE_SECONDS:
                raise TimeoutError("the round did not end")
    wall = time.perf_counter() - began
    books = farm.control("books")
    requests = sum(books[name] - before_books[name] for name in ("feeds", "not_modified", "pages", "other"))
    return Round(wall, workers.cpu_seconds() - cpu, workers.database_cpu_seconds() - database_cpu, requests)


async def measure(url: str, folder: Path, options: argparse.Namespace, count: int) -> tuple[dict[str, Any], bool]:
    """All rounds with so many workers, on a fresh database and farm; and whether the farm saw good manners."""
    with (
        Farm(Layout(options.hosts, options.hosts, (PAGE_BYTES,), options.latency_seconds)) as farm,
        Database.open(url) as database,
    ):
        prepare_cluster(database)
        specs = [parse_source(feed).as_spec() for feed in farm.feeds()]
        database.write_now(sync_sources, specs, datetime.now(UTC))
        hosts = farm.layout.hosts()
        queue = JobQueue(url, times=Times())

        async def nothing(host: str) -> None:
            """The workers' task, which this process only names."""

        queue.add_task("crawl_host", "crawl", nothing)
        workers = Workers(folder, url, farm, count, options)
        try:
            async with queue.opened():
                await run_round(queue, workers, farm, hosts, news=0)  # loads libraries, starts reading processes
                farm.control("reset")
                news = [await run_round(queue, workers, farm, hosts, news=options.pages) for _ in range(options.rounds)]
                quiet = [await run_round(queue, workers, farm, hosts, news=0) for _ in range(options.rounds)]
            books = farm.control("books")
            memory_mb = workers.memory_mb()
            with psycopg.connect(url) as connection:
                connections = one(
                    connection,
                    "SELECT count(*) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND application_name LIKE 'tipwatch-%'"
                    " OR (datname = current_database() AND application_name = 'tipwatch')",
                )
        finally:
            workers.end()
    found = {
        "workers": count,
        "news": asdict(middle(news)),
        "quiet": asdict(middle(quiet)),
        "memory_mb_a_worker": memory_mb,
        "connections": connections,
        "most_at_once": books["most_at_once"],
    }
    return found, books["most_at_once"] <= 1


def middle(rounds: list[Round]) -> Round:
    """The round whose wall time is the median."""
    wanted = statistics.median_low([each.wall_seconds for each in rounds])
    return next(each for each in rounds if each.wall_seconds == wanted)


def throughput(taken: dict[str, Any]) -> float:
    """Requests a second; as many whatever the number of workers, since they share what they read of a host."""
    return float(taken["requests"]) / float(taken["wall_seconds"])


def as_line(found: dict[str, Any], first: dict[str, Any], hosts: int) -> str:
    news, quiet = found["news"], found["quiet"]
    ratio, quiet_ratio = (first[kind]["wall_seconds"] / found[kind]["wall_seconds"] for kind in ("news", "quiet"))
    return (
        f"| {found['workers']} | {news['wall_seconds']:.1f} | {throughput(news):.1f} "
        f"| {ratio:.2f} | {TARGETS.get(found['workers'], 1.0):.1f} | {quiet['wall_seconds']:.1f} | {quiet_ratio:.2f} "
        f"| {news['worker_cpu_seconds'] / hosts * 1000:.1f} | {quiet['worker_cpu_seconds'] / hosts * 1000:.1f} "
        f"| {news['database_cpu_seconds'] / hosts * 1000:.1f} | {quiet['database_cpu_seconds'] / hosts * 1000:.1f} "
        f"| {found['memory_mb_a_worker']:.0f} | {found['connections']} |"
    )


HEAD = (
    "| workers | news s | requests/s | ratio | target | quiet s | ratio | worker CPU ms a host, news | quiet "
    "| database CPU ms a host, news | quiet | MB a worker | connections |\n|" + "---|" * 13
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("url", help="postgresql://USER@HOST/NAME, where databases may be made")
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--latency-seconds", type=float, default=0.1)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--concurrency", type=int, default=1, help="requests in flight of each worker")
    parser.add_argument("--pages", type=int, default=4, help="new pages of each host in a round with news")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, help="write all numbers to this file")
    options = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {options.hosts} "
        f"hosts, {options.latency_seconds * 1000:g} ms, {options.pages} pages, {options.concurrency} requests in "
        f"flight a worker\n\n{HEAD}",
        flush=True,
    )
    all_found: list[dict[str, Any]] = []
    is_well = True
    with tempfile.TemporaryDirectory(prefix="tipwatch-cluster-") as folder:
        for count in (int(number) for number in options.workers.split(",")):
            name = f"bench_{secrets.token_hex(6)}"
            with psycopg.connect(options.url, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())
                try:
                    url = options.url.rsplit("/", 1)[0] + f"/{name}"
                    found, has_manners = asyncio.run(measure(url, Path(folder), options, count))
                finally:
                    connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
            all_found.append(found)
            is_well = is_well and has_manners
            print(as_line(found, all_found[0], options.hosts), flush=True)
    if options.json:
        options.json.write_text(json.dumps(all_found, indent=1), encoding="utf-8")
    if not is_well:
        print("BROKEN two requests at once on a host", file=sys.stderr)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
