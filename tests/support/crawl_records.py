"""Records as the crawler would make them, with only what a test cares about named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from classifier.document import Band, Verdict
from storage.articles.store import StoredAs, number_articles, write_articles
from storage.database.engine import Database
from storage.records import ArticleReading, EntrySeen, PollOutcome, SourceSpec, SourceState
from storage.sources.sources import due_sources, record_polls, sync_sources
from storage.tables.schema import project

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def spec(name: str = "herald", *, url: str | None = None, host: str = "herald.example") -> SourceSpec:
    return SourceSpec(name=name, kind="feed", url=url or f"https://{host}/{name}.xml", host=host, tags=("un",))


def watch(database: Database, *specs: SourceSpec, at: datetime = NOW) -> list[SourceState]:
    """Makes these the watched sources and gives their states, in the order of the specs."""
    database.write_now(sync_sources, specs or (spec(),), at)
    with database.reading() as connection:
        states = {state.name: state for state in due_sources(connection, at, is_forced=True)}
    return [states[one.name] for one in specs or (spec(),)]


def seen(number: int = 1, *, host: str = "herald.example", url: str | None = None, title: str = "A title") -> EntrySeen:
    link = url or f"https://{host}/news/{number}"
    return EntrySeen(
        identity=f"guid-{number}",
        url=link + "?utm_source=rss",
        canonical_url=link,
        host=host,
        title=title,
        summary="A summary",
        published_at=NOW - HOUR,
        language="en",
        outlet="The Herald",
        content_hash=f"hash of {title}",
    )


def poll(source_id: int, *entries: EntrySeen, at: datetime = NOW, **changes: Any) -> PollOutcome:
    """A poll that went well; `changed` where it brought entries."""
    outcome = PollOutcome(
        source_id=source_id,
        polled_at=at,
        status="changed" if entries else "unchanged",
        next_due_at=at + HOUR,
        interval_seconds=3600,
        http_status=200,
        etag='"v1"',
        last_modified="Wed, 25 Nov 2026 06:00:00 GMT",
        content_hash="body",
        entries=entries,
        entries_in_last=len(entries),
    )
    return replace(outcome, **changes)


def failed(source_id: int, *, at: datetime = NOW, kind: str = "http-404", **changes: Any) -> PollOutcome:
    return PollOutcome(
        source_id=source_id,
        polled_at=at,
        status="failed",
        next_due_at=at + HOUR,
        interval_seconds=3600,
        http_status=404,
        error_kind=kind,
        error_text="The server says there is no such page.",
        **changes,
    )


def wait(database: Database, *entries: EntrySeen, source_name: str = "herald", at: datetime = NOW) -> None:
    """Stores entries that wait to be fetched."""
    state = watch(database, spec(source_name))[0]
    database.write_now(record_polls, [poll(state.id, *entries, at=at)])


def verdict(*, new: Band = "no", relevant: Band = "yes", topic: str = "crime-case") -> Verdict:
    chance = {"yes": 0.9, "maybe": 0.4, "no": 0.05}
    return Verdict(
        lang="en",
        relevance=chance[relevant],
        is_relevant=relevant == "yes",
        relevance_band=relevant,
        new_project_probability=chance[new],
        is_new_project=new == "yes",
        new_project_band=new,
        topic=topic,
    )


def reading(
    number: int = 1,
    *,
    entry_ids: tuple[int, ...] = (),
    url: str | None = None,
    title: str = "A title",
    text: str = "Some text.",
    outlet: str = "The Herald",
) -> ArticleReading:
    link = url or f"https://herald.example/news/{number}"
    return ArticleReading(
        entry_ids=entry_ids,
        url=link,
        canonical_url=link,
        title=title,
        text=text,
        language="en",
        outlet=outlet,
        published_at=NOW - HOUR,
        read_from="page",
    )


class KilledError(Exception):
    """Stands for the process dying just then."""


def write_and_die(database: Database, function: Callable[..., object], *arguments: Any, **named: Any) -> None:
    """Does database work and dies before its transaction is committed."""
    with database.writing() as connection:
        function(connection, *arguments, **named)
        raise KilledError


def add_project(
    connection: Connection, public_id: str, *, confirmed_at: datetime | None = NOW, merged_into_id: int | None = None
) -> int:
    """A project's bare row, as the register would make it; gives its internal id."""
    values: dict[str, Any] = {
        "public_id": public_id,
        "title": f"Project {public_id}",
        "sentence": "It will run for three years.",
        "language": "en",
        "band": "yes" if confirmed_at else "maybe",
        "confidence": 0.9,
        "first_seen_at": confirmed_at or NOW,
        "last_seen_at": confirmed_at or NOW,
        "confirmed_at": confirmed_at,
        "articles": 0,
        "facts": {},
        "merged_into_id": merged_into_id,
    }
    return int(connection.execute(insert(project).values(values).returning(project.c.id)).scalar_one())


def store_articles(
    connection: Connection, batch: Sequence[tuple[ArticleReading, Verdict]], now: datetime
) -> list[StoredAs]:
    """Stores readings with their verdicts that belong to no project or story."""
    return write_articles(connection, number_articles(connection, batch), now)
