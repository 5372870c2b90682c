"""Whether an article is news: published lately, where its date is known. What is not fills the register silently."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.dates import DatePrecision

# How long what a date names lasts: its last moment decides, so that "2026-10" is as fresh as its end.
_LASTS: dict[DatePrecision, timedelta] = {
    "day": timedelta(days=1),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}


def is_news(
    published_at: datetime | None, precision: DatePrecision, registered_at: datetime, announce_within_seconds: int
) -> bool:
    """Whether an article was published no longer than `announce_within_seconds` before it was registered; 0 is no
    limit. One without a date is news."""
    if published_at is None or not announce_within_seconds:
        return True
    return published_at + _LASTS[precision] >= registered_at - timedelta(seconds=announce_within_seconds)
