"""Values on their way into columns and out again."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from storage.tables.types import COMMON_JSON, PackedJson, from_microseconds, storable, to_microseconds

DIALECT = sqlite.dialect()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


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


@given(st.dictionaries(st.text(), VALUES))
def test_packed_json_comes_back_as_it_was(value: dict[str, object]) -> None:
    packed = PackedJson().process_bind_param(value, DIALECT)
    assert PackedJson().process_result_value(packed, DIALECT) == value


def test_a_lone_surrogate_in_packed_json_is_kept_as_other_text_keeps_it() -> None:
    packed = PackedJson().process_bind_param({"name": "a\ud800"}, DIALECT)
    assert PackedJson().process_result_value(packed, DIALECT) == {"name": storable("a\ud800")}


def test_what_was_packed_before_can_be_read_for_ever() -> None:
    """Stored bytes name their dictionary by its checksum: another dictionary would make every verdict unreadable."""
    assert zlib.adler32(COMMON_JSON) == 0xC2B26DBE
