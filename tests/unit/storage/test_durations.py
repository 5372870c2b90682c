"""Durations as people write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.durations import LONGEST_SECONDS, format_duration, parse_duration


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("90s", 90), ("30m", 1800), ("2h", 7200), ("1d", 86400), ("1w", 604800), ("1h30m", 5400), (" 2 h ", 7200),
     ("2H", 7200), (60, 60), (60.0, 60), ("45", 45), (0, 0), ("0s", 0)],
)  # fmt: skip
def test_a_duration_is_read_as_people_write_it(written: object, seconds: int) -> None:
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    "written",
    ["", "soon", "2 hours", "-1h", "1.5h", "h", "1h-", True, None, 1.5, -1, "٣h", "٣", float("nan"),
     float("inf"), [], "9" * 5000],
)  # fmt: skip
def test_what_is_no_duration_is_refused_with_an_example(written: object) -> None:
    with pytest.raises(ValueError, match="2h or 1d"):
        parse_duration(written)


def test_a_duration_beyond_ten_years_is_refused() -> None:
    with pytest.raises(ValueError, match="at most ten years"):
        parse_duration("600w")


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.booleans()))
def test_anything_else_is_a_number_of_seconds_or_a_clear_refusal(value: object) -> None:
    with contextlib.suppress(ValueError):
        assert 0 <= parse_duration(value) <= LONGEST_SECONDS


@pytest.mark.parametrize(
    ("seconds", "written"), [(3600, "1h"), (5_184_000, "60d"), (90, "90s"), (5400, "90m"), (0, "0")]
)
def test_a_duration_is_written_as_people_write_it_and_read_again(seconds: int, written: str) -> None:
    assert format_duration(seconds) == written
    assert parse_duration(written) == seconds
