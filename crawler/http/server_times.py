"""What time other machines say it is: the `Date` of the latest answers, one a host.

In: the head of every answer, whoever asked for it. Out: the time it is now by each host, carried on by a clock that is
never set, so that a machine whose own clock jumps can be told from one that was asleep or switched off.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from storage.host_names import canonical_host

MOST_HOSTS = 99
"""Of the latest hosts: more say nothing that these do not."""

MOST_AGE_DIGITS = 9
"""Of an `Age` in seconds; a longer one (RFC 9111 lets it be 2^31) is no age of an answer."""

YEARS = range(1970, 3000)
"""That a clock can be set to; a date in others is nonsense, and could not be counted with."""


def steady_seconds() -> float:
    """Seconds that pass also while the machine sleeps, and are never set."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ServerTimes:
    """Remembers when it is elsewhere.

    Args:
        steady: seconds, never set.
    """

    def __init__(self, steady: Callable[[], float] = steady_seconds) -> None:
        self._steady = steady
        self._began_at: dict[str, datetime] = {}  # by host, what it would have said when `steady` was 0

    def note(self, host: str, headers: Mapping[str, str]) -> None:
        """Takes what the head of an answer from `host` says; one that says nothing usable is passed over."""
        at = read_date(headers)
        if at is None:
            return
        host = canonical_host(host)
        self._began_at.pop(host, None)  # so that the latest stand last
        self._began_at[host] = at - timedelta(seconds=self._steady())
        if len(self._began_at) > MOST_HOSTS:
            del self._began_at[next(iter(self._began_at))]

    def now_elsewhere(self) -> list[datetime]:
        """The time now by each host that said so."""
        passed = timedelta(seconds=self._steady())
        return [began_at + passed for began_at in self._began_at.values()]


def read_date(headers: Mapping[str, str]) -> datetime | None:
    """When an answer left its server: `Date`, and `Age` more where a cache gave it (RFC 9110 6.6.1, RFC 9111 5.1)."""
    age = headers.get("Age", "").strip()
    seconds = int(age) if age.isascii() and age.isdigit() and len(age) <= MOST_AGE_DIGITS else 0
    try:
        at = parsedate_to_datetime(headers.get("Date", ""))
        at = (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)) + timedelta(seconds=seconds)
    except (ValueError, IndexError, OverflowError):
        return None
    return at if at.year in YEARS else None
