"""Dates with their precision: what a file gives as "2019-08" is a month, not its first day, and as fresh as its end.

Text goes in; the first moment that it may mean and how far it is stated come out, and back again. Pure.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal

DatePrecision = Literal["year", "month", "day"]

# How much of an ISO date says it, and how long what it names lasts.
_LENGTHS: dict[DatePrecision, int] = {"year": 4, "month": 7, "day": 10}
_LASTS: dict[DatePrecision, timedelta] = {
    "year": timedelta(days=366), "month": timedelta(days=31), "day": timedelta(days=1),
}  # fmt: skip


def read_stated_date(text: str) -> tuple[datetime | None, DatePrecision]:
    """The first moment of a date (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or with a time) and its precision; None for the
    moment where it is no date."""
    precision: DatePrecision = next((one for one, length in _LENGTHS.items() if length == len(text)), "day")
    padded = text if precision == "day" else text + "0000-01-01"[len(text) :]
    try:
        if len(padded) == _LENGTHS["day"]:
            day = date.fromisoformat(padded)
            return datetime(day.year, day.month, day.day, tzinfo=UTC), precision
        at = datetime.fromisoformat(padded)
    except ValueError:
        return None, "day"
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC), precision


def state_date(at: datetime, precision: DatePrecision) -> str:
    """The date as far as it is known: `2019-08` where no day is."""
    return at.date().isoformat()[: _LENGTHS[precision]]


def is_news(
    published_at: datetime | None, precision: DatePrecision, registered_at: datetime, announce_within_seconds: int
) -> bool:
    """Whether an article was published no longer than `announce_within_seconds` before it was registered, as far as its
    date tells; 0 is no limit. One without a date is news. What is not fills the register silently."""
    if published_at is None or not announce_within_seconds:
        return True
    return published_at + _LASTS[precision] >= registered_at - timedelta(seconds=announce_within_seconds)
