"""A fault of our own code is kept to the one thing it befalls, told in words, logged with its traceback, and passes
when the code is mended."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from alerts.digest.compose import compose_now
from alerts.service import DeliverySummary, deliver_due
from alerts.settings import MailSettings, SubscriptionSettings
from crawler.pages import read as read_page
from crawler.pages.records import PassedPage
from storage.articles.pages import list_parked, retry_parked
from storage.database.engine import Database
from storage.register.registration import register_articles
from storage.sources.health import list_source_health
from storage.sources.sources import due_sources, record_polls
from storage.status import read_status
from storage.tables.schema import article, entry
from tests.support.announcing import MORNING, subscribe, tell
from tests.support.newsroom_pages import WordJudge
from tests.support.sites import Site, site
from tests.support.small_site import World, publish
from tests.support.watch import InlinePool
from tipwatch.cli.status_needs import needs_of


@pytest.fixture(autouse=True)
def judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_page, "_judge", WordJudge())


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as one:
        publish(one, 1, 2, 3)
        one.routes["/other"] = one.routes["/feed"]
        yield one


def stumbling(word: str) -> Callable[[Any], None]:
    """Reads everything but that in which `word` stands, as a library does that meets what it was not made for."""

    def before(given: Any) -> None:
        for one in given if isinstance(given, list) else [given]:
            if word in (one.reading.url if isinstance(one, PassedPage) else one.url):
                raise IndexError("list index out of range")

    return before


def parked(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(one.url.rpartition("/")[2], one.error_kind) for one in list_parked(connection)]


def errors(database: Database, world: World) -> dict[str, str | None]:
    with database.reading() as connection:
        return {one.url.rpartition("/")[2]: one.error_kind for one in list_source_health(connection, world.now)}


async def test_a_page_that_our_reading_stumbles_over_is_parked_alone_and_can_be_tried_again(
    server: Site, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(database, [server.url("/feed")])
    with caplog.at_level(logging.ERROR):
        summary = await world.crawl(pool=InlinePool(stumbling("/news/2")))
    assert (summary.pages, summary.parked) == (2, 1)
    assert parked(database) == [("2", "fault")]
    with database.reading() as connection:
        (one,) = list_parked(connection)
    assert one.error_text == (
        "an internal error in tipwatch (IndexError: list index out of range); please report it with the log"
    )
    (record,) = [record for record in caplog.records if record.exc_info]
    assert server.url("/news/2") in record.__dict__["what"]
    with database.reading() as connection:
        told = list(needs_of(read_status(connection, world.now), None, (), world.now))
    assert told == [
        "1 page parked: see `tipwatch parked list`",
        "1 of them because of an internal error: please report it with the log",
    ]
    assert (await world.crawl(is_forced=True)).pages == 0  # it does not befall every crawl after it
    assert database.write_now(retry_parked, world.now, error_kind="fault") == 1
    assert (await world.crawl(is_forced=True)).pages == 1
    assert world.count(article) == 3


async def test_a_feed_that_our_reading_stumbles_over_fails_alone(server: Site, database: Database) -> None:
    world = World(database, [server.url("/other"), server.url("/feed")])
    summary = await world.crawl(pool=InlinePool(stumbling("/other")))
    assert [(one.name.rpartition("/")[2], one.kind) for one in summary.failed_sources] == [("other", "fault")]
    assert (summary.changed, summary.pages) == (1, 3)
    assert (await world.crawl(is_forced=True)).failed == 0


async def test_an_article_that_the_register_stumbles_over_is_parked_alone(
    server: Site, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def register(connection: Any, batch: Any, now: Any) -> Any:
        done = register_articles(connection, batch, now)
        if any(reading.url.endswith("/news/2") for reading, _ in batch):
            raise KeyError("amount")
        return done

    world = World(database, [server.url("/feed")])
    with monkeypatch.context() as patch:
        patch.setattr("crawler.pages.store.register_articles", register)
        summary = await world.crawl()
    assert (summary.pages, summary.parked) == (2, 1)
    assert parked(database) == [("2", "fault")]
    assert world.count(article) == 2
    database.write_now(retry_parked, world.now)
    assert (await world.crawl(is_forced=True)).pages == 1
    assert world.count(article) == world.count(entry, state="done") == 3


async def test_news_that_cannot_be_stored_fail_their_source_alone_and_come_again(
    server: Site, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(database, [server.url("/other"), server.url("/feed")])

    def record(connection: Any, outcomes: Any) -> int:
        with database.reading() as reading:
            ids = {one.url.rpartition("/")[2]: one.id for one in due_sources(reading, world.now, is_forced=True)}
        if any(one.source_id == ids["other"] and one.entries for one in outcomes):
            raise OverflowError("a number too large")
        return record_polls(connection, outcomes)

    with monkeypatch.context() as patch:
        patch.setattr("crawler.sources.recorder.record_polls", record)
        summary = await world.crawl()
    assert (summary.entries, summary.pages) == (3, 3)
    assert errors(database, world) == {"feed": None, "other": "fault"}
    assert (await world.crawl(is_forced=True)).entries == 3
    assert errors(database, world) == {"feed": None, "other": None}
    with database.reading() as connection:
        assert {row.state for row in connection.execute(select(entry))} == {"done"}


async def test_a_digest_that_cannot_be_made_keeps_back_no_other_and_comes_when_it_can(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    subscriptions = [subscribe(name=name, recipients=[f"{name}@example.org"]) for name in ("first", "second")]

    async def deliver_all(at: datetime) -> DeliverySummary:
        return await deliver_due(
            database, subscriptions, MailSettings(folder=str(tmp_path / "outbox")), clock=lambda: at
        )

    def compose(connection: Connection, subscription: SubscriptionSettings, *args: Any) -> Any:
        if subscription.name == "first":
            raise ZeroDivisionError("a share of nothing")
        return compose_now(connection, subscription, *args)

    with monkeypatch.context() as patch:
        patch.setattr("alerts.digest.build.compose_now", compose)
        summary = await deliver_all(MORNING)
    assert [(one.subscription, one.new_projects) for one in summary.digests] == [("second", 1)]
    assert summary.deliveries.sent == 1
    assert summary.needs_a_person
    assert summary.faults == (
        "the digest first cannot be made (ZeroDivisionError: a share of nothing); the log has the details",
    )
    assert [record for record in caplog.records if record.exc_info]
    again = await deliver_all(MORNING + timedelta(minutes=5))
    assert [(one.subscription, one.new_projects) for one in again.digests] == [("first", 1)]
    assert not again.needs_a_person


@pytest.mark.parametrize("failing", ["summarise_week", "compose_now"])
async def test_a_digest_that_cannot_be_made_keeps_back_no_other_of_its_subscription(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    subscription = subscribe(weekly_summary=f"{MORNING:%a}".lower())

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise ZeroDivisionError("a share of nothing")

    monkeypatch.setattr(f"alerts.digest.build.{failing}", fail)
    summary = await deliver_due(
        database, [subscription], MailSettings(folder=str(tmp_path / "outbox")), clock=lambda: MORNING
    )
    [made] = summary.digests
    assert (made.new_projects, "W" in made.slot_key) == (1, failing == "compose_now")
    assert len(summary.faults) == 1
    assert summary.deliveries.sent == 2
