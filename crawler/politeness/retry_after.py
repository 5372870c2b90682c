"""Reads how long a server asks to be left alone: in `Retry-After`, or by its status alone. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BUSY = frozenset({429, 503})
"""Statuses whose `Retry-After` is an order to stay away (RFC 9110, RFC 6585)."""

LONGEST_SECONDS = 86_400
"""Whatever a server asks for, it is asked again the next day: a slip of a zero must not silence a source for years."""

UNSAID_SECONDS = 900
"""What 429 means where it does not say for how long: requests are commonly counted over a quarter of an hour."""


def pause_seconds(status: int, value: str | None, now: datetime) -> int | None:
    """For how long a host that answered `status`, with `value` for its `Retry-After`, is to be left alone; None where
    it asks for nothing of the kind."""
    if status not in BUSY:
        return None
    seconds = read_retry_after(value, now)
    return UNSAID_SECONDS if seconds is None and status == 429 else seconds


def read_retry_after(value: str | None, now: datetime) -> int | None:
    """Seconds from `now`, 1 to a day; None where the header is missing, bad or in the past.

    Seconds and HTTP dates are read (RFC 9110, section 10.2.3); all else is ignored.
    """
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        seconds = int(text) if len(text) < 10 else LONGEST_SECONDS
    else:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, IndexError, OverflowError):
            return None
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        seconds = int((at - now).total_seconds())
    return min(seconds, LONGEST_SECONDS) if seconds > 0 else None
