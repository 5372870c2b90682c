"""`tipwatch import`: what files hold, put into the register."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, decided, load, open_database, utc_now
from tipwatch.cli.show import print_json
from tipwatch.errors import ExitCode
from tipwatch.text import counted, escape_controls

if TYPE_CHECKING:
    from storage.database.engine import Database

IN_WORDS = {
    "given": "is {project}, which now has this identifier",
    "known": "is {project}, which had this identifier already",
    "conflict": "looks like {project}, which keeps its identifier {other}",
    "perhaps": "may be {project}; if it is: tipwatch projects fix {project} iati_id {iati_id}",
}
ACTIVITIES = {
    "given": "now known by their identifiers",
    "known": "known before",
    "conflict": "contradicting",
    "perhaps": "for you to decide",
    "unknown": "of no project in the register",
    "unidentified": "without a publisher's identifier",
}
ARTICLES = {
    "new-project": "of new projects",
    "known-project": "of known projects",
    "new-story": "of other news",
    "known-story": "of known other news",
    "near-copy": "copies",
    "known-article": "known before",
    "ruled-out": "about something else",
}


def import_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A .jsonl, .csv, .warc, .warc.gz, .txt or .xml (IATI); - for JSON Lines from a pipe."
        ),
    ],
    *,
    announce: Annotated[
        bool, typer.Option("--announce", help="Announce its new projects with the next digest, however old they are.")
    ] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Import the articles of a file into the register. Importing them again changes nothing.

    The file is JSON Lines as `tipwatch judge` reads them, CSV whose first line names the same columns, or a crawl
    archive (WARC), whose pages are read as by the crawler. A line that is not an article is reported with its number
    and left out; the exit code is then 1.

    What is imported is history: no digest announces its projects, until an article of a crawl announces them.

    A file of IATI activities (.xml) adds no articles: projects that match by name, organisations, amount and dates get
    the activities' identifiers. Each is a correction like `tipwatch projects fix`, and `tipwatch undo` takes it back.

    Examples: `tipwatch import archive.jsonl`, `tipwatch import crawl.warc.gz`
    """
    from classifier.judge import Judge
    from tipwatch.cli.progress import showing_file
    from tipwatch.imports.run import import_stream
    from tipwatch.records import open_file

    configuration = load(context, config)
    if file.suffix.lower() == ".xml":
        with open_file(file) as stream, open_database(configuration) as database:
            _give_identifiers(database, stream, file, is_json=json)
        return
    is_piped = str(file) == "-"
    with (
        nullcontext(sys.stdin.buffer) if is_piped else open_file(file) as stream,
        open_database(configuration) as database,
        showing_file(stream, None if is_piped else file.stat().st_size) as progress,
    ):
        done = import_stream(
            database,
            Judge.load(configuration.classifier),
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
        left_out = f" {counted(done.left_out, 'line')} left out." if done.left_out else ""
        print(f"{counted(done.articles, 'article')} imported{_in_words(done.outcomes, ARTICLES)}.{left_out}")
    if done.left_out:
        raise typer.Exit(ExitCode.NEEDS_A_PERSON)


def _give_identifiers(database: Database, stream: IO[bytes], file: Path, *, is_json: bool) -> None:
    from storage.corrections.iati_ids import give_iati_id
    from tipwatch.imports.iati import read_activities

    found: list[dict[str, Any]] = []
    for activity in read_activities(stream, str(file)):
        place = f"{file}:{activity.line}"
        match = database.write_now(
            give_iati_id,
            activity.iati_id,
            activity.reading,
            activity.facts,
            by=decided(f"import of {place}"),
        )
        found.append({"line": activity.line, "iati_id": activity.iati_id, **asdict(match)})
        if not is_json and match.outcome in IN_WORDS:
            words = IN_WORDS[match.outcome].format(
                project=match.project_id, other=match.other_id, iati_id=activity.iati_id
            )
            print(escape_controls(f"{place}: {activity.iati_id} {words} ({match.reason})"))
    counts = Counter(one["outcome"] for one in found)
    if is_json:
        print_json({"activities": found, "outcomes": counts})
    else:
        print(f"{counted(len(found), 'activity', 'activities')} read{_in_words(counts, ACTIVITIES)}.")
    if counts["conflict"] or counts["perhaps"]:
        raise typer.Exit(ExitCode.NEEDS_A_PERSON)


def _in_words(outcomes: Counter[str], words: dict[str, str]) -> str:
    said = ", ".join(f"{outcomes[outcome]} {word}" for outcome, word in words.items() if outcomes[outcome])
    return f": {said}" if said else ""
