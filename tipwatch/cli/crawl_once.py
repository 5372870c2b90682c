"""One crawl from the command line: which sources, with progress, and its summary in words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tipwatch.cli.common import utc_now
from tipwatch.cli.show import bold, print_table
from tipwatch.config.selection import source_called
from tipwatch.text import counted

if TYPE_CHECKING:
    from crawler.progress import CrawlSummary
    from storage.database.engine import Database
    from tipwatch.config.load import Configuration

__all__ = ["crawl_once", "named_sources", "print_summary", "summary_line"]


def named_sources(configuration: Configuration, wanted: Sequence[str]) -> list[str] | None:
    """The names of the watched sources that are meant, by name or address; None where none is named.

    Raises:
        NotFound: a word names no watched source.
    """
    return [source_called(configuration.sources, word).label for word in wanted] or None


def crawl_once(
    database: Database,
    configuration: Configuration,
    *,
    names: Sequence[str] | None,
    is_forced: bool,
    is_quiet: bool,
) -> tuple[CrawlSummary, bool]:
    """Crawls once with progress on standard error; gives the summary and whether Ctrl-C ended it early.

    Raises:
        DaemonRunning: a daemon, or another crawl, is at work on this database; two at once would not keep hosts'
        delays.
    """
    from storage.database.daemon_lock import DaemonLock
    from tipwatch.cli.progress import showing
    from tipwatch.daemon.stopping import stop_on_signals
    from tipwatch.engine.runner import Runner

    async def run() -> tuple[CrawlSummary, bool]:
        with showing(is_quiet=is_quiet) as progress, stop_on_signals() as stop:
            work = Runner(database, configuration, now=utc_now, progress=progress)
            try:
                summary = await work.crawl(stop, names=names, is_forced=is_forced)
            finally:
                await work.close()
            return summary, stop.is_set()

    with DaemonLock(database, now=utc_now()) as lock:
        lock.beat(utc_now(), {"doing": ["crawling by hand"]})
        try:
            return asyncio.run(run())
        finally:
            lock.beat(utc_now(), {"stopped": True})  # a crawl by hand that ends is no daemon that died


def summary_line(summary: CrawlSummary) -> str:
    """What a crawl did, in one sentence."""
    sources = _counted(
        [
            (summary.changed, "with news"),
            (summary.unchanged, "unchanged"),
            (summary.failed, "failed"),
            (summary.postponed, "put off"),
        ]
    )
    pages = _counted(
        [
            (summary.relevant, "relevant"),
            (summary.ruled_out, "ruled out"),
            (summary.near_copies, "copies"),
            (summary.delayed, "delayed"),
            (summary.parked, "parked"),
        ]
    )
    known = counted(summary.known_projects, "article")
    found = f"{counted(summary.new_projects, 'new project')}, {known} on known ones"
    return (
        f"{counted(summary.sources, 'source')}{sources}; {counted(summary.pages, 'page')}{pages}; {found}; "
        f"{summary.seconds:.1f} s{'; stopped early, the rest will follow' if summary.is_stopped else ''}"
    )


def print_summary(summary: CrawlSummary) -> None:
    """Prints it, with each source that failed and why."""
    print(bold("Crawled: ") + summary_line(summary))
    if summary.failed_sources:
        print()
        rows = [(one.name, one.kind, one.text) for one in summary.failed_sources]
        print_table(("failed source", "kind", "reason"), rows, empty="")


def _counted(parts: Iterable[tuple[int, str]]) -> str:
    words = ", ".join(f"{count} {word}" for count, word in parts if count)
    return f" ({words})" if words else ""
