"""The one word for a source's state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.sources.health import judge_state

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WELL: dict[str, Any] = {
    "status": "unchanged",
    "failing_since_at": None,
    "redirect_to": None,
    "redirects_seen": 0,
    "added_at": NOW - 400 * DAY,
    "last_news_at": NOW - DAY,
    "next_due_at": NOW + HOUR,
    "news_gap_seconds": 86_400,
    "recovered_at": None,
}


@pytest.mark.parametrize(
    ("changes", "word", "since_at"),
    [
        ({}, "ok", None),
        ({"recovered_at": NOW - HOUR}, "ok", NOW - HOUR),
        ({"status": None}, "never-polled", NOW - 400 * DAY),
        ({"status": "failed", "failing_since_at": NOW - 23 * HOUR}, "failing", NOW - 23 * HOUR),
        ({"status": "failed", "failing_since_at": NOW - DAY}, "broken", NOW - DAY),
        ({"status": "gone", "failing_since_at": NOW - HOUR}, "gone", NOW - HOUR),
        ({"redirect_to": "https://new.example/", "redirects_seen": 2}, "ok", None),
        ({"redirect_to": "https://new.example/", "redirects_seen": 3}, "moved", None),
        ({"last_news_at": NOW - 13 * DAY}, "ok", None),
        ({"last_news_at": NOW - 14 * DAY}, "silent", NOW - 14 * DAY),
        ({"last_news_at": NOW - 14 * DAY, "next_due_at": NOW - 8 * DAY}, "ok", None),
        ({"last_news_at": NOW - 20 * DAY, "news_gap_seconds": 7 * 86_400}, "ok", None),
        ({"last_news_at": NOW - 43 * DAY, "news_gap_seconds": 7 * 86_400}, "silent", NOW - 43 * DAY),
        ({"note": "ends in the middle, read in part; not well-formed"}, "in-part", None),
        ({"note": "not well-formed"}, "ok", None),
        ({"last_news_at": None, "news_gap_seconds": None}, "silent", NOW - 400 * DAY),
        ({"last_news_at": None, "news_gap_seconds": None, "added_at": NOW - 10 * DAY}, "ok", None),
    ],
)  # fmt: skip
def test_a_source_has_one_word_for_its_state(changes: dict[str, Any], word: str, since_at: datetime | None) -> None:
    assert judge_state(now=NOW, **(WELL | changes)) == (word, since_at)
