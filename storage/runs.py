"""Runs of the program's work (a crawl, a delivery): begun, ended, and how they went, for `tipwatch status`."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, select, update

from storage.database.statements import insert
from storage.tables.schema import run

RunOutcome = Literal["done", "stopped", "failed"]

# Half a year of an hourly crawl, and some weeks of the most frequent: nobody asks further back, and the table stays
# small.
KEPT_RUNS = 5000


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. `outcome` is `stopped` where it was asked to end early, and None while it goes on; with a `finished_at`
    it was interrupted: its process died, and that was noticed then."""

    id: int
    kind: str
    started_at: datetime
    finished_at: datetime | None
    outcome: RunOutcome | None
    pid: int
    host: str
    summary: Mapping[str, Any] | None


def start_run(connection: Connection, kind: str, now: datetime, *, is_only: bool = False) -> int:
    """Notes that this process began a run; gives its id. Where it `is_only` one of its kind at a time, those that never
    ended were interrupted."""
    if is_only:
        unfinished = (run.c.kind == kind) & run.c.finished_at.is_(None)
        connection.execute(update(run).where(unfinished).values(finished_at=now))
    row = {"kind": kind, "started_at": now, "pid": os.getpid(), "host": socket.gethostname()}
    run_id: int = connection.execute(insert(connection, run).values(row).returning(run.c.id)).scalar_one()
    connection.execute(delete(run).where(run.c.id <= run_id - KEPT_RUNS))
    return run_id


def finish_run(
    connection: Connection, run_id: int, *, outcome: RunOutcome, summary: Mapping[str, Any] | None, now: datetime
) -> None:
    """Notes how a run ended; `summary` is any JSON object."""
    values = {"outcome": outcome, "finished_at": now, "summary": None if summary is None else dict(summary)}
    connection.execute(update(run).where(run.c.id == run_id).values(values))


def last_run(connection: Connection, kind: str, *, is_finished: bool = True) -> RunRecord | None:
    """The latest run of a kind, of those that ended unless `is_finished` is False; None where there is none."""
    asked = select(run).where(run.c.kind == kind).order_by(run.c.id.desc()).limit(1)
    if is_finished:
        asked = asked.where(run.c.finished_at.is_not(None))
    row = connection.execute(asked).one_or_none()
    return None if row is None else RunRecord(*row)


def last_success_at(connection: Connection, kind: str) -> datetime | None:
    """When the latest run of a kind ended that did not fail; None where none did."""
    asked = select(run.c.finished_at).where(run.c.kind == kind, run.c.outcome.in_(("done", "stopped")))
    return connection.execute(asked.order_by(run.c.id.desc()).limit(1)).scalar_one_or_none()
