"""No question of the daily round may read more than it answers: each goes by an index, whatever is stored.

The statements are those the functions really send, caught on their way and explained by the database itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from storage.articles.articles import ArticleFilter, list_articles
from storage.articles.pages import count_pending, list_parked_between, pending_pages, record_page_failures
from storage.database.engine import Database
from storage.digests.announcements import maybe_articles, other_stories, stream_updates, unannounced_ids
from storage.digests.digests import delivery_counts, last_slot
from storage.digests.outbox import FrozenDelivery, claim_digest, finish_delivery, freeze_digest, lease_delivery
from storage.records import PageFailure
from storage.search.search import find
from storage.sources.sources import due_sources, known_entries, record_polls
from tests.support.crawl_records import DAY, NOW, failed, poll, reading, seen, spec, store_articles, verdict, watch

# Small by nature, or read whole because all of it is asked for; all others must be searched.
SMALL = {"source", "counter", "daemon", "hosts", "turn", "family", "way", "ids"}


def statements_of(connection: Connection, work: Callable[[Connection], object]) -> list[tuple[str, Any]]:
    sent: list[tuple[str, Any]] = []

    def note(
        _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool
    ) -> None:
        sent.append((statement, parameters[0] if many else parameters))

    event.listen(connection.engine, "before_cursor_execute", note)
    try:
        work(connection)
    finally:
        event.remove(connection.engine, "before_cursor_execute", note)
    return [pair for pair in sent if not pair[0].startswith(("BEGIN", "PRAGMA", "SET"))]


def scans(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """Lines of the plan that read a table or an index from end to end, small ones and partial indexes aside."""
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    found = []
    for line in (row[-1] for row in plan):
        words = line.split()
        if words[0] != "SCAN" or words[1] in SMALL or "VIRTUAL TABLE" in line or "CONSTANT" in line or "VALUES" in line:
            continue
        index = words[words.index("INDEX") + 1] if "INDEX" in words else None
        if index is not None and is_partial(connection, index):
            continue  # its rows are those to be done
        is_sorted_first = any("TEMP B-TREE" in row[-1] for row in plan)
        if index is not None and "LIMIT" in statement and not is_sorted_first:
            continue  # read in the order asked for, until there are enough
        if "SUBQUERY" in line or words[1].startswith("("):
            continue
        found.append(line)
    return found


def is_partial(connection: Connection, index: str) -> bool:
    sql = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": index}).scalar()
    return sql is not None and " WHERE " in sql


def poll_round(connection: Connection) -> None:
    outcomes = [poll(1), poll(2, seen(7)), failed(3)]
    record_polls(connection, outcomes)
    record_polls(connection, [poll(2, seen(7, title="Touched up"))])


def delivery_round(connection: Connection) -> None:
    digest_id = claim_digest(connection, "m", "1", NOW, period=(NOW - DAY, NOW), now=NOW)
    messages = [FrozenDelivery("ana@example.org", "<1>", b"x")]
    freeze_digest(connection, digest_id or 0, summary={}, deliveries=messages, now=NOW)
    leased = lease_delivery(connection, NOW, lease_seconds=60)
    assert leased is not None
    finish_delivery(connection, leased.id, attempts=1, result="sent", error=None, retry_at=None, now=NOW)


SPAN: Any = {"since_at": NOW - DAY, "until_at": NOW}
DAILY: dict[str, Callable[[Connection], object]] = {
    "due_sources": lambda c: due_sources(c, NOW),
    "due_sources of hosts": lambda c: due_sources(c, NOW, hosts=["herald.example"]),
    "known_entries": lambda c: known_entries(c, 1, ["guid-1", "guid-2"]),
    "record_polls": poll_round,
    "pending_pages": lambda c: pending_pages(c, NOW, limit=10),
    "pending_pages of hosts": lambda c: pending_pages(c, NOW, limit=10, hosts=["herald.example"]),
    "record_page_failures": lambda c: record_page_failures(c, [PageFailure((1, 2), "timeout", "", NOW)], NOW),
    "list_parked_between": lambda c: list_parked_between(c, limit=10, **SPAN),
    "count_pending": lambda c: count_pending(c, NOW),
    "store_articles": lambda c: store_articles(c, [(reading(1, entry_ids=(1,)), verdict())], NOW),
    "list_articles": list_articles,
    "list relevant articles": lambda c: list_articles(c, ArticleFilter(is_relevant=True)),
    "list doubtful articles": lambda c: list_articles(c, ArticleFilter(band="maybe")),
    "find_articles": lambda c: find(c, "article_search", "shelter"),
    "last_slot": lambda c: last_slot(c, "m"),
    "deliveries": delivery_round,
    "delivery_counts": delivery_counts,
    "unannounced_ids": lambda c: unannounced_ids(c, "m", **SPAN),
    "stream_updates": lambda c: list(stream_updates(c, "m", **SPAN)),
    "maybe_articles": lambda c: maybe_articles(c, **SPAN),
    "other_stories": lambda c: other_stories(c, **SPAN),
}


@pytest.mark.parametrize("question", DAILY)
def test_the_daily_round_reads_only_what_it_needs(tmp_path: Any, question: str) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'data.sqlite3'}") as database:
        watch(database, *(spec(name) for name in "abc"))
        database.write_now(record_polls, [poll(1, *(seen(number) for number in range(20, 40)))])
        with database.writing() as connection:
            sent = statements_of(connection, DAILY[question])
            assert sent
            selects = [pair for pair in sent if not pair[0].lstrip().startswith("INSERT")]
            assert [line for pair in selects for line in scans(connection, *pair)] == []


def test_a_question_without_an_index_would_be_noticed(tmp_path: Any) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'data.sqlite3'}") as database, database.writing() as connection:
        assert scans(connection, "SELECT * FROM entry WHERE title = ?", ("x",)) == ["SCAN entry"]
