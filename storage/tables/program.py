"""The program's own: runs, the daemon, totals, settings."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Text

from storage.tables.base import key, table
from storage.tables.types import Json, UtcTime, WideInteger

run = table(
    "run",
    key(),
    Column("kind", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("outcome", Text),
    Column("pid", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("summary", Json),
    CheckConstraint("outcome IN ('done', 'stopped', 'failed')", name="outcome"),
    Index("ix_run_kind", "kind", "id"),
)

daemon = table(
    "daemon",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("pid", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("since_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("info", Json, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)

# Totals counted as they come (articles, relevant, …), so that `tipwatch status` counts no rows.
counter = table(
    "counter",
    Column("name", Text, primary_key=True),
    Column("value", WideInteger, nullable=False),
    has_rowid=False,
)

setting = table(
    "setting",
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
    has_rowid=False,
)
