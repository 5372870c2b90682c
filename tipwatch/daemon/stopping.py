"""Turns SIGINT and SIGTERM into an event, so that work in flight ends in order and in time; a second one hurries."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from tipwatch.errors import ExitCode

log = logging.getLogger(__name__)

STOP_SECONDS = 10.0  # promised to whoever sends SIGTERM
# Of them for the work in flight (the crawler ends within 8); the rest closes workers and database.
WORK_GRACE_SECONDS = 8.5

T = TypeVar("T")


@contextmanager
def leaving_in_time() -> Iterator[Callable[[], None]]:
    """Gives what to call, once, when a stop is asked for: the process ends `STOP_SECONDS` later, unless the block has
    ended by then. Nothing can cut off a thread that waits for a look-up of a name, a file system that hangs or a
    database that another program holds; what is lost then is what a `kill -9` would lose.
    """

    def leave() -> None:
        log.warning("stop.cut_off", extra={"after_seconds": STOP_SECONDS})
        os._exit(ExitCode.INTERRUPTED)

    timer = threading.Timer(STOP_SECONDS, leave)
    timer.daemon = True
    try:
        yield timer.start
    finally:
        timer.cancel()


@contextmanager
def handling(handlers: Mapping[signal.Signals, Callable[[], object]]) -> Iterator[None]:
    """Has signals handled so in the running loop while the block runs."""
    loop = asyncio.get_running_loop()
    for number, handler in handlers.items():
        loop.add_signal_handler(number, handler)
    try:
        yield
    finally:
        for number in handlers:
            loop.remove_signal_handler(number)


@contextmanager
def stop_on_signals() -> Iterator[asyncio.Event]:
    """An event that is set by the first signal. Needs a running loop.

    The second signal cancels the current task: somebody is in a hurry, and what was not stored yet is still waiting in
    the database.

    Raises:
        KeyboardInterrupt: the second signal came.
    """
    stop = asyncio.Event()
    task = asyncio.current_task()

    def handle() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
            return
        print("stopping; work in progress is stored first (repeat to stop at once)", file=sys.stderr)
        stop.set()

    try:
        with handling({signal.SIGINT: handle, signal.SIGTERM: handle}):
            yield stop
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def finish_in_time(work: Coroutine[Any, Any, T], stop: asyncio.Event) -> T | None:
    """What `work` gives; None where it was cancelled, since it had not ended `WORK_GRACE_SECONDS` after `stop`."""
    task, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
        done, _ = await asyncio.wait((task,), timeout=WORK_GRACE_SECONDS)
        return task.result() if done else None
    finally:
        stopping.cancel()
        task.cancel()
        await asyncio.gather(task, stopping, return_exceptions=True)
