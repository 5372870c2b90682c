"""One look at everything for `tipwatch status`: one snapshot, whose cost follows what is open, not what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, text

from storage.articles.pages import PendingCounts, count_pending
from storage.database.daemon_lock import DaemonSeen, read_daemon
from storage.database.statements import read_counters
from storage.digests.deliveries import list_waiting
from storage.digests.digests import (
    DeliveryRecord,
    DeliveryState,
    DigestRecord,
    delivery_counts,
    list_digests,
    list_failed_deliveries,
)
from storage.runs import RunRecord, last_run
from storage.sources.health import AILING, SourceHealth, list_source_health
from storage.tables.schema import digest, project

# What needs a person is listed, up to so many: more would not be read, and the count is given.
LISTED = 20

LATE_AFTER = timedelta(minutes=10)
"""A digest is promised within ten minutes of its time; what waits for longer needs a person."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What is stored: entries of watched sources, articles, those relevant or in the middle band, projects."""

    entries: int
    articles: int
    relevant: int
    maybe: int
    projects: int


@dataclass(frozen=True, slots=True)
class Status:
    """Everything an operator asks first; all of one moment.

    `waiting_deliveries` are those that were tried in vain, or are late. `remarked` are the sources that are read, but
    of which something is to be said: damaged, or longer than is used.
    """

    at: datetime
    totals: Totals
    pending: PendingCounts
    sources: Mapping[str, int]
    ailing: tuple[SourceHealth, ...]
    remarked: tuple[SourceHealth, ...]
    last_crawl: RunRecord | None
    running_crawl: RunRecord | None
    digests: tuple[DigestRecord, ...]
    unfinished_digests: int
    deliveries: Mapping[DeliveryState, int]
    failed_deliveries: tuple[DeliveryRecord, ...]
    waiting_deliveries: tuple[DeliveryRecord, ...]
    daemon: DaemonSeen | None


def read_status(connection: Connection, now: datetime) -> Status:
    """Reads it all; give it a `reading()` connection, so that it is of one moment."""
    health = [one for one in list_source_health(connection, now) if one.is_active]
    counters = read_counters(connection)
    open_crawl = last_run(connection, "crawl", is_finished=False)
    return Status(
        at=now,
        totals=Totals(
            entries=sum(one.entries for one in health),
            articles=counters.get("articles", 0),
            relevant=counters.get("relevant", 0),
            maybe=counters.get("maybe", 0),
            projects=connection.execute(
                select(func.count()).select_from(project).where(project.c.merged_into_id.is_(None))
            ).scalar_one(),
        ),
        pending=count_pending(connection, now),
        sources=dict(Counter(one.state for one in health)),
        ailing=tuple(one for one in health if one.state in AILING),
        remarked=tuple(one for one in health if one.state == "ok" and one.note),
        last_crawl=last_run(connection, "crawl"),
        running_crawl=open_crawl if open_crawl is not None and open_crawl.finished_at is None else None,
        digests=tuple(list_digests(connection, limit=5)),
        unfinished_digests=connection.execute(
            select(func.count()).select_from(digest).where(text("digest.state <> 'done'"))
        ).scalar_one(),
        deliveries=delivery_counts(connection),
        failed_deliveries=tuple(list_failed_deliveries(connection, limit=LISTED)),
        waiting_deliveries=tuple(list_waiting(connection, now - LATE_AFTER, limit=LISTED)),
        daemon=read_daemon(connection),
    )
