"""procrastinate as the cluster engine uses it: tasks by name, jobs that outlive workers, a worker that outlives cuts.

Everything particular to the library is here. What it leaves to its users is added: a job whose end could not be stored
is tried again and else left to the next worker; jobs of workers that were not heard of are put back; a worker whose
connection was cut is started anew under a new number, so that nothing stays "doing" in its old name.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.manager import JobManager

from storage.database.engine import KEEPALIVE
from storage.database.migrations.cluster import CLUSTER_SCHEMA
from tipwatch.engine.cluster_status import SILENT_SECONDS

log = logging.getLogger(__name__)

# Jobs put into one statement: as many as a second's work of some machines, in a message of some 100 kB.
BATCH = 500
# From so many new jobs on PostgreSQL is told to look at the table again. It plans the search for the next job by what
# it knows of the table, mostly that it is empty: with 2,000 jobs that search then took 190 ms instead of 0.3.
MANY = 100
# Of the library's own connections: fetching and finishing take a millisecond each, so few serve many jobs.
POOL = 4
# Failed and aborted jobs are kept for whoever looks into them; those that succeeded leave at once.
KEPT_HOURS = 7 * 24


@dataclass(frozen=True, slots=True)
class Times:
    """How fast trouble is noticed, in seconds.

    Args:
        heartbeat: a worker says so often that it lives.
        stalled: it is taken for dead when it was not heard of for so long.
        sweep: jobs of the dead are looked for so often; divides a minute.
        retry: a job that failed is tried again after this.
        restart: a worker that lost PostgreSQL begins anew after this.
    """

    heartbeat: float = 10.0
    stalled: float = SILENT_SECONDS
    sweep: int = 15
    retry: int = 60
    restart: float = 2.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to be put into the queue: its task, its arguments, and the key of which only one may wait or run."""

    task: str
    key: str
    arguments: dict[str, Any]


class PatientManager(JobManager):
    """Stores the end of a job also where PostgreSQL is away for a moment, and notes who is behind a worker's number.

    `lost` is called where it stays away: the job then still counts as being done by this worker.
    """

    def __init__(self, connector: PsycopgConnector, *, role: str, seconds: float, lost: Callable[[], None]) -> None:
        super().__init__(connector)
        self._role = role
        self._seconds = seconds
        self._lost = lost

    async def register_worker(self) -> int:
        """As the library's."""
        number = await super().register_worker()
        noted = "INSERT INTO worker (id, role, host, pid) VALUES (%(number)s, %(role)s, %(host)s, %(pid)s)"
        values = {"number": number, "role": self._role, "host": socket.gethostname(), "pid": os.getpid()}
        await self.connector.execute_query_async(noted, **values)
        return number

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """As the library's."""
        await self._insist(lambda: super(PatientManager, self).finish_job(job, status, delete_job))

    async def retry_job(self, job: Job, *arguments: Any, **options: Any) -> None:
        """As the library's; a job whose work waits already in another is dropped instead."""
        try:
            await self._insist(lambda: super(PatientManager, self).retry_job(job, *arguments, **options))
        except UniqueViolation:
            await self.finish_job(job, Status.FAILED, delete_job=True)

    async def _insist(self, store: Callable[[], Awaitable[None]]) -> None:
        deadline = asyncio.get_running_loop().time() + self._seconds
        while True:
            try:
                return await store()
            except UniqueViolation:
                raise
            except ConnectorException as error:
                if isinstance(error.__cause__, psycopg.errors.RaiseException):
                    return None  # it was stored, and only the answer was cut off; or another has the job by now
                if asyncio.get_running_loop().time() > deadline:
                    self._lost()
                    raise
            await asyncio.sleep(1.0)


