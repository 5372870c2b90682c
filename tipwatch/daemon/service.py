"""What the daemon and the workers have in common as processes that serve until they are told to stop.

They promise: at SIGTERM or SIGINT they stop within `STOP_SECONDS`, what is in flight stored; at SIGHUP, or when the
file changes, the configuration is read again: a broken one is refused whole, told in the log, and the old stays in
force.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from watchfiles import awatch

from storage.database.daemon_lock import DaemonLock
from storage.database.engine import Database
from storage.database.errors import DatabaseGone, StorageError, Unreachable
from tipwatch.config.load import Configuration, load_config
from tipwatch.daemon.stopping import STOP_SECONDS, WORK_GRACE_SECONDS
from tipwatch.daemon.systemd import Notifier
from tipwatch.engine.choose import make_engine
from tipwatch.engine.runner import Clock, Runner
from tipwatch.errors import ConfigError, TipwatchError
from tipwatch.logs import set_up_logging

if TYPE_CHECKING:
    from tipwatch.engine.cluster import Role

__all__ = ["Service", "Worker", "refuse_what_needs_a_restart"]

log = logging.getLogger(__name__)

BEAT_SECONDS = 20.0  # how old what `tipwatch status` tells of the daemon may be
MISSED_BEATS = 3  # a minute without the database server: by then the lock is another's to take
SETTLE_MILLISECONDS = 300  # an editor writes, renames and sets rights: one change, not three


class Service:
    """Serves until stopped; `stop` and `reload` are called from the loop's thread.

    Args:
        configuration: in force at the start; a reload replaces it.
        database: open.
        lock: held on it by this process.
        now: the clock.
        has_digests: False leaves deliveries to others, so that what mail needs may be missing.

    Raises:
        StorageError: the cluster engine's library, or PostgreSQL, is missing.
    """

    name: ClassVar[str]
    """As the log names it: `NAME.started`, `NAME.stopping`, `NAME.stopped`."""

    role: ClassVar[Role] = "planner"

    def __init__(
        self,
        configuration: Configuration,
        database: Database,
        lock: DaemonLock,
        *,
        now: Clock,
        has_digests: bool = True,
    ) -> None:
        self.configuration = configuration
        self.has_digests = has_digests
        self.runner = Runner(database, configuration, now=now)
        self.notifier = Notifier.from_environment()
        self.lock = lock
        self.now = now
        self._missed_beats = 0
        self.engine = make_engine(
            configuration,
            database,
            self.runner,
            local_crawl=self.crawl,
            now=now,
            grace_seconds=WORK_GRACE_SECONDS,
            role=self.role,
            has_digests=has_digests,
        )
        self.refused: tuple[str, ...] = ()
        self.stop_asked = asyncio.Event()
        self._reload_asked = asyncio.Event()

    def stop(self) -> None:
        """Asks for an orderly end."""
        if not self.stop_asked.is_set():
            log.info("%s.stopping", self.name)
            self.notifier.stopping()
        self.stop_asked.set()

    def reload(self) -> None:
        """Asks for the configuration to be read again."""
        self._reload_asked.set()

    @contextlib.asynccontextmanager
    async def serving(self, *helpers: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
        """Hears signals, takes up edits and says that it lives while the block runs, beside the helpers, which end with
        it; then closes the work."""
        with self._signals():
            always = (self._beat_regularly(), self._take_up_edits(), self._watch_file())
            tasks = [asyncio.create_task(each) for each in (*helpers, *always)]
            log.info(
                "%s.started",
                self.name,
                extra={"config": self.configuration.file, "sources": len(self.configuration.sources)},
            )
            self.notifier.ready(self.one_line())
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(STOP_SECONDS - WORK_GRACE_SECONDS):
                        await self.runner.close()

    def one_line(self) -> str:
        """What systemd shows of it."""
        return f"{self.describe()}{'; an edit of the configuration was refused' if self.refused else ''}"

    def describe(self) -> str:
        """What it does, in a word or two."""
        return "working"

    def state(self) -> dict[str, object]:
        """What `tipwatch status` is told of this process."""
        return {}

    def database_lost(self, error: StorageError) -> None:
        """Is called when the database is gone, or the lock may be lost since its session was cut (PostgreSQL): another
        process may have it."""

    async def beat(self) -> None:
        """Stores the state now; a database that cannot take it is told in the log, and asked again at the next beat."""
        try:
            await asyncio.to_thread(self.lock.beat, self.now(), self.state())
            self._missed_beats = 0
        except StorageError as error:
            log.warning("heartbeat.failed", extra={"reason": str(error)})
            is_cut = isinstance(error, Unreachable) and self.lock.database.dialect == "postgresql"
            self._missed_beats = self._missed_beats + 1 if is_cut else 0
            if self._missed_beats >= MISSED_BEATS or isinstance(error, DatabaseGone):
                self.database_lost(error)

    async def crawl(self, stop: asyncio.Event, hosts: Sequence[str] | None) -> None:
        """What the engine of one process does for a crawl."""
        await self.runner.crawl(stop, hosts)

    async def take_up(self, fresh: Configuration) -> None:
        """Does what a new configuration asks for, beyond the log and the work."""

    async def edit_seen(self) -> None:
        """Is called after each edit, also one that was refused."""

    async def _beat_regularly(self) -> None:
        """Says that it lives, to systemd's watchdog and in the database, where `tipwatch status` reads it."""
        watchdog = self.notifier.watchdog_seconds
        pause = min(BEAT_SECONDS, watchdog / 2) if watchdog else BEAT_SECONDS
        while True:
            self.notifier.alive()
            await self.beat()
            await asyncio.sleep(pause)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        handled = {signal.SIGTERM: self.stop, signal.SIGINT: self.stop, signal.SIGHUP: self.reload}
        for number, handler in handled.items():
            loop.add_signal_handler(number, handler)
        try:
            yield
        finally:
            for number in handled:
                loop.remove_signal_handler(number)

    async def _watch_file(self) -> None:
        """Has each change of the file taken up, however it was written: in place, by renaming a new one over it, or
        behind a symbolic link. Where the system cannot watch (no inotify left, an odd file system) the log says so, and
        SIGHUP still works."""
        file = self.configuration.file
        target = file.resolve()
        try:
            # the folders, not the file: a rename replaces what a watch on the file would hold
            async for _ in awatch(
                *{file.parent, target.parent},
                watch_filter=lambda _change, path: path in {str(file), str(target)},
                stop_event=self.stop_asked,
                debounce=SETTLE_MILLISECONDS,
                recursive=False,
                raise_interrupt=False,
            ):
                self.reload()
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
            self.notifier.ready(self.one_line())
            await self.edit_seen()

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
        if fresh.settings == self.configuration.settings:
            log.info("config.unchanged")
            return
        self.configuration = fresh
        set_up_logging(
            folder=fresh.data_folder,
            style=fresh.settings.log.format,
            level=fresh.settings.log.level,
            secrets=fresh.all_secrets,
        )
        self.runner.use(fresh)
        log.info(
            "config.reloaded", extra={"sources": len(fresh.sources), "subscriptions": len(fresh.settings.subscriptions)}
        )
        await self.take_up(fresh)


class Worker(Service):
    """Only works: takes jobs that a planner put into the queue."""

    name = "worker"
    role = "worker"

    async def run(self) -> None:
        """Serves until SIGTERM, SIGINT or `stop`."""
        async with self.serving():
            await self.engine.run(self.stop_asked)
        log.info("worker.stopped")


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
