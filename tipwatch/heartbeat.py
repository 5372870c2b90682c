"""Says at regular times that the daemon lives: to systemd's watchdog, and in the database, where `tipwatch status`
reads it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from storage.engine import Database
from storage.errors import StorageError
from tipwatch.systemd import Notifier

__all__ = ["BEAT_SECONDS", "Heartbeat"]

log = logging.getLogger(__name__)

BEAT_SECONDS = 20.0  # how old what `tipwatch status` tells of the daemon may be
STORING_SECONDS = 10.0  # a locked or full database must not cost the watchdog its sign of life


class Heartbeat:
    """A beat every `BEAT_SECONDS`, or twice within systemd's watchdog time where that is shorter.

    Args:
        state: what there is to tell; called at each beat.
    """

    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        *,
        now: Callable[[], datetime],
        state: Callable[[], Mapping[str, object]],
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._now = now
        self._state = state

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
        from storage.daemon_lock import tell_daemon_state

        try:
            async with asyncio.timeout(STORING_SECONDS):
                await self._database.write(tell_daemon_state, dict(self._state()), self._now())
        except (StorageError, TimeoutError) as error:
            log.warning("heartbeat_not_stored", extra={"reason": error or "the database is busy"})
