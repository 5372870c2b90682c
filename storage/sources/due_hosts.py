"""Which hosts have work that is due: sources to visit or pages to read. What several planners deal work out by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, text

from storage.articles.pages import ALL_HOSTS
from storage.tables.schema import entry, source
from storage.tables.types import to_microseconds

# One seek in ix_entry_waiting for each host that has a waiting entry; a subquery rather than a join, see `pages`.
PAGE_HOSTS = """
WITH RECURSIVE {all_hosts}
SELECT host FROM hosts
WHERE host IS NOT NULL
  AND (SELECT min(next_at) FROM entry WHERE state = 'waiting' AND entry.host = hosts.host) <= :now
"""


def due_hosts(connection: Connection, now: datetime, *, has_sources: bool = True) -> list[str]:
    """The hosts with a page due to be read and, unless `has_sources` is False, those with a source due to be visited.

    Each once, in no meaningful order; empty where nothing is due.
    """
    waiting = text(PAGE_HOSTS.format(all_hosts=ALL_HOSTS))
    found = dict.fromkeys(connection.execute(waiting, {"now": to_microseconds(now)}).scalars())
    if has_sources:
        is_active = source.c.is_active == bindparam("active", True, type_=source.c.is_active.type)
        asked = select(source.c.host).distinct().where(is_active, source.c.next_due_at <= now)
        found |= dict.fromkeys(connection.execute(asked).scalars())
    return list(found)


def due_since(connection: Connection, now: datetime) -> datetime | None:
    """Since when the oldest visit or page has been due; None where nothing is. Reads all that waits: not to be asked
    often."""
    asked = (
        select(func.min(source.c.next_due_at)).where(source.c.is_active == text("1"), source.c.next_due_at <= now),
        select(func.min(entry.c.next_at)).where(entry.c.state == "waiting", entry.c.next_at <= now),
    )
    moments = [connection.execute(each).scalar_one() for each in asked]
    return min((at for at in moments if at is not None), default=None)
