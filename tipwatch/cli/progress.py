"""How far long work is, on standard error: bars on a terminal, elsewhere a plain line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, TypeVar

from tipwatch.text import counted, one_line, shorten

if TYPE_CHECKING:
    from crawler.progress import Found, Progress

T = TypeVar("T")

LINE_EVERY_SECONDS = 5.0  # in a pipe or a log: often enough to see it move, seldom enough to read
QUICK_SECONDS = 2.0  # a file that is read by then needs no bar

WORDS: dict[str, str] = {"relevant": "relevant", "new-project": "new project", "known-project": "known project"}


@contextmanager
def showing(*, is_quiet: bool = False) -> Iterator[Progress]:
    """A crawl's progress for whoever sits at the terminal; silent where told so."""
    if is_quiet:
        from crawler.progress import SilentProgress

        yield SilentProgress()
        return
    with Display() as display:
        yield CrawlProgress(display)


@contextmanager
def showing_file(stream: IO[bytes], size: int | None) -> Iterator[FileProgress]:
    """The progress of a file that is being read; `size` None where it is a pipe, whose end nobody knows."""
    with Display(quick_seconds=QUICK_SECONDS) as display:
        yield FileProgress(display, stream, size)


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


class Display:
    """Counts that grow, and lines above them; nothing of the counts where all is done within `quick_seconds`."""

    def __init__(self, *, quick_seconds: float = 0.0) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._next_at = time.monotonic() + (quick_seconds if self._is_terminal else LINE_EVERY_SECONDS)
        self._texts: dict[str, str] = {}
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Display:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def count(self, what: str, text: str, done: int | None, total: int | None) -> None:
        """`what` has come so far, which `text` says."""
        self._texts[what] = text
        if self._bars is None and time.monotonic() < self._next_at:
            return
        if not self._is_terminal:
            self._next_at = time.monotonic() + LINE_EVERY_SECONDS
            self.say(", ".join(self._texts.values()))
            return
        if self._bars is None:
            self._bars = _start_bars()
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(text, total=total)
        self._bars.update(self._tasks[what], description=text, completed=done, total=total)

    def say(self, line: str, style: str = "") -> None:
        """A line above the bars."""
        if self._bars is None:
            print(line, file=sys.stderr, flush=True)
        else:
            from rich.text import Text

            self._bars.console.print(Text(line, style=style))


def _start_bars() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bars = Progress(*columns, console=Console(stderr=True), transient=True)
    bars.start()
    return bars


class CrawlProgress:
    """How many sources and pages are done, and at once what was found and what failed."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def sources(self, done: int, total: int) -> None:
        """How many of the due sources are done."""
        self._display.count("sources", f"sources {done}/{total}", done, total)

    def pages(self, done: int, total: int) -> None:
        """How many of the pages known so far are done."""
        self._display.count("pages", f"pages {done}/{total}", done, total)

    def failed(self, source: str, kind: str, text: str) -> None:
        """A source that failed."""
        self._display.say(f"failed: {one_line(source)}: {shorten(text or kind, 120)}", "red")

    def found(self, kind: Found, title: str) -> None:
        """An article worth telling of."""
        self._display.say(f"{WORDS[kind]}: {shorten(title, 100)}", "bold green" if kind == "new-project" else "")


class FileProgress:
    """How many articles are in, and how much of the file."""

    def __init__(self, display: Display, stream: IO[bytes], size: int | None) -> None:
        self.say = display.say
        self._display = display
        self._stream = stream
        self._size = size

    def advance(self, articles: int) -> None:
        """So many articles are in."""
        done = self._stream.tell() if self._size else None
        share = f", {min(done / self._size, 1):.0%} of the file" if done is not None and self._size else ""
        self._display.count("file", f"{counted(articles, 'article')} read{share}", done, self._size)
