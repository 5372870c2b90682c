"""Reads `Retry-After`: how long a server asks to be left alone. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 86_400
"""Whatever a server asks for, it is asked again the next day: a slip of a zero must not silence a source for years."""


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
