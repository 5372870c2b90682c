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
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, ClassVar

from tipwatch.config.load import Configuration, load_config
from tipwatch.daemon.stopping import STOP_SECONDS, WORK_GRACE_SECONDS
from tipwatch.daemon.systemd import Notifier
from tipwatch.daemon.watching import changes_of
from tipwatch.engine.runner import Runner
from tipwatch.errors import ConfigError, TipwatchError
from tipwatch.logs import set_up_logging

__all__ = ["Service", "refuse_what_needs_a_restart"]

log = logging.getLogger(__name__)


class Service(ABC):
    """Serves until stopped; `stop` and `reload` are called from the loop's thread.

    Args:
        configuration: in force at the start; a reload replaces it.
        runner: takes up each configuration, and is closed at the end.
        notifier: tells systemd.
        is_for_mail: whether it sends, so that what mail needs must be set.
    """

    name: ClassVar[str]
    """As the log names it: `NAME.started`, `NAME.stopping`, `NAME.stopped`."""

    def __init__(
        self, configuration: Configuration, runner: Runner, notifier: Notifier, *, is_for_mail: bool = True
    ) -> None:
        self.configuration = configuration
        self.is_for_mail = is_for_mail
        self.runner = runner
        self.notifier = notifier
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
        """Hears signals and takes up edits while the block runs, beside the helpers, which end with it; then closes the
        work."""
        with self._signals():
            tasks = [asyncio.create_task(each) for each in (*helpers, self._take_up_edits(), self._watch_file())]
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

    @abstractmethod
    def one_line(self) -> str:
        """What systemd shows of it."""

    @abstractmethod
    async def take_up(self, fresh: Configuration) -> None:
        """Does what a new configuration asks for, beyond the log and the work."""

    @abstractmethod
    async def edit_seen(self) -> None:
        """Is called after each edit, also one that was refused."""

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
        async for _ in changes_of(self.configuration.file, self.stop_asked):
            self.reload()

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
            fresh = await asyncio.to_thread(load_config, self.configuration.file, is_for_mail=self.is_for_mail)
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
