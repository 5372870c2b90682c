"""`tipwatch import`: what files hold, put into the register."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, load, open_database, print_json, utc_now
from tipwatch.errors import ExitCode
from tipwatch.text import counted, escape_controls

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Hangs the command into the command line."""
    app.command("import")(import_)


def import_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A .jsonl, .csv, .warc, .warc.gz or .txt; - for JSON Lines from a pipe."),
    ],
    *,
    announce: Annotated[
        bool, typer.Option("--announce", help="Announce the new projects in it with the next digest, however old.")
    ] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Put the articles of a file into the register. Doing it again changes nothing.

    JSON Lines as `tipwatch judge` reads them; CSV whose first line names the same columns; or the archive of a crawl
    (WARC), whose pages are read as the crawler reads them. A line that is no article is reported with its number, and
    the rest goes on; the exit code is then 1.

    What is imported is history: no digest announces its projects, until an article of a crawl announces them.

    Examples: `tipwatch import archive.jsonl`, `tipwatch import crawl.warc.gz`
    """
    from tipwatch.cli.file_progress import showing_file
    from tipwatch.evaluation.judging import load_judge
    from tipwatch.imports.run import import_stream, open_file

    configuration = load(context, config)
    is_piped = str(file) == "-"
    with (
        nullcontext(sys.stdin.buffer) if is_piped else open_file(file) as stream,
        open_database(configuration) as database,
        showing_file(stream, None if is_piped else file.stat().st_size) as progress,
    ):
        done = import_stream(
            database,
            load_judge(configuration.classifier),
            stream,
            file,
            max_bytes=configuration.crawler.max_body_bytes,
            is_news=announce,
            now=utc_now(),
            say=lambda problem: progress.say(escape_controls(problem)),
            advance=progress.advance,
        )
    if json:
        print_json({"articles": done.articles, "left_out": done.left_out, "outcomes": done.outcomes})
    else:
        words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.outcomes.items())) or "nothing"
        left_out = f" {counted(done.left_out, 'line')} left out." if done.left_out else ""
        print(f"{counted(done.articles, 'article')} imported: {words}.{left_out}")
    if done.left_out:
        raise typer.Exit(ExitCode.NEEDS_A_PERSON)
