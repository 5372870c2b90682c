"""Undoes what a clock that was wrong left behind: times to come that no wait of ours reaches.

A machine that starts with a dead battery may believe for an hour that it is 2038, or 1970. What was put off in that
hour would wait for years once the clock is right, and what was found then would lie outside every digest's period.
Nothing here changes what was seen, read or sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, text, update

from storage.tables.schema import article, project
from storage.tables.types import to_microseconds

SLACK = timedelta(hours=1)
"""Clocks of machines that share a database differ, and are corrected by moments all the time."""

LONGEST_WAIT_OF_A_SOURCE = timedelta(days=8)
"""Beyond its own interval: a week for one that is gone, a day for one that fails or asks for peace."""

LONGEST_WAIT_OF_A_PAGE = timedelta(days=3)
"""Its retries wait for a day at most."""

LONGEST_WAIT_OF_A_DELIVERY = timedelta(days=1)
"""Retries and leases are over within hours."""

SOURCES = """
UPDATE source SET next_due_at = :now
WHERE next_due_at > :now AND (last_polled_at > :soon OR next_due_at > :far + CAST(interval_seconds AS BIGINT) * 1000000)
"""
PAGES = "UPDATE entry SET next_at = :now WHERE state = 'waiting' AND next_at > :far"
DELIVERIES = "UPDATE delivery SET next_at = :now WHERE state IN ('pending', 'sending') AND next_at > :far"


def forget_future(connection: Connection, now: datetime) -> int:
    """Makes due now what a wrong clock put off beyond any wait of ours: sources, pages, deliveries. Gives how many."""
    changed = 0
    for statement, wait in (
        (SOURCES, LONGEST_WAIT_OF_A_SOURCE),
        (PAGES, LONGEST_WAIT_OF_A_PAGE),
        (DELIVERIES, LONGEST_WAIT_OF_A_DELIVERY),
    ):
        moments = {"now": now, "soon": now + SLACK, "far": now + wait}
        values = {name: to_microseconds(moment) for name, moment in moments.items()}
        changed += connection.execute(text(statement), values).rowcount
    return changed


def time_of_news(connection: Connection, now: datetime) -> datetime:
    """The time to store news under: `now` or, where the clock went back, when the newest before was stored, so that
    none comes to lie before a digest that was made without it."""
    newest = connection.execute(select(article.c.registered_at).order_by(article.c.id.desc()).limit(1)).scalar()
    return now if newest is None else max(now, newest)


def correct_future_dates(connection: Connection, now: datetime) -> int:
    """Dates now what was stored while the clock was ahead, so that the next digest holds it. Gives how many.

    Only for a clock that is trusted: to one that is behind, everything seems to come from the future.
    """
    changed = 0
    for table, column in ((article, article.c.registered_at), (project, project.c.confirmed_at)):
        changed += connection.execute(update(table).where(column > now + SLACK).values({column: now})).rowcount
    return changed
