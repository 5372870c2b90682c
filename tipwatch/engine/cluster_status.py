"""What the cluster does now, for `tipwatch status`: who works, on what, and what waits. Needs none of the engine's
libraries: it reads the tables of shared work as they are.

Ages are told by PostgreSQL's clock, which stamped them; the moments given are those ages before the caller's `now`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from storage.database.migrations.cluster import CLUSTER_SCHEMA
from storage.sources.due_hosts import due_since

# A worker that was not heard of for so long is taken for dead: six beats, so that a busy machine or a short outage is
# none.
SILENT_SECONDS = 60.0

# The names of hosts that are told of each worker; how many there are is told in any case.
NAMED = 3

TABLES_ARE_THERE = f"SELECT to_regclass('{CLUSTER_SCHEMA}.worker') IS NOT NULL"
WORKERS = f"""
SELECT worker.role, worker.host, worker.pid,
       extract(epoch FROM now() - worker.since_at)::float8 AS since_seconds,
       extract(epoch FROM now() - known.last_heartbeat)::float8 AS seen_seconds,
       count(job.id) AS jobs,
       (array_agg(job.lock ORDER BY job.id) FILTER (WHERE job.id IS NOT NULL))[1:{NAMED}] AS keys,
       extract(epoch FROM now() - (
           SELECT min(event.at) FROM {CLUSTER_SCHEMA}.procrastinate_events AS event
           WHERE event.job_id = min(job.id) AND event.type = 'started'
       ))::float8 AS busy_seconds
FROM {CLUSTER_SCHEMA}.procrastinate_workers AS known
JOIN {CLUSTER_SCHEMA}.worker ON worker.id = known.id
LEFT JOIN {CLUSTER_SCHEMA}.procrastinate_jobs AS job
    ON job.worker_id = known.id AND job.status = 'doing' AND job.task_name IN ('crawl_host', 'deliver')
GROUP BY worker.id, known.id
ORDER BY worker.role, worker.host, worker.pid
"""  # noqa: S608 (the schema's name is ours)
JOBS = f"""
SELECT job.task_name,
       count(*) FILTER (WHERE job.status = 'todo' AND job.attempts = 0) AS waiting,
       count(*) FILTER (WHERE job.status = 'todo' AND job.attempts > 0) AS again,
       count(*) FILTER (WHERE job.status = 'doing' AND known.last_heartbeat >= now() - :silent * interval '1 second')
           AS under_way,
       count(*) FILTER (
           WHERE job.status = 'doing'
           AND (known.id IS NULL OR known.last_heartbeat < now() - :silent * interval '1 second')
       ) AS stalled,
       count(*) FILTER (WHERE job.status IN ('failed', 'aborted')) AS failed
FROM {CLUSTER_SCHEMA}.procrastinate_jobs AS job
LEFT JOIN {CLUSTER_SCHEMA}.procrastinate_workers AS known ON known.id = job.worker_id
WHERE job.task_name IN ('crawl_host', 'deliver')
GROUP BY job.task_name
"""  # noqa: S608
# A job in the hands of one that is silent waits since that one was last heard of.
WAITS = f"""
SELECT extract(epoch FROM now() - min(greatest(event.at, known.last_heartbeat)))::float8
FROM {CLUSTER_SCHEMA}.procrastinate_jobs AS job
JOIN LATERAL (SELECT max(at) AS at FROM {CLUSTER_SCHEMA}.procrastinate_events WHERE job_id = job.id) AS event ON true
LEFT JOIN {CLUSTER_SCHEMA}.procrastinate_workers AS known ON known.id = job.worker_id
WHERE job.task_name IN ('crawl_host', 'deliver')
  AND (job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now()) OR job.status = 'doing')
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A process that takes work.

    Args:
        role: `planner` (`tipwatch run`, which works too) or `worker`.
        host, pid: where it runs.
        since_at: when it began.
        seen_at: its last sign of life.
        is_alive: whether that is recent enough.
        jobs: hosts and deliveries it has in hand.
        doing: some of them.
        busy_since_at: when it took the oldest of them.
    """

    role: str
    host: str
    pid: int
    since_at: datetime
    seen_at: datetime
    is_alive: bool
    jobs: int
    doing: tuple[str, ...]
    busy_since_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobCounts:
    """So many wait, wait to be tried again, are in work, are in the hands of one that is silent, have been given up."""

    waiting: int = 0
    again: int = 0
    under_way: int = 0
    stalled: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ClusterSeen:
    """Who works, and on what. `waits_since_at` is told only where nobody is alive: since when there has been work."""

    workers: tuple[WorkerSeen, ...]
    hosts: JobCounts
    deliveries: JobCounts
    waits_since_at: datetime | None

    @property
    def alive(self) -> tuple[WorkerSeen, ...]:
        """Those that were heard of lately."""
        return tuple(worker for worker in self.workers if worker.is_alive)

    @property
    def has_planner(self) -> bool:
        """Whether one that is alive deals work out."""
        return any(worker.role == "planner" for worker in self.alive)


def read_cluster(connection: Connection, now: datetime) -> ClusterSeen | None:
    """What the cluster does; None where the database has no tables of shared work, or older ones."""
    if connection.dialect.name != "postgresql" or not connection.execute(text(TABLES_ARE_THERE)).scalar_one():
        return None
    workers = tuple(_as_worker(row, now) for row in connection.execute(text(WORKERS)).mappings())
    counted = {
        row["task_name"]: JobCounts(**{name: row[name] for name in JobCounts.__dataclass_fields__})
        for row in connection.execute(text(JOBS), {"silent": SILENT_SECONDS}).mappings()
    }
    is_anybody_alive = any(worker.is_alive for worker in workers)
    return ClusterSeen(
        workers,
        counted.get("crawl_host", JobCounts()),
        counted.get("deliver", JobCounts()),
        None if is_anybody_alive else _waits_since(connection, now),
    )


def _as_worker(row: Mapping[Any, Any], now: datetime) -> WorkerSeen:
    return WorkerSeen(
        role=row["role"],
        host=row["host"],
        pid=row["pid"],
        since_at=_before(now, row["since_seconds"]),
        seen_at=_before(now, row["seen_seconds"]),
        is_alive=row["seen_seconds"] <= SILENT_SECONDS,
        jobs=row["jobs"],
        doing=tuple(key.removeprefix("host:") for key in row["keys"] or ()),
        busy_since_at=None if row["busy_seconds"] is None else _before(now, row["busy_seconds"]),
    )


def _waits_since(connection: Connection, now: datetime) -> datetime | None:
    """Since when there is work that nobody does: a job, or what no planner has made a job of."""
    seconds = connection.execute(text(WAITS)).scalar_one()
    moments = [due_since(connection, now), None if seconds is None else _before(now, seconds)]
    return min((at for at in moments if at is not None), default=None)


def _before(now: datetime, seconds: float) -> datetime:
    return now - timedelta(seconds=max(0.0, seconds))
