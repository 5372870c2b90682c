"""Dates with their precision: what a file gives as "2019-08" is a month, not its first day.

Text goes in; the first moment that it may mean and how far it is stated come out, and back again. Pure.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

DatePrecision = Literal["year", "month", "day"]

_PRECISIONS: dict[int, DatePrecision] = {4: "year", 7: "month"}
_PADDING: dict[DatePrecision, str] = {"year": "-01-01", "month": "-01", "day": ""}
_LENGTHS: dict[DatePrecision, int] = {"year": 4, "month": 7, "day": 10}


def read_stated_date(text: str) -> tuple[datetime | None, DatePrecision]:
    """The first moment of a date (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or with a time) and its precision; None for the
    moment where it is no date."""
    precision = _PRECISIONS.get(len(text), "day")
    padded = text + _PADDING[precision]
    try:
        if len(padded) == 10:
            day = date.fromisoformat(padded)
            return datetime(day.year, day.month, day.day, tzinfo=UTC), precision
        at = datetime.fromisoformat(padded)
    except ValueError:
        return None, "day"
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC), precision


def state_date(at: datetime, precision: DatePrecision) -> str:
    """The date as far as it is known: `2019-08` where no day is."""
    return at.date().isoformat()[: _LENGTHS[precision]]
