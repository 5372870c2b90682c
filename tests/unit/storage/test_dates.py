"""Dates are read as far as they are stated, and stated again as far as they were read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.dates import read_stated_date, state_date


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC), "year"),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC), "month"),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC), "day"),
        ("2024-05-07T10:00:00+02:00", datetime(2024, 5, 7, 8, tzinfo=UTC), "day"),
        ("2024-05-07T10:00:00", datetime(2024, 5, 7, 10, tzinfo=UTC), "day"),
        ("2024-13", None, "day"),
        ("yesterday", None, "day"),
        ("", None, "day"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_stated(text: str, at: datetime | None, precision: str) -> None:
    assert read_stated_date(text) == (at, precision)


@pytest.mark.parametrize("text", ["2024", "2024-05", "2024-05-01"])
def test_a_date_is_stated_as_far_as_it_was_read(text: str) -> None:
    at, precision = read_stated_date(text)
    assert at is not None
    assert state_date(at, precision) == text
