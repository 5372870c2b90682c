from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.politeness.retry_after import LONGEST_SECONDS, UNSAID_SECONDS, pause_seconds, read_retry_after

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Wed, 25 Nov 2026 10:02:00 GMT", 120),
        ("Wed, 25 Nov 2026 10:02:00", 120),
        ("Wed, 25 Nov 2026 12:02:00 +0200", 120),
        ("999999999", LONGEST_SECONDS),
        ("9" * 5_000, LONGEST_SECONDS),
        ("Fri, 25 Nov 2050 10:02:00 GMT", LONGEST_SECONDS),
        ("Wed, 25 Nov 2026 09:00:00 GMT", None),
        ("0", None),
        ("-1", None),
        ("soon", None),
        ("1.5", None),
        ("١٢٠", None),
        ("", None),
        (None, None),
        ("Wed, 99 Nov 2026 99:00:00 GMT", None),
    ],
)
def test_seconds_and_dates_are_read_capped_and_the_rest_ignored(value: str | None, seconds: int | None) -> None:
    assert read_retry_after(value, NOW) == seconds


@given(st.text())
def test_any_text_gives_a_bounded_wait_or_none(value: str) -> None:
    seconds = read_retry_after(value, NOW)
    assert seconds is None or 0 < seconds <= LONGEST_SECONDS


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "120", 120),
        (503, "120", 120),
        (429, None, UNSAID_SECONDS),
        (429, "soon", UNSAID_SECONDS),
        (503, None, None),
        (503, "-1", None),
        (500, "120", None),
        (200, "120", None),
    ],
)
def test_a_status_that_means_too_often_pauses_without_a_word(
    status: int, value: str | None, seconds: int | None
) -> None:
    assert pause_seconds(status, value, NOW) == seconds
