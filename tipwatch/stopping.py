"""Turns SIGINT and SIGTERM into an event, so that work in flight ends in order; a second one ends it at once."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["stop_on_signals"]


@contextmanager
def stop_on_signals() -> Iterator[asyncio.Event]:
    """An event that is set by the first signal. Needs a running loop.

    The second signal cancels the current task: somebody is in a hurry, and what was not stored yet is still waiting in
    the database.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    task = asyncio.current_task()

    def handle() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
            return
        print("stopping; what is under way is stored first (again to stop at once)", file=sys.stderr)
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, handle)
    try:
        yield stop
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
