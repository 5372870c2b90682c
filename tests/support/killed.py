"""Runs a command of tipwatch and kills it, as `kill -9` does, when it passes its N-th point.

    python -m tests.support.killed N FILE COMMAND…

A point is a statement or commit of a transaction, the moment after it, each step of a conversation with a mail server,
and each replacement of a file; in one of ten the worker processes are killed instead. N = 0 kills nothing. How many
points were passed is written into FILE at the end.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
from aiosmtplib import SMTP
from sqlalchemy import Engine, event

from storage.database.engine import Database

WORKERS_EVERY = 10
"""At every tenth point the workers are killed, not the program."""


class Points:
    """Counts points; kills at the chosen one."""

    def __init__(self, chosen: int) -> None:
        self.chosen = chosen
        self.counter = itertools.count(1)
        self.passed = 0

    def __call__(self, *_: Any, **__: Any) -> None:
        self.passed = next(self.counter)
        if self.passed != self.chosen:
            return
        if self.chosen % WORKERS_EVERY == 0:
            for worker in psutil.Process().children(recursive=True):
                worker.kill()
        else:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        """Makes a point before and after each call of a method."""
        real: Callable[..., Any] = getattr(owner, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self()
            result = real(*args, **kwargs)
            self()
            return result

        setattr(owner, name, call)

    def around_awaited(self, owner: Any, name: str) -> None:
        """As `around`, of a method that is awaited."""
        real: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            self()
            result = await real(*args, **kwargs)
            self()
            return result

        setattr(owner, name, call)


def main() -> int:
    chosen, file, *command = sys.argv[1:]
    points = Points(int(chosen))
    event.listen(Engine, "before_cursor_execute", points)
    event.listen(Engine, "commit", points)
    points.around(Database, "write_now")
    for step in ("connect", "mail", "rcpt", "data", "quit"):
        points.around_awaited(SMTP, step)
    points.around(Path, "replace")
    from tipwatch.__main__ import main as tipwatch

    code = tipwatch(command)
    Path(file).write_text(str(points.passed))
    return code


if __name__ == "__main__":
    sys.exit(main())
