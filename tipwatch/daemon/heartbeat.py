"""Says at regular times that the daemon lives: to systemd's watchdog, and in the database, where `tipwatch status`
reads it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from storage.database.daemon_lock import DaemonLock
from storage.database.errors import DatabaseGone, StorageError
from tipwatch.daemon.systemd import Notifier

__all__ = ["BEAT_SECONDS", "Heartbeat"]

log = logging.getLogger(__name__)

BEAT_SECONDS = 20.0  # how old what `tipwatch status` tells of the daemon may be
MISSED_BEATS = 3  # a minute without the database server: by then the lock is another's to take


class Heartbeat:
    """A beat every `BEAT_SECONDS`, or twice within systemd's watchdog time where that is shorter.

    Args:
        lock: held by this daemon; each beat also finds out whether it still is.
        state: what there is to tell; called at each beat.
        lost: called with the reason when the database is gone, or the lock may be lost since its session was cut
            (PostgreSQL): another daemon may have begun.
    """

    def __init__(
        self,
        lock: DaemonLock,
        notifier: Notifier,
        *,
        now: Callable[[], datetime],
        state: Callable[[], Mapping[str, object]],
        lost: Callable[[StorageError], None],
    ) -> None:
        self._lock = lock
        self._notifier = notifier
        self._now = now
        self._state = state
        self._lost = lost
        self._missed = 0

    async def run(self) -> None:
        """Beats until cancelled."""
        watchdog = self._notifier.watchdog_seconds
        pause = min(BEAT_SECONDS, watchdog / 2) if watchdog else BEAT_SECONDS
        while True:
            self._notifier.alive()
            await self.beat()
            await asyncio.sleep(pause)

    async def beat(self) -> None:
        """Stores the state now; a database that cannot take it is told in the log, and asked again at the next beat."""
        from storage.database.errors import Unreachable

        state = dict(self._state())
        try:
            await asyncio.to_thread(self._lock.beat, self._now(), state)
            self._missed = 0
        except StorageError as error:
            log.warning("heartbeat.failed", extra={"reason": str(error)})
            is_cut = isinstance(error, Unreachable) and self._lock.database.dialect == "postgresql"
            self._missed = self._missed + 1 if is_cut else 0
            if self._missed >= MISSED_BEATS or isinstance(error, DatabaseGone):
                self._lost(error)
