"""How the sources are: one word each, since when, why, and what they brought. Decided purely from what polls left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, select, text

from storage.database.statements import read_record
from storage.records import ENDS_EARLY, PollStatus
from storage.tables.schema import source

SourceStateWord = Literal["ok", "failing", "broken", "gone", "silent", "moved", "in-part", "never-polled"]
UNREADABLE: frozenset[SourceStateWord] = frozenset({"failing", "broken", "gone"})
AILING = UNREADABLE | {"moved", "silent", "in-part"}

# A source that fails for a day is broken and named in every digest; for less it may be a nap of its server.
BROKEN_AFTER = timedelta(hours=24)

# Three polls sent on to the same place: a move, not a slip.
MOVED_AFTER = 3

# Silence is reported when it is this many times longer than the source's usual gap, and never before two weeks:
# holidays, and sources that speak in bursts.
SILENT_AFTER_GAPS = 6
SILENT_AFTER_AT_LEAST = timedelta(days=14)

# A feed that holds no entries at all is no sign of life, whatever its rhythm; a day, as for a failure.
SILENT_AFTER_EMPTY = timedelta(hours=24)

# Of a source that never had news (or once only) nothing usual is known: three months without any is odd for all kinds.
SILENT_AFTER_UNKNOWN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source is.

    `state` since `since_at`: `failing` (under a day), `broken` (a day or more), `gone` (410), `moved` (sent on to
    `redirect_to` for good), `silent` (no news far beyond its own rhythm, or a feed without entries), `in-part` (its
    document ends in the middle), `never-polled`, else `ok` (since it last recovered, if it ever failed: then
    `failed_from_at` is when that trouble had begun).
    `articles` and `projects` are what it reported.
    """

    id: int
    name: str
    kind: str
    url: str
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    is_active: bool
    state: SourceStateWord
    since_at: datetime | None
    error_kind: str | None
    error_text: str | None
    http_status: int | None
    failures: int
    note: str | None
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_news_at: datetime | None
    next_due_at: datetime
    recovered_at: datetime | None
    failed_from_at: datetime | None
    redirect_to: str | None
    entries: int
    articles: int
    projects: int


def judge_state(
    *,
    now: datetime,
    status: PollStatus | None,
    failing_since_at: datetime | None,
    redirect_to: str | None,
    redirects_seen: int,
    added_at: datetime,
    last_news_at: datetime | None,
    next_due_at: datetime,
    news_gap_seconds: int | None,
    recovered_at: datetime | None,
    is_empty: bool = False,
    note: str | None = None,
) -> tuple[SourceStateWord, datetime | None]:
    """The word for a source's state and since when it holds. Trouble comes before a move, a move before silence.

    Of silence counts the time until it is due to be asked again: where nobody asks it, nobody knows.

    `is_empty`: what was last read of it is a document that should hold entries and holds none; `note` is what was
    remarked on it.
    """
    if status is None:
        return "never-polled", added_at
    if failing_since_at is not None:
        if status == "gone":
            return "gone", failing_since_at
        return ("broken" if now - failing_since_at >= BROKEN_AFTER else "failing"), failing_since_at
    if redirect_to is not None and redirects_seen >= MOVED_AFTER:
        return "moved", None
    quiet_since = last_news_at or added_at
    if is_empty:
        patience = SILENT_AFTER_EMPTY
    elif news_gap_seconds is None:
        patience = SILENT_AFTER_UNKNOWN
    else:
        patience = max(SILENT_AFTER_AT_LEAST, timedelta(seconds=SILENT_AFTER_GAPS * news_gap_seconds))
    if min(now, next_due_at) - quiet_since >= patience:
        return "silent", quiet_since
    if note is not None and ENDS_EARLY in note:
        return "in-part", None
    return "ok", recovered_at


# CROSS JOIN makes SQLite begin with the few articles of projects; left to itself it would read every entry there is.
PROJECTS_BY_SOURCE = """
SELECT entry.source_id, count(DISTINCT article.project_id)
FROM article CROSS JOIN entry
WHERE article.project_id IS NOT NULL AND entry.article_id = article.id
GROUP BY entry.source_id
"""


def list_source_health(connection: Connection, now: datetime) -> list[SourceHealth]:
    """All sources, the watched ones first, each group by name."""
    projects: dict[int, int] = dict(connection.execute(text(PROJECTS_BY_SOURCE)).all())
    found = []
    for row in connection.execute(select(source).order_by(source.c.is_active.desc(), source.c.name)):
        state, since_at = judge_state(
            now=now, status=row.status, failing_since_at=row.failing_since_at, redirect_to=row.redirect_to,
            redirects_seen=row.redirects_seen, added_at=row.added_at, last_news_at=row.last_news_at,
            next_due_at=row.next_due_at,
            news_gap_seconds=row.news_gap_seconds, recovered_at=row.recovered_at,
            is_empty=row.kind == "feed" and row.entries_in_last == 0,  # others list what is new: at times nothing
            note=row.note,
        )  # fmt: skip
        lists = {"tags": tuple(row.tags), "languages": tuple(row.languages)}
        made = {"state": state, "since_at": since_at, "projects": projects.get(row.id, 0)}
        found.append(read_record(SourceHealth, row, **lists, **made))
    return found
