"""Shows a crawl as it goes: two bars on a terminal, now and then a plain line anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from tipwatch.text import one_line, shorten

if TYPE_CHECKING:
    from crawler.progress import Found, Progress

__all__ = ["counted_off", "show_count", "showing"]

T = TypeVar("T")

LINE_EVERY_SECONDS = 5.0  # in a pipe or a log: often enough to see it move, seldom enough to read

WORDS: dict[str, str] = {"relevant": "relevant", "new-project": "new project", "known-project": "known project"}


@contextmanager
def showing(*, is_quiet: bool = False) -> Iterator[Progress]:
    """A progress for whoever sits at the terminal (on standard error, so that output can be piped); silent where told
    so."""
    if is_quiet:
        from crawler.progress import SilentProgress

        yield SilentProgress()
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield bars
    else:
        yield PlainProgress()


def show_count(what: str, done: int, total: int) -> None:
    """Keeps one line of a terminal up to date, and clears it at the end; silent elsewhere."""
    if sys.stderr.isatty():
        line = f"{what}: {done} of {total}" if done < total else ""
        print(f"\r{line:50}", end="\r" if done == total else "", file=sys.stderr, flush=True)


def counted_off(items: Sequence[T], what: str) -> Iterator[T]:
    """The items one by one, with how many are done."""
    for done, item in enumerate(items):
        show_count(what, done, len(items))
        yield item
    show_count(what, len(items), len(items))


class PlainProgress:
    """Lines for a pipe: every few seconds how far it is, at once what was found and what failed."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()
        self._sources = (0, 0)
        self._pages = (0, 0)

    def sources(self, done: int, total: int) -> None:
        """How many of the due sources are done."""
        self._sources = (done, total)
        self._tell()

    def pages(self, done: int, total: int) -> None:
        """How many of the pages known so far are done."""
        self._pages = (done, total)
        self._tell()

    def failed(self, source: str, kind: str, text: str) -> None:
        """A source that failed."""
        _print(f"failed: {one_line(source)}: {shorten(text or kind, 120)}")

    def found(self, kind: Found, title: str) -> None:
        """An article worth telling of."""
        _print(f"{WORDS[kind]}: {shorten(title, 100)}")

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._told_at >= LINE_EVERY_SECONDS:
            self._told_at = now
            _print("sources {}/{}, pages {}/{}".format(*self._sources, *self._pages))


def _print(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _BarProgress(bars)


class _BarProgress:
    """Two bars, and above them what was found and what failed."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._source_bar = bars.add_task("sources", total=None)
        self._page_bar = bars.add_task("pages", total=None)

    def sources(self, done: int, total: int) -> None:
        """Moves the first bar."""
        self._bars.update(self._source_bar, completed=done, total=total)

    def pages(self, done: int, total: int) -> None:
        """Moves the second bar."""
        self._bars.update(self._page_bar, completed=done, total=total)

    def failed(self, source: str, kind: str, text: str) -> None:
        """A source that failed."""
        self._say(f"failed         {one_line(source)}: {shorten(text or kind, 100)}", "red")

    def found(self, kind: Found, title: str) -> None:
        """An article worth telling of."""
        style = "bold green" if kind == "new-project" else None
        self._say(f"{WORDS[kind]:<14} {shorten(title, 120)}", style)

    def _say(self, line: str, style: str | None) -> None:
        from rich.text import Text

        self._bars.console.print(Text(line, style=style or ""), no_wrap=True, overflow="ellipsis")