class JobQueue:
    """A queue of jobs in PostgreSQL and a worker on it.

    Args:
        conninfo: of PostgreSQL, as libpq takes it.
        times: how fast trouble is noticed.
        role: what this process is, for whoever asks who works.
    """

    def __init__(self, conninfo: str, *, times: Times, role: str = "worker") -> None:
        self._times = times
        self._is_lost = asyncio.Event()
        connector = PsycopgConnector(
            conninfo=conninfo,
            min_size=1,
            max_size=POOL,
            configure=_commit_each,
            kwargs={
                **KEEPALIVE,
                "options": f"{KEEPALIVE['options']} -c search_path={CLUSTER_SCHEMA}",
                "application_name": "tipwatch-jobs",
                "connect_timeout": 10,
            },
        )
        self._app = App(connector=connector)
        self._app.job_manager = PatientManager(connector, role=role, seconds=times.stalled / 2, lost=self._is_lost.set)
        self._add_sweep()

    def add_task(self, name: str, queue: str, function: Callable[..., Awaitable[None]]) -> None:
        """Names what a job does. It may run more than once; where it fails it is tried again until it succeeds."""
        retry = RetryStrategy(wait=self._times.retry)
        self._app.task(name=name, queue=queue, retry=retry, pass_context=False)(function)

    def add_daily(self, name: str, queue: str, function: Callable[[], Awaitable[None]]) -> None:
        """Has something done once a night, by whichever worker comes first."""

        async def run(timestamp: int) -> None:
            await function()

        task = self._app.task(name=name, queue=queue, queueing_lock=name, lock=name)(run)
        self._app.periodic(cron="17 3 * * *")(task)

    @contextlib.asynccontextmanager
    async def opened(self) -> Any:
        """Holds the connections."""
        logging.getLogger("procrastinate").setLevel(logging.ERROR)  # two lines a job would drown the log
        async with self._app.open_async():
            yield self

    async def put(self, wanted: Sequence[Wanted], *, may_follow: bool = False) -> int:
        """Puts jobs into the queue whose key neither waits nor, unless it `may_follow`, is being done.

        Several may do so at once. Gives how many were put.
        """
        taken = await self._keys_taken(["todo"] if may_follow else ["todo", "doing"])
        fresh = [self._as_job(one) for one in wanted if one.key not in taken]
        count = 0
        for begin in range(0, len(fresh), BATCH):
            count += await self._put_batch(fresh[begin : begin + BATCH])
        if count >= MANY:
            await self._app.connector.execute_query_async("ANALYZE procrastinate_jobs")
        return count

    async def work(self, stop: asyncio.Event, *, queues: Iterable[str], concurrency: int, grace_seconds: float) -> None:
        """Does jobs of these queues, so many at once, until `stop`; those under way then have their time to end."""
        while not stop.is_set():
            self._is_lost.clear()
            worker = asyncio.create_task(
                self._app.run_worker_async(
                    queues=list(queues),
                    concurrency=concurrency,
                    install_signal_handlers=False,
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                    shutdown_graceful_timeout=grace_seconds,
                    update_heartbeat_interval=self._times.heartbeat,
                    stalled_worker_timeout=self._times.stalled,
                ),
                name="jobs",
            )
            signals = [asyncio.create_task(stop.wait()), asyncio.create_task(self._is_lost.wait())]
            try:
                await asyncio.wait({worker, *signals}, return_when=asyncio.FIRST_COMPLETED)
                worker.cancel()  # ends it in order; nothing where it has ended
                [ended] = await asyncio.gather(worker, return_exceptions=True)
            finally:
                for one in (worker, *signals):
                    one.cancel()
            if not stop.is_set():
                log.warning("worker.restarted", extra={"reason": repr(ended) if ended else "its connection was cut"})
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self._times.restart)

    def _add_sweep(self) -> None:
        # without a lock: one that died sweeping would hold it, and only a sweep could take it away
        task = self._app.task(name="sweep", queue="plan", queueing_lock="sweep")(self._sweep)
        self._app.periodic(cron=f"* * * * * */{self._times.sweep}")(task)  # with six fields the last are seconds
        self.add_daily("forget_failed", "plan", self._forget_failed)

    async def _sweep(self, timestamp: int) -> None:
        """Puts back the jobs of workers that were not heard of."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self._times.stalled):
            log.warning("job.returned", extra={"task": job.task_name, "key": job.lock, "worker": job.worker_id})
            await manager.retry_job(job)
        await manager.prune_stalled_workers(self._times.stalled * 10)

    async def _forget_failed(self) -> None:
        await self._app.job_manager.delete_old_jobs(
            nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )

    async def _keys_taken(self, states: list[str]) -> set[str]:
        query = (
            "SELECT lock FROM procrastinate_jobs "
            "WHERE status IN ('todo', 'doing') AND status::text = ANY(%(states)s) AND lock IS NOT NULL"
        )
        return {row["lock"] for row in await self._app.connector.execute_query_all_async(query, states=states)}

    def _as_job(self, wanted: Wanted) -> Job:
        task = self._app.tasks[wanted.task]
        return task.configure(lock=wanted.key, queueing_lock=wanted.key).make_new_job(**wanted.arguments)

    async def _put_batch(self, jobs: list[Job]) -> int:
        try:
            return len(await self._app.job_manager.batch_defer_jobs_async(jobs))
        except AlreadyEnqueued:  # another planner was at it in this very moment: one by one then
            count = 0
            for job in jobs:
                with contextlib.suppress(AlreadyEnqueued):
                    await self._app.job_manager.defer_job_async(job)
                    count += 1
            return count


async def _commit_each(connection: psycopg.AsyncConnection[Any]) -> None:
    """Every statement its own transaction: one round trip instead of three."""
    await connection.set_autocommit(True)
