"""What a source says from visit to visit: distinct entries stay distinct though they come one after the other under one
guid or one link, and a headline that is touched up stays one entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import pytest
from sqlalchemy import select

from storage.articles.made_address import is_made
from storage.database.engine import Database
from storage.records import LEAST_PROSE, EntrySeen
from storage.sources.sources import record_polls
from storage.tables.schema import entry
from tests.support.crawl_records import HOUR, NOW, poll, reading, seen, store_articles, verdict, watch

PROSE = "The agency has launched a project, officials said on Monday. " * (LEAST_PROSE // 60 + 1)
LATEST = "https://herald.example/latest"


def told(number: int, link: str, **changes: Any) -> EntrySeen:
    """An entry with prose of its own."""
    return replace(seen(number, url=link, title=f"Story {number}"), summary=f"{number}. {PROSE}", **changes)


def visit(database: Database, *visits: EntrySeen, is_read: bool = False) -> Sequence[Any]:
    """The entries stored when each visit of a source finds one; `is_read`: the page of the first is read then."""
    (herald,) = watch(database)
    for hours, one in enumerate(visits):
        database.write_now(record_polls, [poll(herald.id, one, at=NOW + hours * HOUR)])
        if is_read and not hours:
            database.write_now(store_articles, [(reading(1, entry_ids=(1,), url=one.canonical_url), verdict())], NOW)
    with database.reading() as connection:
        return connection.execute(select(entry).order_by(entry.c.id)).all()


@pytest.mark.parametrize("is_read", [False, True])
def test_a_link_that_is_given_to_one_entry_after_another_is_the_page_of_none_but_the_first(
    database: Database, is_read: bool
) -> None:
    rows = visit(database, *(told(number, LATEST) for number in (1, 2, 3)), is_read=is_read)
    assert [is_made(row.canonical_url) for row in rows] == [False, True, True]
    assert len({row.canonical_url for row in rows}) == 3
    assert [row.state for row in rows[1:]] == ["waiting", "waiting"]
    assert {row.url.partition("?")[0] for row in rows} == {LATEST}


@pytest.mark.parametrize("is_read", [False, True])
@pytest.mark.parametrize("changes", [{}, {"summary": "Touched up.", "content_hash": "another"}])
def test_an_entry_under_another_guid_that_says_the_same_or_no_more_is_one_with_the_first(
    database: Database, is_read: bool, changes: dict[str, Any]
) -> None:
    first = told(1, LATEST)
    rows = visit(database, first, replace(first, identity="guid-1b", **changes), is_read=is_read)
    assert len(rows) == 2
    assert len({(row.canonical_url, row.state, row.article_id) for row in rows}) == 1


def test_a_guid_that_is_given_to_one_entry_after_another_identifies_none_of_them(database: Database) -> None:
    visits = [told(number, f"https://herald.example/{number}", identity="1") for number in (1, 2, 3, 2, 1, 3)]
    rows = visit(database, *visits)
    assert [row.title for row in rows] == ["Story 1", "Story 2", "Story 3"]
    assert [row.canonical_url for row in rows] == [f"https://herald.example/{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "changes", [{"title": "A better title", "content_hash": "another"}, {"canonical_url": "https://herald.example/new"}]
)
def test_an_entry_that_is_retitled_or_moved_stays_one(database: Database, changes: dict[str, Any]) -> None:
    first = told(1, "https://herald.example/1")
    (row,) = visit(database, first, replace(first, **changes))
    assert row.canonical_url == first.canonical_url


@pytest.mark.parametrize("read_from", ["summary", "page"])
def test_words_that_come_after_their_headline_are_an_article_where_nothing_else_is(
    database: Database, read_from: Literal["summary", "page"]
) -> None:
    whole = told(1, LATEST)
    headline = replace(whole, summary="", content_hash="headline")
    (herald,) = watch(database)
    database.write_now(record_polls, [poll(herald.id, headline)])
    first = replace(reading(1, entry_ids=(1,), url=LATEST), read_from=read_from)
    database.write_now(store_articles, [(first, verdict())], NOW)
    for hours in (1, 2):
        edited = replace(whole, summary=f"{whole.summary} Edited.", content_hash="edited")
        database.write_now(record_polls, [poll(herald.id, edited if hours == 2 else whole, at=NOW + hours * HOUR)])
    with database.reading() as connection:
        rows = connection.execute(select(entry).order_by(entry.c.id)).all()
    assert [row.state for row in rows] == (["done", "waiting"] if read_from == "summary" else ["done"])
    assert all(is_made(row.canonical_url) and row.summary == whole.summary for row in rows[1:])
