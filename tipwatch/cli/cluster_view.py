"""What `tipwatch status` says of the machines that share the work: in sentences what needs a person, in tables who does
what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tipwatch.cli.show import ago, moment, print_table

if TYPE_CHECKING:
    from tipwatch.engine.cluster_status import ClusterSeen, WorkerSeen

# Work waits for a worker, and workers for a planner, so long before it is a person's matter: a restart takes less.
IDLE_AFTER = timedelta(minutes=3)

WORDS = {
    "waiting": "waiting",
    "again": "to be tried again",
    "under_way": "in progress",
    "stalled": "stalled",
    "failed": "given up",
}


def needs_of_cluster(seen: ClusterSeen, planner_seen_at: datetime | None, now: datetime) -> Iterator[str]:
    """What needs a person, in sentences; `planner_seen_at` is when a planner last said that it lives, if ever."""
    if not seen.alive:
        since = seen.waits_since_at
        if since is not None and now - since > IDLE_AFTER:
            began = f"{moment(since)} ({ago(since, now)})"
            yield f"no worker is running; work has waited since {began}: start `tipwatch run` or `tipwatch worker`"
    elif not seen.has_planner and (planner_seen_at is None or now - planner_seen_at > IDLE_AFTER):
        yield "no planner is running, so the workers get nothing new: start `tipwatch run`"


def hosts_line(seen: ClusterSeen) -> str:
    """How many hosts wait, are in progress, and so on."""
    counts = [f"{count} {WORDS[name]}" for name, count in asdict(seen.hosts).items() if count]
    return ", ".join(counts) or "none waiting"


def print_workers(seen: ClusterSeen, now: datetime) -> None:
    """A line a process: where it runs, when it was last seen, what it is working on."""
    rows = [
        (
            one.role,
            f"process {one.pid} on {one.host}",
            moment(one.since_at),
            ago(one.seen_at, now) if one.is_alive else f"silent since {moment(one.seen_at)}",
            _doing(one, now),
        )
        for one in seen.workers
    ]
    print_table(("role", "where", "since", "last seen", "working on"), rows, empty="no planner or worker is running")


def _doing(one: WorkerSeen, now: datetime) -> str:
    if not one.jobs:
        return "nothing"
    more = f" and {one.jobs - len(one.doing)} more" if one.jobs > len(one.doing) else ""
    return f"{', '.join(one.doing)}{more}, the first taken {ago(one.busy_since_at, now)}"
