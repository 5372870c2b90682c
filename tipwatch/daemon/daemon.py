"""The daemon: one supervisor that crawls and sends on schedule until it is told to stop.

What enters are a configuration file, signals and the clock; what leaves is in the database, the outbox and the log.
It promises:

- one daemon a database: a second refuses and names the first; with `engine: cluster` several share it;
- what every `Service` does at a signal or an edit; at a stop the work ends with what is in flight stored, then the
  schedule, the crawler and the database are closed, in this order; an edit that was refused is told in `tipwatch
  status` too;
- after downtime it makes up for what was missed with one crawl and one digest a subscription.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from storage.database.daemon_lock import DaemonLock
from storage.database.engine import Database
from storage.database.errors import DatabaseGone, StorageError
from tipwatch.config.load import Configuration
from tipwatch.daemon.schedule import Schedule
from tipwatch.daemon.service import Service
from tipwatch.engine.runner import Clock
from tipwatch.errors import ExitCode
from tipwatch.text import counted

__all__ = ["Daemon"]

log = logging.getLogger(__name__)

# After a start, digests that are overdue wait so long for the first crawl, whose news they should hold; a slot that
# comes meanwhile does not wait.
CATCH_UP_SECONDS = 300.0


class Daemon(Service):
    """Runs until stopped."""

    name = "daemon"

    def __init__(self, configuration: Configuration, database: Database, lock: DaemonLock, *, now: Clock) -> None:
        super().__init__(configuration, database, lock, now=now)
        self._schedule = Schedule(self.engine)
        self._code = ExitCode.DONE
        self._is_stopped = False
        self._is_alone = not lock.is_shared

    async def run(self) -> ExitCode:
        """Serves until SIGTERM, SIGINT or `stop`; gives the exit code when everything is closed in order."""
        async with self.serving(self._catch_up()):
            self._schedule.apply(self.configuration.settings)
            self._schedule.start()
            try:
                await self.engine.submit_poll()
                await self.engine.run(self.stop_asked)
            finally:
                self._schedule.stop()
        if self._code == ExitCode.DONE:
            self._is_stopped = True
            await self.beat()  # the last word: it ended in order
        log.info("daemon.stopped")
        return self._code

    def stop(self) -> None:
        """Asks for an orderly end; from the loop's thread."""
        super().stop()
        self._schedule.pause()

    def database_lost(self, error: StorageError) -> None:
        """See `Service`."""
        if isinstance(error, DatabaseGone):
            log.error("database.gone", extra={"reason": error, "hint": error.hint})
        elif self._is_alone:
            log.error(
                "database.lock_lost", extra={"hint": "the database server was away; another daemon may have begun"}
            )
        else:  # others may have the lock too: it is taken again when the server is back
            return
        self._code = ExitCode.NEEDS_A_PERSON
        self.stop()

    async def crawl(self, stop: asyncio.Event, hosts: Sequence[str] | None) -> None:
        """See `Service`."""
        try:
            await super().crawl(stop, hosts)
        finally:
            # the first digest of all waits until something was read; so does one that was missed
            await self.engine.submit_digest("after a crawl")

    async def _catch_up(self) -> None:
        """Sends what was missed while nothing ran, even if the first crawl takes long."""
        await asyncio.sleep(CATCH_UP_SECONDS)
        await self.engine.submit_digest("start")

    async def take_up(self, fresh: Configuration) -> None:
        """Follows its schedule, and crawls what it made due."""
        self._schedule.apply(fresh.settings)
        await self.engine.submit_poll()

    async def edit_seen(self) -> None:
        """Tells `tipwatch status` at once."""
        await self.beat()

    def state(self) -> dict[str, object]:
        """See `Service`."""
        return {
            "config": str(self.configuration.file),
            "config_refused": list(self.refused),
            "next": {name: at.isoformat() for name, at in self._schedule.next_runs().items()},
            "doing": self.runner.doing,
            "last_fault": self.runner.last_fault,
            "clock_doubt": self.runner.clock_doubt,
            "stopped": self._is_stopped,
        }

    def describe(self) -> str:
        """See `Service`."""
        return f"watching {counted(len(self.configuration.sources), 'source')}"
