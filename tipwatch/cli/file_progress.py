"""Shows how much of a file is read: a bar on a terminal, else a line now and then; nothing where it is quickly done."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from tipwatch.cli.progress import LINE_EVERY_SECONDS

__all__ = ["FileProgress", "showing_file"]

QUICK_SECONDS = 2.0  # what is done by then needs no bar


@contextmanager
def showing_file(stream: IO[bytes], size: int | None) -> Iterator[FileProgress]:
    """A progress on standard error for a file that is being read; `size` None where it is a pipe, whose end nobody
    knows."""
    progress = FileProgress(stream, size)
    try:
        yield progress
    finally:
        progress.end()


class FileProgress:
    """Tells how many articles are in, and how much of the file."""

    def __init__(self, stream: IO[bytes], size: int | None) -> None:
        self._stream = stream
        self._size = size
        self._is_terminal = sys.stderr.isatty()
        self._bar: Any = None
        self._next_at = time.monotonic() + (QUICK_SECONDS if self._is_terminal else LINE_EVERY_SECONDS)

    def advance(self, articles: int) -> None:
        """So many articles are in."""
        if self._bar is None and time.monotonic() < self._next_at:
            return
        if self._is_terminal:
            self._show(articles)
            return
        self._next_at = time.monotonic() + LINE_EVERY_SECONDS
        share = f", {min(self._stream.tell() / self._size, 1):.0%} of the file" if self._size else ""
        self.say(f"{articles} articles{share}")

    def say(self, line: str) -> None:
        """A line above the bar."""
        if self._bar is None:
            print(line, file=sys.stderr, flush=True)
        else:
            from rich.text import Text

            self._bar.console.print(Text(line))

    def end(self) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def _show(self, articles: int) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task("", total=self._size)
            self._bar.start()
        done = self._stream.tell() if self._size else None
        self._bar.update(self._bar.task_ids[0], completed=done, description=f"{articles} articles")
