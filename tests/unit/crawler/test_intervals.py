from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.politeness.intervals import address_to_visit, after_failure, after_gone, after_success, count_redirect
from crawler.settings import IntervalSettings
from storage.records import SourceState

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
BOUNDS = IntervalSettings()
STATE = SourceState(
    id=1,
    name="Herald",
    kind="feed",
    url="https://herald.example/old",
    etag=None,
    last_modified=None,
    content_hash=None,
    next_due_at=NOW,
    interval_seconds=3_600,
    failures=0,
    failing_since_at=None,
    last_polled_at=None,
    last_success_at=None,
    last_news_at=None,
    entries_in_last=None,
    redirect_to=None,
    redirects_seen=0,
)


def news_ago(seconds: float) -> SourceState:
    return replace(STATE, last_news_at=NOW - timedelta(seconds=seconds))


def test_the_first_news_keeps_the_interval() -> None:
    after = after_success(STATE, NOW, has_news=True, bounds=BOUNDS)
    assert (after.interval_seconds, after.due_at) == (3_600, NOW + timedelta(hours=1))


def test_frequent_news_shorten_the_interval_to_its_bound() -> None:
    state = news_ago(600)
    for _ in range(20):
        after = after_success(state, NOW, has_news=True, bounds=BOUNDS)
        assert after.interval_seconds <= state.interval_seconds
        state = replace(state, interval_seconds=after.interval_seconds)
    assert state.interval_seconds == BOUNDS.shortest


def test_one_visit_without_news_after_daily_news_changes_nothing() -> None:
    state = replace(news_ago(12 * 3_600), interval_seconds=6 * 3_600)
    assert after_success(state, NOW, has_news=False, bounds=BOUNDS).interval_seconds == 6 * 3_600


def test_a_long_silence_lengthens_the_interval_step_by_step_to_its_bound() -> None:
    state = news_ago(90 * 86_400)
    seen = []
    for _ in range(12):
        seen.append(after_success(state, NOW, has_news=False, bounds=BOUNDS).interval_seconds)
        state = replace(state, interval_seconds=seen[-1])
    assert seen[0] == 5_400
    assert seen == sorted(seen)
    assert seen[-1] == BOUNDS.longest


def test_a_configured_interval_is_kept_to() -> None:
    for has_news in (True, False):
        after = after_success(news_ago(60), NOW, has_news=has_news, bounds=BOUNDS, fixed_seconds=7_200)
        assert after.interval_seconds == 7_200


def test_failures_are_followed_by_ever_longer_waits_up_to_a_day() -> None:
    waits = [
        (after_failure(replace(STATE, failures=failures), NOW, bounds=BOUNDS).due_at - NOW).total_seconds()
        for failures in (0, 1, 2, 3, 6, 500)
    ]
    assert waits == [1_800, 3_600, 7_200, 14_400, 86_400, 86_400]


def test_retry_after_is_honoured_where_it_is_longer() -> None:
    def wait(seconds: int) -> float:
        return (after_failure(STATE, NOW, bounds=BOUNDS, retry_after_seconds=seconds).due_at - NOW).total_seconds()

    assert (wait(10), wait(40_000)) == (1_800, 40_000)


def test_a_source_with_a_long_interval_of_its_own_is_not_asked_more_often_because_it_fails() -> None:
    state = replace(STATE, failures=40)
    week = 7 * 86_400
    assert after_failure(state, NOW, bounds=BOUNDS, fixed_seconds=week).due_at == NOW + timedelta(seconds=week)


def test_what_is_gone_is_asked_weekly() -> None:
    assert after_gone(STATE, NOW).due_at == NOW + timedelta(days=7)


def test_a_move_is_followed_after_three_sightings_in_a_row_and_taken_back_when_it_fails() -> None:
    state, new = STATE, "https://herald.example/new"
    for _ in range(3):
        assert address_to_visit(state) == STATE.url
        redirect_to, seen = count_redirect(state, new, is_answered=True)
        state = replace(state, redirect_to=redirect_to, redirects_seen=seen)
    assert address_to_visit(state) == new
    assert count_redirect(state, None, is_answered=True) == (new, 3)
    redirect_to, seen = count_redirect(state, None, is_answered=False)
    assert address_to_visit(replace(state, redirect_to=redirect_to, redirects_seen=seen)) == STATE.url


def test_another_target_or_none_begins_the_counting_anew() -> None:
    state = replace(STATE, redirect_to="https://a.example/", redirects_seen=2)
    assert count_redirect(state, "https://b.example/", is_answered=True) == ("https://b.example/", 1)
    assert count_redirect(state, None, is_answered=True) == (None, 0)
    assert count_redirect(state, None, is_answered=False) == ("https://a.example/", 2)


@given(
    st.integers(1, 10**7),
    st.one_of(st.none(), st.floats(0, 10**8)),
    st.booleans(),
    st.integers(0, 1_000),
    st.one_of(st.none(), st.integers(1, 86_400)),
)
def test_every_history_gives_a_time_within_bounds(
    interval: int, quiet: float | None, has_news: bool, failures: int, retry_after: int | None
) -> None:
    state = replace(STATE if quiet is None else news_ago(quiet), interval_seconds=interval, failures=failures)
    well = after_success(state, NOW, has_news=has_news, bounds=BOUNDS)
    assert BOUNDS.shortest <= well.interval_seconds <= BOUNDS.longest
    assert well.due_at == NOW + timedelta(seconds=well.interval_seconds)
    ill = after_failure(state, NOW, bounds=BOUNDS, retry_after_seconds=retry_after)
    assert timedelta(seconds=BOUNDS.shortest) <= ill.due_at - NOW <= timedelta(days=1)


@pytest.mark.parametrize("has_news", [True, False])
def test_the_same_history_gives_the_same_time(has_news: bool) -> None:
    first, second = (after_success(news_ago(50_000), NOW, has_news=has_news, bounds=BOUNDS) for _ in range(2))
    assert first == second
