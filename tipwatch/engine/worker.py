"""A process that only works: takes jobs that a planner put into the queue, until it is told to stop.

It promises what the daemon does: at SIGTERM or SIGINT it stops within the same seconds, with what is in flight stored;
at SIGHUP, or when the file changes, it takes up the configuration; a broken one is refused and the old stays in force.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from datetime import datetime

from storage.daemon_lock import DaemonLock
from storage.engine import Database
from storage.errors import StorageError
from tipwatch.config import Configuration, load_config
from tipwatch.daemon import STOP_SECONDS, WORK_GRACE_SECONDS, refuse_what_needs_a_restart
from tipwatch.engine.choose import make_cluster_engine
from tipwatch.errors import ConfigError, TipwatchError
from tipwatch.heartbeat import BEAT_SECONDS
from tipwatch.systemd import Notifier
from tipwatch.watching import changes_of
from tipwatch.work import Work

__all__ = ["Worker"]

log = logging.getLogger(__name__)


class Worker:
    """Works until stopped.

    Args:
        configuration: in force at the start; a reload replaces it.
        database: open.
        lock: held on it, shared with the other processes.
        notifier: tells systemd.
        now: the clock.
        has_digests: False leaves deliveries to others.

    Raises:
        StorageError: the cluster engine's library, or PostgreSQL, is missing.
    """

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
        self._configuration = configuration
        self._lock = lock
        self._notifier = notifier
        self._now = now
        self._stop = asyncio.Event()
        self._reload = asyncio.Event()
        self._work = Work(database, configuration, now=now)
        self._engine = make_cluster_engine(
            configuration,
            database,
            self._work,
            now=now,
            grace_seconds=WORK_GRACE_SECONDS,
            role="worker",
            has_digests=has_digests,
        )

    async def run(self) -> None:
        """Serves until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        handled = {signal.SIGTERM: self._end, signal.SIGINT: self._end, signal.SIGHUP: self._reload.set}
        for number, handler in handled.items():
            loop.add_signal_handler(number, handler)
        helpers = [
            asyncio.create_task(each, name=name)
            for name, each in (("alive", self._stay_alive()), ("edits", self._take_up_edits()), ("file", self._watch()))
        ]
        log.info("worker_started", extra={"config": self._configuration.file})
        self._notifier.ready("working")
        try:
            await self._engine.run(self._stop)
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS - WORK_GRACE_SECONDS):
                    await self._work.close()
            for number in handled:
                loop.remove_signal_handler(number)
        log.info("worker_stopped")

    def _end(self) -> None:
        if not self._stop.is_set():
            log.info("worker_stopping")
            self._notifier.stopping()
        self._stop.set()

    async def _stay_alive(self) -> None:
        """Tells systemd's watchdog, and takes the shared lock again where its connection was cut."""
        watchdog = self._notifier.watchdog_seconds
        pause = min(BEAT_SECONDS, watchdog / 2) if watchdog else BEAT_SECONDS
        while True:
            self._notifier.alive()
            try:
                await asyncio.to_thread(self._lock.beat, self._now())
            except StorageError as error:
                log.warning("lock_not_held", extra={"reason": str(error)})
            await asyncio.sleep(pause)

    async def _watch(self) -> None:
        async for _ in changes_of(self._configuration.file, self._stop):
            self._reload.set()

    async def _take_up_edits(self) -> None:
        while True:
            await self._reload.wait()
            self._reload.clear()
            self._notifier.reloading()
            try:
                fresh = await asyncio.to_thread(load_config, self._configuration.file)
                refuse_what_needs_a_restart(self._configuration, fresh)
            except TipwatchError as error:
                first = error.as_lines()[0] if isinstance(error, ConfigError) else error.message
                log.error("reload_refused", extra={"first": first, "in_force": "the old configuration"})  # noqa: TRY400 (the operator's mistake)
            else:
                self._configuration = fresh
                self._work.use(fresh)
                log.info("reload_done", extra={"sources": len(fresh.sources)})
            self._notifier.ready("working")
