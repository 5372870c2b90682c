"""A process that only works: takes jobs that a planner put into the queue, until it is told to stop.

It promises what every `Service` does; a configuration that it takes up holds from its next crawl on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from storage.database.daemon_lock import DaemonLock
from storage.database.engine import Database
from tipwatch.config.load import Configuration
from tipwatch.daemon.heartbeat import Heartbeat
from tipwatch.daemon.service import Service
from tipwatch.daemon.stopping import WORK_GRACE_SECONDS
from tipwatch.daemon.systemd import Notifier
from tipwatch.engine.choose import make_engine
from tipwatch.engine.runner import Runner

__all__ = ["Worker"]

log = logging.getLogger(__name__)


class Worker(Service):
    """Works until stopped.

    Args:
        configuration: in force at the start; a reload replaces it.
        database: open.
        lock: held on it, shared with the other processes; taken again where its connection was cut.
        notifier: tells systemd.
        now: the clock.
        has_digests: False leaves deliveries to others.

    Raises:
        StorageError: the cluster engine's library, or PostgreSQL, is missing.
    """

    name = "worker"

    def __init__(
        self,
        configuration: Configuration,
        database: Database,
        lock: DaemonLock,
        *,
        notifier: Notifier,
        now: Callable[[], datetime],
        has_digests: bool = True,
    ) -> None:
        runner = Runner(database, configuration, now=now)
        super().__init__(configuration, runner, notifier, is_for_mail=has_digests)
        self._heartbeat = Heartbeat(lock, notifier, now=now, state=dict, lost=lambda _: None)
        self._engine = make_engine(
            configuration,
            database,
            self.runner,
            now=now,
            grace_seconds=WORK_GRACE_SECONDS,
            role="worker",
            has_digests=has_digests,
        )

    async def run(self) -> None:
        """Serves until SIGTERM, SIGINT or `stop`."""
        async with self.serving(self._heartbeat.run()):
            await self._engine.run(self.stop_asked)
        log.info("worker.stopped")

    async def take_up(self, fresh: Configuration) -> None:
        """Nothing more: what is due is the planner's matter."""

    async def edit_seen(self) -> None:
        """Nothing: `tipwatch status` reads the file itself, and the log tells what was refused."""

    def one_line(self) -> str:
        """That it works, and whether an edit was refused."""
        return "working; an edit of the configuration was refused" if self.refused else "working"
