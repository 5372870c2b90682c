"""The daemon: one supervisor that crawls and sends on schedule until it is told to stop.

What enters are a configuration file, signals and the clock; what leaves is in the database, the outbox and the log.
It promises:

- one daemon a database: a second refuses and names the first; with `engine: cluster` several share it;
- at SIGTERM or SIGINT it stops within `STOP_SECONDS`: no new signals, then the work ends with what is in flight
  stored, then the schedule, the crawler and the database are closed, in this order;
- at SIGHUP, or when the file changes, the configuration is read again: a broken one is refused whole and the old
  stays in force, told in the log and in `tipwatch status`;
- after downtime it makes up for what was missed with one crawl and one digest a subscription.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from storage.daemon_lock import DaemonLock
from storage.engine import Database
from tipwatch.config import Configuration, load_config
from tipwatch.engine.choose import make_engine
from tipwatch.errors import ConfigError, ExitCode, TipwatchError
from tipwatch.heartbeat import Heartbeat
from tipwatch.logs import set_up_logging
from tipwatch.schedule import Schedule
from tipwatch.systemd import Notifier
from tipwatch.watching import changes_of
from tipwatch.work import Work

__all__ = ["STOP_SECONDS", "WORK_GRACE_SECONDS", "Daemon", "refuse_what_needs_a_restart"]

log = logging.getLogger(__name__)

STOP_SECONDS = 10.0  # promised to whoever sends SIGTERM
# Of them for the work in flight (the crawler ends within 8); the rest closes workers and database.
WORK_GRACE_SECONDS = 8.5
# After a start, digests that are overdue wait so long for the first crawl, whose news they should hold; a slot that
# comes meanwhile does not wait.
CATCH_UP_SECONDS = 300.0


class Daemon:
    """Runs until stopped.

    Args:
        configuration: in force at the start; a reload replaces it.
        database: open.
        lock: held on it by this daemon.
        notifier: tells systemd.
        now: the clock.
    """

    def __init__(
        self,
        configuration: Configuration,
        database: Database,
        lock: DaemonLock,
        *,
        notifier: Notifier,
        now: Callable[[], datetime],
    ) -> None:
        self._configuration = configuration
        self._notifier = notifier
        self._stop = asyncio.Event()
        self._reload = asyncio.Event()
        self._work = Work(database, configuration, now=now)
        self._engine = make_engine(
            configuration,
            database,
            self._work,
            local_crawl=self._crawl,
            now=now,
            grace_seconds=WORK_GRACE_SECONDS,
        )
        self._schedule = Schedule(self._engine)
        self._heartbeat = Heartbeat(lock, notifier, now=now, state=self._state, lost=self._lock_is_lost)
        self._code = ExitCode.DONE
        self._refused: tuple[str, ...] = ()
        self._is_stopped = False
        self._is_alone = not lock.is_shared

    async def run(self) -> ExitCode:
        """Serves until SIGTERM, SIGINT or `stop`; gives the exit code when everything is closed in order."""
        loop = asyncio.get_running_loop()
        with self._signals(loop):
            self._schedule.apply(self._configuration.settings)
            self._schedule.start()
            helpers = [
                asyncio.create_task(self._heartbeat.run(), name="heartbeat"),
                asyncio.create_task(self._take_up_edits(), name="edits"),
                asyncio.create_task(self._watch_file(), name="watch"),
                asyncio.create_task(self._catch_up(), name="catch-up"),
            ]
            log.info(
                "daemon_started",
                extra={"config": self._configuration.file, "sources": len(self._configuration.sources)},
            )
            self._notifier.ready(self._one_line())
            try:
                await self._engine.submit_poll(None)
                await self._serve()
            finally:
                for helper in helpers:
                    helper.cancel()
                await asyncio.gather(*helpers, return_exceptions=True)
        if self._code == ExitCode.DONE:
            self._is_stopped = True
            await self._heartbeat.beat()  # the last word: it ended in order
        log.info("daemon_stopped")
        return self._code

    def stop(self) -> None:
        """Asks for an orderly end; from the loop's thread."""
        if not self._stop.is_set():
            log.info("daemon_stopping")
            self._notifier.stopping()
        self._schedule.pause()
        self._stop.set()

    def _lock_is_lost(self) -> None:
        if not self._is_alone:  # others may have it too: it is taken again when the server is back
            return
        log.error("lock_lost", extra={"hint": "the database server was away; another daemon may have begun"})
        self._code = ExitCode.NEEDS_A_PERSON
        self.stop()

    def reload(self) -> None:
        """Asks for the configuration to be read again; from the loop's thread."""
        self._reload.set()

    async def _crawl(self, hosts: Sequence[str] | None, stop: asyncio.Event) -> None:
        try:
            await self._work.crawl_due(hosts, stop)
        finally:
            # the first digest of all waits until something was read; so does one that was missed
            await self._engine.submit_digest("after a crawl")

    async def _catch_up(self) -> None:
        """Sends what was missed while nothing ran, even if the first crawl takes long."""
        await asyncio.sleep(CATCH_UP_SECONDS)
        await self._engine.submit_digest("start")

    async def _serve(self) -> None:
        try:
            await self._engine.run(self._stop)
        finally:
            self._schedule.stop()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS - WORK_GRACE_SECONDS):
                    await self._work.close()

    @contextlib.contextmanager
    def _signals(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        handled = {signal.SIGTERM: self.stop, signal.SIGINT: self.stop, signal.SIGHUP: self.reload}
        for number, handler in handled.items():
            loop.add_signal_handler(number, handler)
        try:
            yield
        finally:
            for number in handled:
                loop.remove_signal_handler(number)

    async def _watch_file(self) -> None:
        async for _ in changes_of(self._configuration.file, self._stop):
            self.reload()

    async def _take_up_edits(self) -> None:
        while True:
            await self._reload.wait()
            self._reload.clear()
            self._notifier.reloading()
            try:
                await self._read_again(self._configuration.file)
            except Exception:  # a fault in a reload must not end the daemon: the old configuration still works
                log.exception("reload_failed")
            self._notifier.ready(self._one_line())
            await self._heartbeat.beat()

    async def _read_again(self, file: Path) -> None:
        try:
            fresh = await asyncio.to_thread(load_config, file)
            refuse_what_needs_a_restart(self._configuration, fresh)
        except TipwatchError as error:
            lines = error.as_lines() if isinstance(error, ConfigError) else [error.message]
            self._refused = tuple(lines)
            log.error(  # noqa: TRY400 (the operator's mistake, not ours: a traceback would hide what is wrong)
                "reload_refused", extra={"problems": len(lines), "first": lines[0], "in_force": "the old configuration"}
            )
            return
        self._refused = ()
        if fresh.settings == self._configuration.settings:
            log.info("reload_unchanged")
            return
        self._configuration = fresh
        set_up_logging(
            folder=fresh.data_folder,
            style=fresh.settings.log.format,
            level=fresh.settings.log.level,
            secrets=fresh.all_secrets,
        )
        self._work.use(fresh)
        self._schedule.apply(fresh.settings)
        log.info(
            "reload_done", extra={"sources": len(fresh.sources), "subscriptions": len(fresh.settings.subscriptions)}
        )
        await self._engine.submit_poll(None)

    def _state(self) -> dict[str, object]:
        """What `tipwatch status` is told of this process."""
        return {
            "config": str(self._configuration.file),
            "config_refused": list(self._refused),
            "next": {name: at.isoformat() for name, at in self._schedule.next_runs().items()},
            "doing": self._work.doing,
            "last_fault": self._work.last_fault,
            "stopped": self._is_stopped,
        }

    def _one_line(self) -> str:
        refused = "; an edit of the configuration was refused" if self._refused else ""
        return f"watching {len(self._configuration.sources)} sources{refused}"


def refuse_what_needs_a_restart(old: Configuration, new: Configuration) -> None:
    """Raises TipwatchError where an edit names another database, data folder or engine, which a running daemon cannot
    change."""
    for key, before, after in (
        ("data", str(old.data_folder), str(new.data_folder)),
        ("storage.url", old.database_url, new.database_url),
        ("engine", old.settings.engine, new.settings.engine),
    ):
        if before != after:
            raise TipwatchError(f"{key} changed; restart the daemon to take it up")
