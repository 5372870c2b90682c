"""`tipwatch crawl`: one crawl now, with progress, and its summary in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, holding_lock, load, open_database, utc_now
from tipwatch.cli.show import bold, print_json, print_table, until
from tipwatch.errors import ExitCode
from tipwatch.text import counted

if TYPE_CHECKING:
    from crawler.progress import CrawlSummary
    from storage.database.engine import Database
    from tipwatch.config.load import Configuration


def crawl(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE",
            help="Names or addresses of sources; all that are due, unless given.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    force: Annotated[bool, typer.Option("--force", help="Also visit sources that are not due yet.")] = False,
    json: JsonOption = False,
) -> int:
    """Crawl once, now: visit the sources that are due, read and judge what is new, and report what was found.

    Sources you name are visited whether or not they are due. Exit code 1 when a source failed.

    Examples: `tipwatch crawl`, `tipwatch crawl "Example news"`
    """
    import asyncio

    from storage.sources.sources import next_due_source
    from tipwatch.config.probes import check_own_model
    from tipwatch.config.selection import source_called

    configuration = load(context, config)
    check_own_model(configuration)
    names = [source_called(configuration.sources, word).label for word in sources or []] or None
    with open_database(configuration) as database, holding_lock(database, "crawling by hand"):
        summary, is_interrupted = asyncio.run(
            _crawl_once(database, configuration, names=names, is_forced=force or bool(names), is_quiet=json)
        )
        due_line = ""
        if not summary.sources and not is_interrupted:
            with database.reading() as connection:
                due_line = next_due_line(next_due_source(connection), utc_now())
    if json:
        print_json(summary.as_json())
    else:
        print(bold("Crawled: ") + summary_line(summary))
        if due_line:
            print(due_line)
        if summary.failed_sources:
            print()
            rows = [(one.name, one.kind, one.text) for one in summary.failed_sources]
            print_table(("failed source", "kind", "reason"), rows, empty="")
    if is_interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.NEEDS_A_PERSON if summary.failed else ExitCode.DONE


async def _crawl_once(
    database: Database, configuration: Configuration, *, names: Sequence[str] | None, is_forced: bool, is_quiet: bool
) -> tuple[CrawlSummary, bool]:
    """The summary, and whether Ctrl-C ended it early; with progress on standard error unless it `is_quiet`."""
    from tipwatch.cli.progress import showing
    from tipwatch.daemon.stopping import stop_on_signals
    from tipwatch.engine.runner import Runner

    with showing(is_quiet=is_quiet) as progress, stop_on_signals() as stop:
        work = Runner(database, configuration, now=utc_now, progress=progress)
        try:
            summary = await work.crawl(stop, names=names, is_forced=is_forced)
        finally:
            await work.close()
        return summary, stop.is_set()


def next_due_line(due: tuple[str, datetime] | None, now: datetime) -> str:
    """Why a crawl visited nothing, and what to do about it; `due` is the source whose turn comes next."""
    if due is None:
        return "No source is watched; add one with `tipwatch sources add URL`."
    name, at = due
    return f"No source was due; next: {name}, {until(at, now)}. Visit all of them now with --force."


def summary_line(summary: CrawlSummary) -> str:
    """What a crawl did, in one sentence."""
    sources = _counted(
        (summary.changed, "with news"),
        (summary.unchanged, "unchanged"),
        (summary.failed, "failed"),
        (summary.postponed, "postponed"),
    )
    pages = _counted(
        (summary.relevant, "relevant"),
        (summary.ruled_out, "ruled out"),
        (summary.near_copies, "copy" if summary.near_copies == 1 else "copies"),
        (summary.delayed, "delayed"),
        (summary.parked, "parked"),
    )
    known = counted(summary.known_projects, "article")
    found = f"{counted(summary.new_projects, 'new project')}, {known} on known ones"
    return (
        f"{counted(summary.sources, 'source')}{sources}; {counted(summary.pages, 'page')}{pages}; {found}; "
        f"{summary.seconds:.1f} s{'; stopped early, the rest will follow' if summary.is_stopped else ''}"
    )


def _counted(*parts: tuple[int, str]) -> str:
    words = ", ".join(f"{count} {word}" for count, word in parts if count)
    return f" ({words})" if words else ""
