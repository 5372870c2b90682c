"""Values on their way into columns and out again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.types import from_microseconds, storable, to_microseconds


@given(
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=9))])
    )
)
def test_a_time_comes_back_as_the_same_moment_in_utc(moment: datetime) -> None:
    back = from_microseconds(to_microseconds(moment))
    assert back == moment
    assert back.tzinfo is UTC


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without its zone"):
        to_microseconds(datetime(2026, 11, 25))  # noqa: DTZ001 -- that is the point


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_becomes_one_that_both_databases_take(words: str) -> None:
    kept = storable(words)
    assert "\0" not in kept
    kept.encode("utf-8")


@given(st.text())
def test_text_that_both_databases_take_is_left_as_it_is(words: str) -> None:
    if "\0" not in words:
        assert storable(words) == words
