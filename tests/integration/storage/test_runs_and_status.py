"""Runs noted, and everything an operator asks in one look."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime

import pytest
from sqlalchemy import func, select

from storage import runs
from storage.articles.pages import pending_pages, record_page_failures
from storage.database.engine import Database
from storage.digests.outbox import FrozenDelivery, claim_digest, finish_delivery, freeze_digest, lease_delivery
from storage.records import PageFailure
from storage.runs import finish_run, last_run, start_run
from storage.sources.sources import record_polls
from storage.status import read_status
from storage.tables.schema import run
from tests.support.crawl_records import (
    DAY,
    HOUR,
    NOW,
    add_project,
    failed,
    poll,
    reading,
    seen,
    spec,
    store_articles,
    verdict,
    watch,
)


def test_a_run_is_noted_with_its_end_and_summary(database: Database) -> None:
    run_id = database.write_now(start_run, "crawl", NOW)
    with database.reading() as connection:
        assert last_run(connection, "crawl") is None
        going = last_run(connection, "crawl", is_finished=False)
    assert going is not None
    assert (going.outcome, going.pid) == (None, os.getpid())
    database.write_now(finish_run, run_id, outcome="done", summary={"pages": 3}, now=NOW + HOUR)
    with database.reading() as connection:
        done = last_run(connection, "crawl")
        assert last_run(connection, "digest") is None
    assert done is not None
    assert (done.outcome, done.summary, done.finished_at) == ("done", {"pages": 3}, NOW + HOUR)


def test_a_run_whose_process_died_is_interrupted_when_the_next_begins(database: Database) -> None:
    database.write_now(start_run, "crawl", NOW)
    database.write_now(start_run, "crawl", NOW + HOUR)  # of another host, beside it
    with database.reading() as connection:
        assert last_run(connection, "crawl") is None
    database.write_now(start_run, "crawl", NOW + 2 * HOUR, is_only=True)
    with database.reading() as connection:
        dead = last_run(connection, "crawl")
        going = last_run(connection, "crawl", is_finished=False)
    assert dead is not None
    assert going is not None
    assert (dead.started_at, dead.finished_at, dead.outcome) == (NOW + HOUR, NOW + 2 * HOUR, None)
    assert (going.started_at, going.finished_at) == (NOW + 2 * HOUR, None)


def test_old_runs_are_forgotten(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "KEPT_RUNS", 3)
    for _ in range(10):
        database.write_now(start_run, "crawl", NOW)
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(run)).scalar_one() == 3


def test_the_status_of_an_empty_database_is_empty(database: Database) -> None:
    with database.reading() as connection:
        status = read_status(connection, NOW)
    assert (status.totals.articles, status.sources, status.ailing) == (0, {}, ())
    assert (status.last_crawl, status.daemon, status.digests) == (None, None, ())
    json.dumps(asdict(status), default=datetime.isoformat)


def test_the_status_tells_all_an_operator_asks_first(database: Database) -> None:
    herald, courier, _ = watch(database, spec("herald"), spec("courier"), spec("blog"))
    run_id = database.write_now(start_run, "crawl", NOW - HOUR)
    entries = [seen(number) for number in range(1, 6)]
    database.write_now(record_polls, [poll(herald.id, *entries), failed(courier.id, at=NOW - 2 * DAY)])
    pages = database.write_now(pending_pages, NOW, limit=3)
    judged = [verdict(new="yes"), verdict(new="maybe"), verdict(relevant="no")]
    batch = [(reading(n + 1, entry_ids=page.entry_ids), judged[n]) for n, page in enumerate(pages)]
    database.write_now(store_articles, batch, NOW)
    four, _ = database.write_now(pending_pages, NOW, limit=2)
    database.write_now(record_page_failures, [PageFailure(four.entry_ids, "timeout", "Slow.", None)], NOW)
    with database.writing() as connection:
        first = add_project(connection, "P-AAAAAA")
        add_project(connection, "P-BBBBBB", merged_into_id=first)
    database.write_now(finish_run, run_id, outcome="done", summary={"pages": 3}, now=NOW)
    database.write_now(start_run, "crawl", NOW)
    digest_id = database.write_now(claim_digest, "morning", "1", NOW, period=(NOW - DAY, NOW), now=NOW)
    messages = [FrozenDelivery(f"{name}@example.org", f"<{name}>", b"x") for name in ("ana", "ben")]
    database.write_now(freeze_digest, digest_id or 0, summary={}, deliveries=messages, now=NOW)
    ana = database.write_now(lease_delivery, NOW, lease_seconds=60)
    assert ana is not None
    database.write_now(
        finish_delivery, ana.id, attempts=1, result="failed", error="550 unknown", retry_at=None, now=NOW
    )

    with database.reading() as connection:
        status = read_status(connection, NOW)
    assert (status.totals.entries, status.totals.articles, status.totals.relevant, status.totals.maybe) == (5, 3, 2, 1)
    assert status.totals.projects == 1
    assert (status.pending.waiting, status.pending.parked) == (1, 1)
    assert status.sources == {"ok": 1, "broken": 1, "never-polled": 1}
    assert [one.name for one in status.ailing] == ["courier"]
    assert status.last_crawl is not None
    assert status.last_crawl.summary == {"pages": 3}
    assert status.running_crawl is not None
    assert [one.state for one in status.digests] == ["rendered"]
    assert status.unfinished_digests == 1
    assert status.deliveries == {"pending": 1, "sending": 0, "sent": 0, "failed": 1}
    assert [one.error for one in status.failed_deliveries] == ["550 unknown"]
    told = json.loads(json.dumps(asdict(status), default=datetime.isoformat))
    assert told["at"] == "2026-11-25T07:00:00+00:00"
    assert told["ailing"][0]["name"] == "courier"
