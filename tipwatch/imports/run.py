"""Puts what files hold into the register: read, judged and registered batch by batch, with what is to be said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from classifier.document import Verdict
from storage.records import ArticleReading
from storage.register.registration import register_articles
from tipwatch.errors import BadInput
from tipwatch.evaluation.judging import BATCH, in_batches, reading_of
from tipwatch.imports.archive import read_archive
from tipwatch.imports.lines import LineProblem, read_csv, read_json_lines
from tipwatch.records import Record, read_records

if TYPE_CHECKING:
    from classifier.judge import Judge
    from storage.database.engine import Database

JSON_LINES = ("", ".jsonl", ".ndjson", ".json")  # a pipe and what other programs write have no ending, or one of these


@dataclass(slots=True)
class Imported:
    """What an import did: articles by what became of them, and the lines that it left out."""

    articles: int = 0
    left_out: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def import_stream(
    database: Database,
    judge: Judge,
    stream: IO[bytes],
    file: Path,
    *,
    max_bytes: int,
    is_news: bool,
    now: datetime,
    say: Callable[[str], None],
    advance: Callable[[int], None],
) -> Imported:
    """Registers the articles of a file whose ending names its kind: `.csv`, `.warc`, `.warc.gz`, `.txt`, or JSON
    Lines.

    Args:
        max_bytes: the longest page of an archive that is read.
        is_news: whether the projects that they announce are announced; else they are history.
        say: is told what is wrong with a line, in words.
        advance: is told, after each batch, how many articles are in.

    Raises:
        BadInput: the file cannot be read at all, or its ending names no kind.
    """
    done = Imported()

    def articles() -> Iterator[tuple[ArticleReading, Verdict]]:
        for found in _read(stream, file, judge, max_bytes):
            if isinstance(found, LineProblem):
                done.left_out += found.is_left_out
                say(found.message)
            elif isinstance(found, Record):
                verdict = judge.judge(found.document)
                yield reading_of(found, verdict, now), verdict
            else:
                yield found

    for batch in in_batches(articles(), BATCH):
        dated = [(replace(reading, is_news=is_news), verdict) for reading, verdict in batch]
        for registration in database.write_now(register_articles, dated, now):
            done.outcomes.update(one.outcome for one in (registration, *registration.others))
        done.articles += len(batch)
        advance(done.articles)
    return done


def _read(
    stream: IO[bytes], file: Path, judge: Judge, max_bytes: int
) -> Iterable[Record | LineProblem | tuple[ArticleReading, Verdict]]:
    name = file.name.lower()
    if name.endswith((".warc", ".warc.gz")):
        return read_archive(stream, str(file), judge, max_bytes)
    if name.endswith(".csv"):
        return read_csv(stream, str(file))
    if name.endswith(".txt"):
        return read_records(file, stream)
    if file.suffix.lower() not in JSON_LINES:
        raise BadInput(
            f"{file}: files that end in {file.suffix} cannot be imported",
            "save it as CSV (.csv) or JSON Lines (.jsonl)",
        )
    return read_json_lines(stream, "standard input" if str(file) == "-" else str(file))
