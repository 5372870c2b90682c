"""What is watched, what polls leave, and which entries are news."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.articles.pages import count_pending
from storage.database.engine import Database
from storage.records import SourceState
from storage.sources.health import list_source_health
from storage.sources.sources import due_sources, known_entries, record_polls, sync_sources
from storage.tables.schema import entry, source
from tests.support.crawl_records import DAY, HOUR, NOW, KilledError, failed, poll, seen, spec, watch, write_and_die


def state_of(database: Database, name: str = "herald") -> SourceState:
    with database.reading() as connection:
        return next(one for one in due_sources(connection, NOW, is_forced=True) if one.name == name)


def test_a_new_source_is_due_at_once(database: Database) -> None:
    watch(database, spec("herald"), spec("courier"))
    with database.reading() as connection:
        assert [one.name for one in due_sources(connection, NOW)] == ["herald", "courier"]
        assert due_sources(connection, NOW - timedelta(seconds=1)) == []


def test_a_source_is_due_again_when_its_poll_said(database: Database) -> None:
    (herald,) = watch(database)
    database.write_now(record_polls, [poll(herald.id)])
    with database.reading() as connection:
        assert due_sources(connection, NOW + HOUR - timedelta(seconds=1)) == []
        assert [one.name for one in due_sources(connection, NOW + HOUR)] == ["herald"]
        assert [one.name for one in due_sources(connection, NOW, is_forced=True)] == ["herald"]


def test_due_sources_can_be_limited_to_names_and_hosts(database: Database) -> None:
    watch(database, spec("herald"), spec("courier", host="courier.example"), spec("blog"))
    with database.reading() as connection:
        assert [one.name for one in due_sources(connection, NOW, names=["blog", "courier"])] == ["courier", "blog"]
        assert [one.name for one in due_sources(connection, NOW, hosts=["herald.example"])] == ["herald", "blog"]
        assert due_sources(connection, NOW, names=[]) == []


def test_a_source_no_longer_configured_is_kept_but_not_polled(database: Database) -> None:
    (herald,) = watch(database)
    database.write_now(record_polls, [poll(herald.id, seen(1))])
    watch(database, spec("courier"))
    with database.reading() as connection:
        assert [one.name for one in due_sources(connection, NOW + DAY)] == ["courier"]
        assert {one.name: one.is_active for one in list_source_health(connection, NOW)} == {
            "courier": True,
            "herald": False,
        }
    again = watch(database, spec("herald"), spec("courier"), at=NOW + HOUR)[0]
    assert again.id == herald.id
    assert again.etag == '"v1"'
    assert again.next_due_at == NOW + HOUR


def test_a_changed_address_keeps_what_was_seen_and_drops_the_validators(database: Database) -> None:
    (herald,) = watch(database)
    database.write_now(record_polls, [poll(herald.id, seen(1))])
    (moved,) = watch(database, spec("herald", url="https://herald.example/new.xml"), at=NOW + timedelta(minutes=1))
    assert (moved.id, moved.url) == (herald.id, "https://herald.example/new.xml")
    assert (moved.etag, moved.last_modified, moved.content_hash) == (None, None, None)
    assert moved.next_due_at == NOW + timedelta(minutes=1)
    with database.reading() as connection:
        assert known_entries(connection, herald.id, ["guid-1"]) == {"guid-1": "hash of A title"}


def test_syncing_the_same_sources_again_changes_nothing(database: Database) -> None:
    watch(database, spec("herald"), spec("courier"))
    with database.reading() as connection:
        before = connection.execute(select(source)).all()
    database.write_now(sync_sources, [spec("courier"), spec("herald")], NOW + DAY)
    with database.reading() as connection:
        assert connection.execute(select(source)).all() == before


def test_two_sources_of_one_name_are_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="herald"):
        database.write_now(sync_sources, [spec("herald"), spec("herald", url="https://x.example/")], NOW)


def test_an_entry_once_seen_is_not_new_again(database: Database) -> None:
    (herald,) = watch(database)
    assert database.write_now(record_polls, [poll(herald.id, seen(1), seen(2))]) == 2
    assert database.write_now(record_polls, [poll(herald.id, seen(1), seen(2), seen(3), at=NOW + HOUR)]) == 1


def test_an_identity_given_twice_in_one_document_is_one_entry(database: Database) -> None:
    (herald,) = watch(database)
    assert database.write_now(record_polls, [poll(herald.id, seen(1), seen(1))]) == 1


def test_one_identity_in_two_sources_is_an_entry_of_each(database: Database) -> None:
    herald, courier = watch(database, spec("herald"), spec("courier"))
    assert database.write_now(record_polls, [poll(herald.id, seen(1)), poll(courier.id, seen(1))]) == 2


def test_known_entries_are_told_with_their_hash_in_any_number(database: Database) -> None:
    (herald,) = watch(database)
    database.write_now(record_polls, [poll(herald.id, *(seen(number) for number in range(1200)))])
    with database.reading() as connection:
        known = known_entries(connection, herald.id, [f"guid-{number}" for number in range(1100, 1300)])
        assert sorted(known) == sorted(f"guid-{number}" for number in range(1100, 1200))
        assert known_entries(connection, herald.id, []) == {}


def test_a_retitled_entry_takes_the_new_title_and_is_not_new(database: Database) -> None:
    (herald,) = watch(database)
    database.write_now(record_polls, [poll(herald.id, seen(1))])
    renamed = seen(1, title="A better title")
    assert database.write_now(record_polls, [poll(herald.id, renamed, at=NOW + HOUR)]) == 0
    with database.reading() as connection:
        row = connection.execute(select(entry)).one()
        assert (row.title, row.changed_at, row.state) == ("A better title", NOW + HOUR, "waiting")
        assert known_entries(connection, herald.id, ["guid-1"]) == {"guid-1": renamed.content_hash}


def test_entries_and_validators_are_stored_together_or_not_at_all(database: Database) -> None:
    (herald,) = watch(database)
    with pytest.raises(KilledError):
        write_and_die(database, record_polls, [poll(herald.id, seen(1))])
    assert state_of(database).etag is None
    with database.reading() as connection:
        assert known_entries(connection, herald.id, ["guid-1"]) == {}


def test_validators_change_only_with_a_changed_document(database: Database) -> None:
    (herald,) = watch(database)
    database.write_now(record_polls, [poll(herald.id, seen(1))])
    database.write_now(record_polls, [replace(poll(herald.id, at=NOW + HOUR), etag=None, content_hash=None)])
    assert (state_of(database).etag, state_of(database).content_hash) == ('"v1"', "body")
    database.write_now(record_polls, [failed(herald.id, at=NOW + 2 * HOUR, kind="empty")])
    assert (state_of(database).etag, state_of(database).entries_in_last) == ('"v1"', 1)
    database.write_now(record_polls, [poll(herald.id, seen(1), at=NOW + 3 * HOUR, etag=None)])
    assert state_of(database).etag is None


def test_failures_are_counted_from_the_first_until_one_poll_goes_well(database: Database) -> None:
    (herald,) = watch(database)
    for hours in range(3):
        database.write_now(record_polls, [failed(herald.id, at=NOW + hours * HOUR)])
    state = state_of(database)
    assert (state.failures, state.failing_since_at) == (3, NOW)
    with database.reading() as connection:
        (health,) = list_source_health(connection, NOW + 3 * HOUR)
    assert (health.state, health.since_at, health.error_kind) == ("failing", NOW, "http-404")
    assert health.error_text == "The server says there is no such page."

    database.write_now(record_polls, [poll(herald.id, at=NOW + 4 * HOUR)])
    state = state_of(database)
    assert (state.failures, state.failing_since_at, state.last_success_at) == (0, None, NOW + 4 * HOUR)
    with database.reading() as connection:
        (health,) = list_source_health(connection, NOW + 5 * HOUR)
    assert (health.state, health.error_kind) == ("ok", None)
    assert (health.recovered_at, health.failed_from_at) == (NOW + 4 * HOUR, NOW)


def test_polls_of_one_call_may_end_in_every_way(database: Database) -> None:
    states = watch(database, *(spec(name) for name in ("a", "b", "c", "d")))
    outcomes = [
        poll(states[0].id, seen(1)),
        poll(states[1].id),
        failed(states[2].id),
        replace(failed(states[3].id), status="gone", http_status=410),
    ]
    assert database.write_now(record_polls, outcomes) == 1
    with database.reading() as connection:
        words = {one.name: one.state for one in list_source_health(connection, NOW)}
    assert words == {"a": "ok", "b": "ok", "c": "failing", "d": "gone"}


def test_a_failed_poll_may_bring_entries_from_its_fallback(database: Database) -> None:
    (herald,) = watch(database)
    assert database.write_now(record_polls, [replace(failed(herald.id), entries=(seen(1),))]) == 1
    assert state_of(database).failures == 1
    assert state_of(database).last_news_at == NOW


def test_the_usual_gap_between_news_is_learnt(database: Database) -> None:
    (herald,) = watch(database)
    for days in range(4):
        database.write_now(record_polls, [poll(herald.id, seen(days), at=NOW + days * DAY)])
    database.write_now(record_polls, [poll(herald.id, seen(9), at=NOW + 7 * DAY)])
    with database.reading() as connection:
        gap = connection.execute(select(source.c.news_gap_seconds)).scalar_one()
    assert gap == (3 * 86_400 + 4 * 86_400) // 4


def test_the_gap_is_whole_seconds_whatever_the_times_of_the_polls(database: Database) -> None:
    (herald,) = watch(database)
    for step in range(4):  # clocks do not tick in whole seconds
        at = NOW + step * DAY + timedelta(microseconds=123_457 * step * step)
        database.write_now(record_polls, [poll(herald.id, seen(step), at=at)])
    with database.reading() as connection:
        assert connection.execute(select(source.c.news_gap_seconds)).scalar_one() == 86_400


def test_a_move_is_told_after_three_polls_that_agree(database: Database) -> None:
    (herald,) = watch(database)
    for count in (1, 2, 3):
        sent_on = poll(herald.id, redirect_to="https://herald.example/feed/", redirects_seen=count)
        database.write_now(record_polls, [sent_on])
    with database.reading() as connection:
        (health,) = list_source_health(connection, NOW)
    assert (health.state, health.redirect_to) == ("moved", "https://herald.example/feed/")


def test_text_that_a_database_refuses_is_stored_readably(database: Database) -> None:
    (herald,) = watch(database)
    odd = replace(seen(1), title="A\0 title \ud800 with \N{GRINNING FACE}", summary="\0")
    database.write_now(record_polls, [poll(herald.id, odd)])
    with database.reading() as connection:
        row = connection.execute(select(entry.c.title, entry.c.summary)).one()
    assert row.title.startswith("A title ")
    assert row.title.endswith("with \N{GRINNING FACE}")
    assert row.summary == ""


def test_counts_of_entries_follow_what_is_stored(database: Database) -> None:
    herald, courier = watch(database, spec("herald"), spec("courier"))
    database.write_now(record_polls, [poll(herald.id, seen(1), seen(2)), poll(courier.id, seen(3))])
    with database.reading() as connection:
        assert {one.name: one.entries for one in list_source_health(connection, NOW)} == {"herald": 2, "courier": 1}
        assert count_pending(connection, NOW).waiting == 3
