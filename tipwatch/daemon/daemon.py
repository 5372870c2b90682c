"""The daemon and the workers: processes that serve until they are told to stop.

What enters are a configuration file, signals and the clock; what leaves is in the database, the outbox and the log.
They promise:

- one daemon a database: a second refuses and names the first; with `engine: cluster` several share it, with workers
  that only take jobs that a daemon has planned;
- at SIGTERM or SIGINT they stop within `STOP_SECONDS`: the work ends with what is in flight stored, then the schedule,
  the crawler and the database are closed, in this order;
- at SIGHUP, or when the file changes, the configuration is read again: a broken one is refused whole, told in the log
  and in `tipwatch status`, and the old stays in force;
- after downtime the daemon makes up for what was missed with one crawl and one digest a subscription.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import awatch

from storage.database.daemon_lock import DaemonLock
from storage.database.engine import Database
from storage.database.errors import DatabaseGone, StorageError, Unreachable
from tipwatch.config.load import Configuration, load_config
from tipwatch.daemon.schedule import Schedule
from tipwatch.daemon.stopping import STOP_SECONDS, WORK_GRACE_SECONDS, handling
from tipwatch.daemon.systemd import Notifier
from tipwatch.engine.choose import make_engine
from tipwatch.engine.runner import Clock, Runner
from tipwatch.errors import ConfigError, ExitCode, TipwatchError
from tipwatch.logs import set_up_logging
from tipwatch.text import counted

if TYPE_CHECKING:
    from tipwatch.engine.cluster import Role

log = logging.getLogger(__name__)

BEAT_SECONDS = 20.0  # how old what `tipwatch status` tells of the daemon may be
MISSED_BEATS = 3  # a minute without the database server: by then the lock is another's to take
SETTLE_MILLISECONDS = 300  # an editor writes, renames and sets rights: one change, not three

# After a start, digests that are overdue wait so long for the first crawl, whose news they should hold; a slot that
# comes meanwhile does not wait.
CATCH_UP_SECONDS = 300.0


class Daemon:
    """Runs until stopped; `stop` and `reload` are called from the loop's thread.

    Args:
        configuration: in force at the start; a reload replaces it.
        database: open.
        lock: held on it by this process.
        now: the clock.
        role: a planner follows the schedule and works; a worker only takes jobs that a planner put into the queue.
        has_digests: False leaves deliveries to others, so that what mail needs may be missing.
        at_stop: is called when a stop is first asked for.

    Raises:
        StorageError: the cluster engine's library, or PostgreSQL, is missing.
    """

    def __init__(
        self,
        configuration: Configuration,
        database: Database,
        lock: DaemonLock,
        *,
        now: Clock,
        role: Role = "planner",
        has_digests: bool = True,
        at_stop: Callable[[], None] = lambda: None,
    ) -> None:
        self.configuration = configuration
        self.has_digests = has_digests
        self.runner = Runner(database, configuration, now=now)
        self.notifier = Notifier.from_environment()
        self.lock = lock
        self.now = now
        self.engine = make_engine(
            configuration,
            database,
            self.runner,
            now=now,
            grace_seconds=WORK_GRACE_SECONDS,
            role=role,
            has_digests=has_digests,
        )
        self.refused: tuple[str, ...] = ()
        self.stop_asked = asyncio.Event()
        self._at_stop = at_stop
        self._is_planner = role == "planner"
        self._name = "daemon" if self._is_planner else "worker"
        """As the log names it: `NAME.started`, `NAME.stopping`, `NAME.stopped`."""
        self._schedule = Schedule(self.engine)
        self._reload_asked = asyncio.Event()
        self._missed_beats = 0
        self._code = ExitCode.DONE
        self._is_stopped = False

    async def run(self) -> ExitCode:
        """Serves until SIGTERM, SIGINT or `stop`; gives the exit code when everything is closed in order."""
        with handling({signal.SIGTERM: self.stop, signal.SIGINT: self.stop, signal.SIGHUP: self.reload}):
            beside = [self._beat_regularly(), self._take_up_edits(), self._watch_file()]
            if self._is_planner:
                beside.append(self._catch_up())
            tasks = [asyncio.create_task(each) for each in beside]
            sources = len(self.configuration.sources)
            log.info("%s.started", self._name, extra={"config": self.configuration.file, "sources": sources})
            self.notifier.ready(self._one_line())
            try:
                if self._is_planner:
                    self._schedule.apply(self.configuration.settings)
                    self._schedule.start()
                    await self.engine.submit_poll()
                await self.engine.run(self.stop_asked)
            finally:
                self._schedule.stop()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(STOP_SECONDS - WORK_GRACE_SECONDS):
                        await self.runner.close()
        if self._code == ExitCode.DONE:
            self._is_stopped = True
            await self.beat()  # the last word: it ended in order
        log.info("%s.stopped", self._name)
        return self._code

    def stop(self) -> None:
        """Asks for an orderly end."""
        if not self.stop_asked.is_set():
            log.info("%s.stopping", self._name)
            self.notifier.stopping()
            self._at_stop()
        self.stop_asked.set()
        self._schedule.pause()

    def reload(self) -> None:
        """Asks for the configuration to be read again."""
        self._reload_asked.set()

    def database_lost(self, error: StorageError) -> None:
        """Ends it where the database is gone, or another process may have the lock since the session that held it was
        cut (PostgreSQL)."""
        if isinstance(error, DatabaseGone):
            log.error("database.gone", extra={"reason": error, "hint": error.hint})
        elif not self.lock.is_shared:
            hint = "the database server was away; another daemon may have begun"
            log.error("database.lock_lost", extra={"hint": hint})
        else:  # others may have the lock too: it is taken again when the server is back
            return
        self._code = ExitCode.NEEDS_A_PERSON
        self.stop()

    async def beat(self) -> None:
        """Stores the state now; a database that cannot take it is told in the log, and asked again at the next beat."""
        try:
            await asyncio.to_thread(self.lock.beat, self.now(), self._state())
            self._missed_beats = 0
        except StorageError as error:
            log.warning("heartbeat.failed", extra={"reason": str(error)})
            is_cut = isinstance(error, Unreachable) and self.lock.database.dialect == "postgresql"
            self._missed_beats = self._missed_beats + 1 if is_cut else 0
            if self._missed_beats >= MISSED_BEATS or isinstance(error, DatabaseGone):
                self.database_lost(error)

    async def _catch_up(self) -> None:
        """Sends what was missed while nothing ran, even if the first crawl takes long."""
        await asyncio.sleep(CATCH_UP_SECONDS)
        await self.engine.submit_digest("start")

    async def _beat_regularly(self) -> None:
        """Says that it lives, to systemd's watchdog and in the database, where `tipwatch status` reads it."""
        watchdog = self.notifier.watchdog_seconds
        pause = min(BEAT_SECONDS, watchdog / 2) if watchdog else BEAT_SECONDS
        while True:
            self.notifier.alive()
            await self.beat()
            await asyncio.sleep(pause)

    async def _watch_file(self) -> None:
        """Has each change of the file taken up, however it was written: in place, by renaming a new one over it, or
        behind symbolic links, which may lead elsewhere from then on. Where the system cannot watch (no inotify left, an
        odd file system) the log says so, and SIGHUP still works."""
        file = self.configuration.file
        known = _version_of(file)
        try:
            while not self.stop_asked.is_set():
                # the folders, not the file: a rename replaces what a watch on the file would hold
                folders = {file.parent, known[0].parent}
                changes = awatch(
                    *(folder for folder in folders if folder.is_dir()),
                    watch_filter=None,
                    stop_event=self.stop_asked,
                    debounce=SETTLE_MILLISECONDS,
                    recursive=False,
                    raise_interrupt=False,
                )
                async with contextlib.aclosing(changes):
                    async for _ in changes:
                        if (fresh := _version_of(file)) != known:
                            known = fresh
                            self.reload()
                        if known[0].parent not in folders:
                            break
        except (OSError, RuntimeError) as error:
            hint = "send SIGHUP after an edit"
            log.warning("config.watch_failed", extra={"file": file, "reason": error, "hint": hint})

    async def _take_up_edits(self) -> None:
        while True:
            await self._reload_asked.wait()
            self._reload_asked.clear()
            self.notifier.reloading()
            try:
                await self._read_again()
            except Exception:  # a fault in a reload must not end the service: the old configuration still works
                log.exception("config.reload_failed")
            self.notifier.ready(self._one_line())
            await self.beat()  # `tipwatch status` tells it at once

    async def _read_again(self) -> None:
        try:
            fresh = await asyncio.to_thread(load_config, self.configuration.file, is_for_mail=self.has_digests)
            refuse_what_needs_a_restart(self.configuration, fresh)
        except TipwatchError as error:
            lines = error.as_lines() if isinstance(error, ConfigError) else [error.message]
            self.refused = tuple(lines)
            log.error(  # noqa: TRY400 (the operator's mistake, not ours: a traceback would hide what is wrong)
                "config.refused", extra={"problems": len(lines), "first": lines[0], "in_force": "the old configuration"}
            )
            return
        self.refused = ()
        set_up_logging(  # also without an edit: SIGHUP opens a log anew that was moved or deleted
            folder=fresh.data_folder,
            style=fresh.settings.log.format,
            level=fresh.settings.log.level,
            secrets=fresh.all_secrets,
        )
        if fresh.settings == self.configuration.settings:
            log.info("config.unchanged")
            return
        self.configuration = fresh
        self.runner.use(fresh)
        log.info(
            "config.reloaded", extra={"sources": len(fresh.sources), "subscriptions": len(fresh.settings.subscriptions)}
        )
        if self._is_planner:
            self._schedule.apply(fresh.settings)
            await self.engine.submit_poll()  # what it made due

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

    def _one_line(self) -> str:
        """What systemd shows of it."""
        doing = f"watching {counted(len(self.configuration.sources), 'source')}" if self._is_planner else "working"
        return f"{doing}{'; an edit of the configuration was refused' if self.refused else ''}"


def _version_of(file: Path) -> tuple[Path, tuple[int, int, int] | None]:
    """Where a file lies, links followed, and what changes when its content does; None where there is none."""
    target = Path(os.path.realpath(file))
    try:
        seen = target.stat()
    except OSError:
        return target, None
    return target, (seen.st_ino, seen.st_mtime_ns, seen.st_size)


def refuse_what_needs_a_restart(old: Configuration, new: Configuration) -> None:
    """Raises TipwatchError where an edit names another database, data folder or engine, which a running process cannot
    change."""
    for key, before, after in (
        ("data", str(old.data_folder), str(new.data_folder)),
        ("storage.url", old.database_url, new.database_url),
        ("engine", old.settings.engine, new.settings.engine),
    ):
        if before != after:
            raise TipwatchError(f"{key} changed; restart to take it up")
