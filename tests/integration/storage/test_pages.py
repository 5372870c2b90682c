"""Pages to fetch: which are next, which need no fetching, and what becomes of those that fail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import select

from storage.articles.pages import (
    PendingCounts,
    count_pending,
    list_parked,
    mark_done,
    pending_pages,
    record_page_failures,
    retry_parked,
)
from storage.database.engine import Database
from storage.records import PageFailure, PendingPage
from storage.sources.health import list_source_health
from storage.sources.sources import record_polls
from storage.tables.schema import entry
from tests.support.crawl_records import HOUR, NOW, poll, reading, seen, spec, store_articles, verdict, wait, watch


def pages(database: Database, *, limit: int = 100, **asked: object) -> list[PendingPage]:
    return database.write_now(pending_pages, NOW, limit=limit, **asked)  # type: ignore[arg-type]  # test shorthand


def fail(database: Database, page: PendingPage, *, retry_in: object = None) -> None:
    retry_at = None if retry_in is None else NOW + HOUR
    database.write_now(
        record_page_failures, [PageFailure(page.entry_ids, "timeout", "It took too long.", retry_at)], NOW
    )


def titles(found: Iterable[PendingPage]) -> list[str]:
    return [page.title for page in found]


def test_a_waiting_page_carries_all_that_its_entry_said(database: Database) -> None:
    wait(database, seen(1, title="News"))
    (page,) = pages(database)
    assert (page.title, page.summary, page.host, page.language) == ("News", "A summary", "herald.example", "en")
    assert page.url == "https://herald.example/news/1?utm_source=rss"
    assert page.canonical_url == "https://herald.example/news/1"
    assert (page.published_at, page.outlet, page.source_name) == (NOW - HOUR, "The Herald", "herald")
    assert page.attempts == 0


@pytest.mark.parametrize(
    ("name", "host", "outlet"),
    [
        ("Harbour Daily", "herald.example", "Harbour Daily"),
        ("Harbour Daily", "elsewhere.example", None),  # the source names the articles of others
        ("herald.example/feed.xml", "herald.example", None),  # its address, where nobody gave it a name
    ],
)
def test_a_page_of_no_stated_outlet_is_its_sources_where_that_has_a_name(
    database: Database, name: str, host: str, outlet: str | None
) -> None:
    wait(database, replace(seen(1, host=host), outlet=None), source_name=name)
    (page,) = pages(database)
    assert page.outlet == outlet


def test_hosts_take_turns(database: Database) -> None:
    entries = [
        seen(number, host=f"{host}.example", title=f"{host}{number % 10}")
        for host, numbers in {"a": (1, 2, 3), "b": (11, 12), "c": (21,)}.items()
        for number in numbers
    ]
    wait(database, *entries)
    assert titles(pages(database)) == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert titles(pages(database, limit=4)) == ["a1", "b1", "c1", "a2"]
    assert titles(pages(database, hosts=["b.example", "nowhere.example"])) == ["b1", "b2"]
    assert pages(database, hosts=[]) == []
    assert pages(database, limit=0) == []


def test_pages_in_flight_are_left_out_and_others_take_their_place(database: Database) -> None:
    wait(database, *(seen(number, title=str(number)) for number in (1, 2, 3)))
    first = pages(database, limit=2)
    assert titles(first) == ["1", "2"]
    in_flight = [id_ for page in first for id_ in page.entry_ids]
    assert titles(pages(database, limit=2, exclude_entry_ids=in_flight)) == ["3"]


def test_one_page_of_two_sources_is_fetched_once_under_the_first_seen(database: Database) -> None:
    herald, courier = watch(database, spec("herald"), spec("courier"))
    link = "https://herald.example/shared"
    database.write_now(record_polls, [poll(courier.id, seen(1, url=link, title="First"))])
    database.write_now(record_polls, [poll(herald.id, seen(2, url=link, title="Second"))])
    (page,) = pages(database)
    assert (page.title, page.source_name, len(page.entry_ids)) == ("First", "courier", 2)


def test_an_entry_whose_page_is_an_article_is_done_without_a_fetch(database: Database) -> None:
    wait(database, seen(1))
    (page,) = pages(database)
    database.write_now(store_articles, [(reading(1, entry_ids=page.entry_ids), verdict())], NOW)
    wait(database, seen(7, url=page.canonical_url))
    assert pages(database) == []
    with database.reading() as connection:
        assert connection.execute(select(entry.c.state, entry.c.article_id)).all() == [("done", 1), ("done", 1)]


def test_an_entry_that_came_while_its_page_was_stored_is_attached_when_its_turn_comes(database: Database) -> None:
    wait(database, seen(1), seen(2))
    database.write_now(store_articles, [(reading(1), verdict())], NOW)
    with database.writing() as connection:  # as if it had come from another machine in that moment
        connection.execute(entry.update().where(entry.c.identity == "guid-1").values(state="waiting", article_id=None))
    assert titles(pages(database)) == ["A title"]
    with database.reading() as connection:
        states = dict(connection.execute(select(entry.c.identity, entry.c.state)).all())
    assert states == {"guid-1": "done", "guid-2": "waiting"}


def test_marking_done_twice_counts_an_article_of_a_source_once(database: Database) -> None:
    wait(database, seen(1))
    (page,) = pages(database)
    database.write_now(store_articles, [(reading(1, entry_ids=page.entry_ids), verdict())], NOW)
    database.write_now(mark_done, dict.fromkeys(page.entry_ids, 1))
    with database.reading() as connection:
        assert [one.articles for one in list_source_health(connection, NOW)] == [1]


def test_a_page_to_be_tried_again_waits_for_its_time(database: Database) -> None:
    wait(database, seen(1))
    fail(database, pages(database)[0], retry_in=HOUR)
    assert pages(database) == []
    with database.reading() as connection:
        assert count_pending(connection, NOW) == PendingCounts(waiting=0, delayed=1, parked=0)
        assert count_pending(connection, NOW + HOUR) == PendingCounts(waiting=1, delayed=0, parked=0)
    (page,) = database.write_now(pending_pages, NOW + HOUR, limit=1)
    assert page.attempts == 1


def test_a_delayed_page_does_not_hide_those_behind_it(database: Database) -> None:
    wait(database, *(seen(number, title=str(number)) for number in (1, 2, 3)))
    fail(database, pages(database)[0], retry_in=HOUR)
    assert titles(pages(database)) == ["2", "3"]


def test_a_parked_page_is_kept_with_its_reason_and_can_be_tried_again(database: Database) -> None:
    wait(database, seen(1, title="Hard"), seen(2, title="Easy"))
    fail(database, pages(database)[0])
    assert titles(pages(database)) == ["Easy"]
    with database.reading() as connection:
        (parked,) = list_parked(connection)
        assert count_pending(connection, NOW) == PendingCounts(waiting=1, delayed=0, parked=1)
    assert (parked.title, parked.error_kind, parked.error_text) == ("Hard", "timeout", "It took too long.")
    assert (parked.source_name, parked.attempts, parked.parked_at) == ("herald", 1, NOW)

    assert database.write_now(retry_parked, NOW, error_kind="http-404") == 0
    assert database.write_now(retry_parked, NOW, entry_ids=[parked.id + 1]) == 0
    assert database.write_now(retry_parked, NOW, entry_ids=[parked.id]) == 1
    assert sorted(titles(pages(database))) == ["Easy", "Hard"]
    assert {page.attempts for page in pages(database)} == {0}


def test_a_failure_told_after_the_page_was_stored_changes_nothing(database: Database) -> None:
    wait(database, seen(1))
    (page,) = pages(database)
    database.write_now(store_articles, [(reading(1, entry_ids=page.entry_ids), verdict())], NOW)
    fail(database, page)
    with database.reading() as connection:
        assert connection.execute(select(entry.c.state)).scalars().all() == ["done"]
