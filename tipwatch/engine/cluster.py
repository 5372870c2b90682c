"""The engine of many machines: jobs in PostgreSQL, one a host, done by whichever worker is free.

The planner (`tipwatch run`, any number of them) looks which hosts have work and puts a job for each into the queue,
of which only one can wait or run; workers (`tipwatch worker`, and `tipwatch run` too) crawl the host of each job and
deliver. What a job did is in the database, so that one that died with its worker is simply done again.

Turns of hosts are shared through `SharedLimiter`, so that delays, pauses and "one request at a time" hold across
machines, also where a redirect leads to a host of another's job; what a host's robots.txt says through `SharedRobots`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Literal

from psycopg_pool import AsyncConnectionPool

from crawler.settings import CrawlerSettings
from storage.database.engine import KEEPALIVE, Database
from storage.sources.due_hosts import due_hosts
from tipwatch.engine.job_queue import JobQueue, Times, Wanted
from tipwatch.engine.runner import Runner
from tipwatch.engine.shared_limiter import SharedLimiter
from tipwatch.engine.shared_robots import SharedRobots
from tipwatch.engine.shared_rows import SharedRows

log = logging.getLogger(__name__)

Role = Literal["planner", "worker"]

# How often the planner looks for pages that came to wait at other hosts than that of the source that told of them.
PLAN_SECONDS = 5.0
# Hosts under way for each request that may be in flight: with a delay of a second a host is idle most of its time.
HOSTS_A_REQUEST = 4
# Connections for the turns of hosts: a statement takes a millisecond, so few serve hundreds of requests a second.
TURN_CONNECTIONS = 4
# A PostgreSQL that does not answer for so long is away; the crawl ends, and its host is visited when it is back.
CONNECT_SECONDS = 10.0


class ClusterEngine:
    """Plans and works, or only works.

    Args:
        database: open, on PostgreSQL, prepared for shared work; its daemon lock is shared by the caller.
        runner: does the work, and shares the turns of hosts and the robots.txt that all have read.
        crawler: how many requests this process may have in flight at once, and how long one may take.
        now: the clock.
        grace_seconds: how long the work may take to end in order after a stop; then it is cancelled.
        role: a planner also works; a worker only works.
        has_digests: False leaves deliveries to others.
    """

    def __init__(
        self,
        database: Database,
        runner: Runner,
        crawler: CrawlerSettings,
        *,
        now: Callable[[], datetime],
        grace_seconds: float,
        role: Role,
        has_digests: bool,
    ) -> None:
        self._database = database
        self._runner = runner
        self._crawler = crawler
        self._now = now
        self._grace_seconds = grace_seconds
        self._role = role
        self._queues = ["plan", "crawl", *(["digest"] if has_digests else [])]
        self._stop = asyncio.Event()
        self._wakes = asyncio.Event()
        self._wants_sources = False
        self._slots: set[str] = set()

    async def submit_poll(self) -> None:
        """See `Engine`."""
        self._wants_sources = True
        self._wakes.set()

    async def submit_digest(self, slot: str) -> None:
        """See `Engine`."""
        self._slots.add(slot)
        self._wakes.set()

    async def run(self, stop: asyncio.Event) -> None:
        """See `Engine`."""
        self._stop = stop
        holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        async with self._rows_opened() as rows:
            turns = SharedLimiter(rows, holder=holder, timeout_seconds=self._crawler.timeout_seconds, now=self._now)
            robots = SharedRobots(rows, now=self._now)
            self._runner.share(turns, robots)
            async with self._queue(turns, robots).opened() as queue, asyncio.TaskGroup() as group:
                group.create_task(
                    queue.work(
                        stop,
                        queues=self._queues,
                        concurrency=self._crawler.concurrency * HOSTS_A_REQUEST,
                        grace_seconds=self._grace_seconds,
                    )
                )
                group.create_task(self._plan_until(stop, queue, turns))

    @contextlib.asynccontextmanager
    async def _rows_opened(self) -> AsyncIterator[SharedRows]:
        pool = AsyncConnectionPool(
            _conninfo(self._database),
            min_size=1,
            max_size=TURN_CONNECTIONS,
            timeout=CONNECT_SECONDS,
            open=False,
            kwargs={
                **KEEPALIVE,
                "autocommit": True,
                "application_name": "tipwatch-turns",
                "connect_timeout": int(CONNECT_SECONDS),
            },
        )
        async with pool:
            yield SharedRows(pool, where=self._database.where)

    def _queue(self, turns: SharedLimiter, robots: SharedRobots) -> JobQueue:
        queue = JobQueue(_conninfo(self._database), times=Times(), role=self._role)

        async def crawl_host(host: str) -> None:
            if self._stop.is_set():  # what is left is planned again
                return
            try:
                await self._runner.crawl(self._stop, [host])
            except Exception:
                log.exception("crawl.failed", extra={"host": host})
                raise
            finally:
                await turns.settle()

        async def deliver(slot: str) -> None:
            log.info("delivery.started", extra={"reason": slot})
            await self._runner.deliver(self._stop)

        queue.add_task("crawl_host", "crawl", crawl_host)
        queue.add_task("deliver", "digest", deliver)
        queue.add_daily("forget_hosts", "plan", turns.forget_old)
        queue.add_daily("forget_robots", "plan", robots.forget_old)
        return queue

    async def _plan_until(self, stop: asyncio.Event, queue: JobQueue, turns: SharedLimiter) -> None:
        """Plans whenever something is asked for, and every so often; what fails is asked for again the next time."""
        while not stop.is_set():
            if self._role == "planner" or self._wakes.is_set():
                self._wakes.clear()
                try:
                    await self._plan(queue, turns)
                except Exception:  # of whatever is behind: PostgreSQL away, a bug; the next round tries again
                    log.exception("plan.failed")
            waits = [asyncio.create_task(stop.wait()), asyncio.create_task(self._wakes.wait())]
            await asyncio.wait(waits, timeout=PLAN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()

    async def _plan(self, queue: JobQueue, turns: SharedLimiter) -> None:
        has_sources, slots = self._wants_sources, set(self._slots)
        if has_sources:
            await self._runner.prepare_sources()
        due = await self._database.read(due_hosts, self._now(), has_sources=has_sources)
        paused = await turns.paused()
        wanted = [Wanted("crawl_host", f"host:{host}", {"host": host}) for host in set(due) - paused]
        wanted += [Wanted("deliver", f"digest:{slot}", {"slot": slot}) for slot in slots]
        # a source that came to be due while its host is being crawled waits for the crawl after that one
        count = await queue.put(wanted, may_follow=has_sources) if wanted else 0
        self._wants_sources = self._wants_sources and not has_sources
        self._slots -= slots
        if count:
            log.info("plan.done", extra={"jobs": count, "due": len(due), "paused": len(paused)})


def _conninfo(database: Database) -> str:
    return database.address.url.set(drivername="postgresql").render_as_string(hide_password=False)
