"""`tipwatch crawl`: one crawl now."""

from __future__ import annotations

from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, load, open_database, print_json

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Hangs the command into the command line."""
    app.command("crawl")(crawl)


def crawl(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE…]",
            help="Names or addresses of sources; all that are due unless given.",
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
    from tipwatch.cli.crawl_once import crawl_once, named_sources, print_summary
    from tipwatch.config.own_model import check_own_model
    from tipwatch.errors import ExitCode

    configuration = load(context, config)
    check_own_model(configuration)
    names = named_sources(configuration, sources or [])
    with open_database(configuration) as database:
        summary, is_interrupted = crawl_once(
            database, configuration, names=names, is_forced=force or bool(names), is_quiet=json
        )
    if json:
        print_json(summary.as_json())
    else:
        print_summary(summary)
    if is_interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.NEEDS_A_PERSON if summary.failed else ExitCode.DONE
