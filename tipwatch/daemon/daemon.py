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
from collections.abc import Callable, Sequence
from datetime import datetime

from storage.database.daemon_lock import DaemonLock
from storage.database.engine import Database
from storage.database.errors import DatabaseGone, StorageError
from tipwatch.config.load import Configuration
from tipwatch.daemon.heartbeat import Heartbeat
from tipwatch.daemon.schedule import Schedule
from tipwatch.daemon.service import Service
from tipwatch.daemon.stopping import WORK_GRACE_SECONDS
from tipwatch.daemon.systemd import Notifier
from tipwatch.engine.choose import make_engine
from tipwatch.engine.runner import Runner
from tipwatch.errors import ExitCode
from tipwatch.text import counted

__all__ = ["Daemon"]

log = logging.getLogger(__name__)

# After a start, digests that are overdue wait so long for the first crawl, whose news they should hold; a slot that
# comes meanwhile does not wait.
CATCH_UP_SECONDS = 300.0


class Daemon(Service):
    """Runs until stopped.

    Args:
        configuration: in force at the start; a reload replaces it.
        database: open.
        lock: held on it by this daemon.
        notifier: tells systemd.
        now: the clock.
    """

    name = "daemon"

    def __init__(
        self,
        configuration: Configuration,
        database: Database,
        lock: DaemonLock,
        *,
        notifier: Notifier,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(configuration, Runner(database, configuration, now=now), notifier)
        self._engine = make_engine(
            configuration,
            database,
            self.runner,
            local_crawl=self._crawl,
            now=now,
            grace_seconds=WORK_GRACE_SECONDS,
        )
        self._schedule = Schedule(self._engine)
        self._heartbeat = Heartbeat(lock, notifier, now=now, state=self._state, lost=self._is_lost)
        self._code = ExitCode.DONE
        self._is_stopped = False
        self._is_alone = not lock.is_shared

    async def run(self) -> ExitCode:
        """Serves until SIGTERM, SIGINT or `stop`; gives the exit code when everything is closed in order."""
        async with self.serving(self._heartbeat.run(), self._catch_up()):
            self._schedule.apply(self.configuration.settings)
            self._schedule.start()
            try:
                await self._engine.submit_poll(None)
                await self._engine.run(self.stop_asked)
            finally:
                self._schedule.stop()
        if self._code == ExitCode.DONE:
            self._is_stopped = True
            await self._heartbeat.beat()  # the last word: it ended in order
        log.info("daemon.stopped")
        return self._code

    def stop(self) -> None:
        """Asks for an orderly end; from the loop's thread."""
        super().stop()
        self._schedule.pause()

    def _is_lost(self, error: StorageError) -> None:
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

    async def _crawl(self, hosts: Sequence[str] | None, stop: asyncio.Event) -> None:
        try:
            await self.runner.crawl_due(hosts, stop)
        finally:
            # the first digest of all waits until something was read; so does one that was missed
            await self._engine.submit_digest("after a crawl")

    async def _catch_up(self) -> None:
        """Sends what was missed while nothing ran, even if the first crawl takes long."""
        await asyncio.sleep(CATCH_UP_SECONDS)
        await self._engine.submit_digest("start")

    async def take_up(self, fresh: Configuration) -> None:
        """Follows its schedule, and crawls what it made due."""
        self._schedule.apply(fresh.settings)
        await self._engine.submit_poll(None)

    async def edit_seen(self) -> None:
        """Tells `tipwatch status` at once."""
        await self._heartbeat.beat()

    def _state(self) -> dict[str, object]:
        """What `tipwatch status` is told of this process."""
        return {
            "config": str(self.configuration.file),
            "config_refused": list(self.refused),
            "next": {name: at.isoformat() for name, at in self._schedule.next_runs().items()},
            "doing": self.runner.doing,
            "last_fault": self.runner.last_fault,
            "clock_doubt": self.runner.clock_doubt,
            "stopped": self._is_stopped,
        }

    def one_line(self) -> str:
        """How many sources, and whether an edit was refused."""
        refused = "; an edit of the configuration was refused" if self.refused else ""
        return f"watching {counted(len(self.configuration.sources), 'source')}{refused}"
