"""Whether this machine's clock may be trusted in what cannot be undone: giving a delivery up, dropping old texts.

A clock that jumped by more than a day is trusted again when several other machines say the same time. When it was last
trusted is kept in a file of the data folder: the clock is this machine's, whatever database it works on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tipwatch.files import write_file

log = logging.getLogger(__name__)

FILE = "clock"

LARGEST_STEP = timedelta(hours=26)
"""A day, with room for one that summer time makes an hour longer and for a daily start that comes late. A smaller step
shortens the two days that a delivery is tried, or the months that a text is kept, by a part only."""

HOSTS_NEEDED = 2
"""That say the same: the clock of a single server may be wrong itself."""

WRITTEN_EVERY = timedelta(hours=1)
"""How exactly a program that starts knows when the clock was last trusted; small against a day."""


def is_clock_right(now: datetime, trusted_at: datetime | None, elsewhere: Sequence[datetime]) -> bool:
    """Whether the time `now` is to be trusted.

    The majority of other machines decides, where it is `HOSTS_NEEDED` or more; else whether it is within about a day of
    when the clock was last trusted.

    Args:
        trusted_at: None where it never was.
        elsewhere: what other machines say it is now.
    """
    agreeing = sum(abs(now - other) <= LARGEST_STEP for other in elsewhere)
    against = len(elsewhere) - agreeing
    if agreeing != against and max(agreeing, against) >= HOSTS_NEEDED:
        return agreeing > against
    return trusted_at is None or abs(now - trusted_at) <= LARGEST_STEP


class ClockCheck:
    """Looks at the clock again and again, and reports its jumps in the log.

    Args:
        folder: the data folder.
        now: the clock.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._file = folder / FILE
        self._now = now
        self._trusted_at = self._written_at = self._read()
        self.doubt: str | None = None
        """Why the clock is not trusted, in a sentence; None while it is."""

    def is_trusted(self, elsewhere: Sequence[datetime]) -> bool:
        """Whether the clock is to be trusted now; `elsewhere` is what other machines say it is."""
        now, before = self._now(), self._trusted_at
        told = {"now": now, "trusted": before, "asked": len(elsewhere)}
        if not is_clock_right(now, before, elsewhere):
            if self.doubt is None:
                log.warning("clock.distrusted", extra=told)
            self.doubt = self._describe(now, before)
            return False
        if before is not None and abs(now - before) > LARGEST_STEP:
            log.warning("clock.jumped", extra=told)
        elif self.doubt is not None:
            log.info("clock.trusted", extra=told)
        self.doubt = None
        self._trusted_at = now
        if self._written_at is None or abs(now - self._written_at) >= WRITTEN_EVERY:
            self._write(now)
        return True

    def _describe(self, now: datetime, before: datetime | None) -> str:
        since = f", but was last trusted at {before:%Y-%m-%d %H:%M} UTC" if before is not None else ""
        return (
            f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC{since}; set it if it is wrong. Until at least "
            f"{HOSTS_NEEDED} web servers confirm it, no delivery is given up and no old text deleted. If it is right "
            f"and no server can confirm it, remove {self._file}"
        )

    def _read(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self._file.read_text().strip()).astimezone(UTC)
        except (OSError, ValueError, OverflowError):
            return None

    def _write(self, now: datetime) -> None:
        self._written_at = now
        try:
            write_file(self._file, f"{now.isoformat()}\n".encode())
        except OSError as error:
            log.warning("clock.not_recorded", extra={"file": self._file, "reason": error.strerror})
