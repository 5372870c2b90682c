"""A machine without space, without file descriptors, with a clock that jumps: told in words, and all comes right when
the machine does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.service import deliver_due
from alerts.settings import MailSettings, SubscriptionSettings
from crawler.pages import read as read_page
from storage.articles.pages import pending_pages, record_page_failures
from storage.clock import forget_future
from storage.database.engine import Database
from storage.database.errors import StorageError
from storage.digests.digests import list_digests
from storage.records import PageFailure
from storage.sources.sources import due_sources, record_polls
from storage.tables.schema import article, entry
from tests.support.announcing import crawl, stopped_at, tell
from tests.support.crawl_records import poll, seen, spec, watch
from tests.support.farm import HEALTHY, farm
from tests.support.newsroom_pages import WordJudge
from tests.support.program import Program, read_left
from tests.support.sites import Answer, Seen, site
from tests.support.small_site import World, page, publish

pytestmark = pytest.mark.slow

# --- space ------------------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size_bytes: int) -> Iterator[Path]:
    """A file system of so many bytes."""
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


FREE_BYTES = (0, 500_000)
"""Left on the disk: not even for the log; for the tables and some of the work."""


async def on_a_full_disk(folder: Path, free_bytes: int) -> None:
    async with farm(folder / "farm") as one:
        program = Program(folder)
        program.data = folder / "disk"
        program.database_url = f"sqlite:///{program.data / 'tipwatch.sqlite3'}"
        program.configure(
            one.sources,
            crawler={"hosts": one.hosts, "workers": 1},
            data="disk",
            subscriptions=[
                {"name": "morning", "recipients": ["ana@example.org"], "time": "00:00", "send_empty": False}
            ],
        )
        ballast = program.data / "ballast"
        ballast.write_bytes(bytes(8_000_000 - free_bytes))
        full = await program.run("run", "--once")
        assert full.code in (0, 1, 2)
        assert "Traceback" not in full.out + full.err
        if free_bytes < 500_000:
            assert full.code == 2
            assert "space" in full.err or "cannot be" in full.err
        ballast.unlink()
        again = await program.run("run", "--once")
        assert again.code == 0, again.err
        with program.database() as database:
            left = read_left(database)
    assert {name: len(left[name].articles) for name in HEALTHY} == dict.fromkeys(HEALTHY, 3)
    assert len(list((program.data / "outbox").glob("*.eml"))) == 1
    connection = sqlite3.connect(program.data / "tipwatch.sqlite3")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


@pytest.mark.parametrize("free_bytes", FREE_BYTES)
def test_a_full_disk_is_told_and_nothing_is_lost_once_there_is_space(tmp_path: Path, free_bytes: int) -> None:
    with small_disk(tmp_path / "disk", 8_000_000):
        asyncio.run(on_a_full_disk(tmp_path, free_bytes))


# --- file descriptors -------------------------------------------------------------------------------------------------


async def with_few_descriptors(folder: Path, limit: int) -> None:
    async with farm(folder / "farm") as one:
        program = Program(folder)
        program.configure(one.sources, crawler={"hosts": one.hosts, "workers": 1})
        process = await asyncio.create_subprocess_exec(
            "sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh",
            sys.executable, "-m", "tipwatch", "--config", str(program.config), "crawl",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await asyncio.wait_for(process.communicate(), 120)
        said = (out + err).decode()
        assert process.returncode in (0, 1, 2), said
        assert "Traceback" not in said
        assert process.returncode == 0 or len(said.strip().splitlines()[-1]) > 10  # a reason
        again = await program.run("crawl", "--force")
        with program.database() as database:
            left = read_left(database)
    assert again.code == 0
    assert {name: left[name].health.error_kind for name in HEALTHY} == dict.fromkeys(HEALTHY)
    assert {name: len(left[name].articles) for name in HEALTHY} == dict.fromkeys(HEALTHY, 3)


@pytest.mark.parametrize("limit", [12, 20])
def test_without_file_descriptors_a_crawl_ends_with_a_reason_and_loses_nothing(tmp_path: Path, limit: int) -> None:
    asyncio.run(with_few_descriptors(tmp_path, limit))


# --- the database's server --------------------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_server_that_cuts_every_connection_costs_a_crawl_and_nothing_else(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setattr(read_page, "_judge", WordJudge())
    cuts = [True]

    def cut(seen: Seen) -> Answer:
        if cuts:
            cuts.pop()
            with psycopg.connect(database_url, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        return page(1)

    async with site() as server:
        publish(server, *range(6))
        server.routes["/news/1"] = cut
        with Database.open(database_url) as database:
            world = World(database, [server.url("/feed")])
            with contextlib.suppress(StorageError):
                await world.crawl(is_forced=True)
            assert cuts == []
            await world.crawl(is_forced=True)
            assert world.count(article) == world.count(entry, state="done") == 6


# --- time -------------------------------------------------------------------------------------------------------------


def subscribe(zone: str, time: str) -> SubscriptionSettings:
    return SubscriptionSettings.model_validate(
        {"name": "night", "recipients": ["ana@example.org"], "time": time, "timezone": zone, "send_empty": True}
    )


async def walk(folder: Path, subscription: SubscriptionSettings, moments: list[datetime]) -> list[str]:
    """The slots of the digests that are made when the program looks at these moments, in their order."""
    with Database.open(f"sqlite:///{folder / 'tipwatch.sqlite3'}") as database:
        crawl(database, moments[0])
        for now in moments:
            await deliver_due(
                database,
                [subscription],
                MailSettings(folder=str(folder / "outbox")),
                clock=stopped_at(now),
            )
        with database.reading() as connection:
            return sorted(one.slot_key for one in list_digests(connection, limit=1_000))


def hourly(start: str, days: int, zone: str) -> list[datetime]:
    began = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return [began + timedelta(minutes=30 * step) for step in range(days * 48)]


@pytest.mark.parametrize(
    ("zone", "time", "start", "days"),
    [
        ("Europe/Vienna", "02:30", "2026-03-28T12:00", 2),  # 02:30 does not exist on the 29th
        ("Europe/Vienna", "02:30", "2026-10-24T12:00", 2),  # happens twice on the 25th
        ("America/New_York", "02:30", "2026-03-07T12:00", 2),
        ("America/New_York", "01:30", "2026-10-31T12:00", 2),
        ("Australia/Lord_Howe", "02:00", "2026-04-04T12:00", 2),  # half an hour
        ("Africa/Casablanca", "02:30", "2026-02-14T12:00", 2),  # Ramadan begins
        ("UTC", "07:00", "2028-02-28T12:00", 2),  # a leap day
        ("UTC", "00:00", "2026-12-31T12:00", 2),
    ],
)
async def test_a_day_has_one_digest_whatever_the_clocks_do(
    tmp_path: Path, zone: str, time: str, start: str, days: int
) -> None:
    slots = await walk(tmp_path, subscribe(zone, time), hourly(start, days, zone))
    assert Counter(slots).most_common(1)[0][1] == 1
    begin = datetime.fromisoformat(start).date()
    wanted = [str(begin + timedelta(days=day)) for day in range(days + 1)]
    assert slots[-days:] == wanted[-days:] or slots[-days:] == wanted[:days]


async def test_a_clock_that_jumps_sends_nothing_twice_and_loses_nothing(tmp_path: Path) -> None:
    morning = datetime(2026, 11, 25, 8, tzinfo=UTC)
    subscription = subscribe("UTC", "07:00")
    with Database.open(f"sqlite:///{tmp_path / 'tipwatch.sqlite3'}") as database:
        mails: list[Any] = []

        async def look(at: datetime) -> int:
            summary = await deliver_due(
                database, [subscription], MailSettings(folder=str(tmp_path / "outbox")), clock=lambda: at
            )
            mails.extend(summary.digests)
            return sum(one.new_projects for one in summary.digests)

        tell(database, "Safe Harbour", "FJ", at=morning - timedelta(hours=3))
        assert await look(morning) == 1
        assert await look(morning - timedelta(days=2)) == 0  # set back
        tell(database, "Mountain Watch", "NP", at=morning - timedelta(days=2))  # found under the wrong clock
        assert await look(morning + timedelta(minutes=5)) == 0
        assert await look(morning + timedelta(days=1)) == 1
        tell(database, "River Light", "KE", at=morning + timedelta(days=1, hours=1))
        assert await look(morning + timedelta(days=400)) == 1  # set far ahead
        tell(database, "Stone Bridge", "PE", at=morning + timedelta(days=1, hours=2))
        assert await look(morning + timedelta(days=2)) == 1  # and back again: the next day has its digest
        assert await look(morning + timedelta(days=2, hours=1)) == 0
        tell(database, "Far Shore", "GH", at=morning + timedelta(days=2, hours=2))
        assert await look(morning + timedelta(days=3)) == 1
    assert len({made.slot_key for made in mails}) == len(mails)


def test_what_a_wrong_clock_put_off_for_years_is_due_when_the_clock_is_right(database_url: str) -> None:
    now = datetime(2026, 11, 25, 8, tzinfo=UTC)
    wrong = now + timedelta(days=4_000)
    with Database.open(database_url) as database:
        one, other = watch(database, spec("one"), spec("other"), at=now - timedelta(days=9))
        outcomes = [
            poll(one.id, seen(1), seen(2), at=wrong, next_due_at=wrong + timedelta(days=1)),
            poll(other.id, at=now - timedelta(hours=3), next_due_at=now + timedelta(days=1), interval_seconds=86_400),
        ]
        database.write_now(record_polls, outcomes)
        first, second = sorted(database.write_now(pending_pages, wrong, limit=9), key=lambda page: page.entry_ids)
        failures = [
            PageFailure(first.entry_ids, "timeout", "wrong clock", wrong + timedelta(hours=1)),
            PageFailure(second.entry_ids, "timeout", "right clock", now + timedelta(hours=12)),
        ]
        database.write_now(record_page_failures, failures, wrong)
        assert database.write_now(forget_future, now) == 2
        with database.reading() as connection:
            assert [state.name for state in due_sources(connection, now)] == ["one"]
        assert [page.entry_ids for page in database.write_now(pending_pages, now, limit=9)] == [first.entry_ids]
        assert database.write_now(forget_future, now) == 0
