"""Labelled articles as `tipwatch train` and `tipwatch evaluate` take them: of the bundled corpus, or of named files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from tipwatch.cli.progress import counted_off
from tipwatch.errors import BadInput, TipwatchError
from tipwatch.resources import seeds_folder

FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE", help="Labelled JSON Lines; the bundled corpus unless given.", show_default=False),
]

WRITTEN_FOR_TRAINING = "own"  # begins the files of the bundled corpus' invented articles: they teach, but prove nothing


def read_corpus_files(files: list[Path] | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The records that are judged and learnt from, and those that are only learnt from."""
    judged: list[dict[str, Any]] = []
    always: list[dict[str, Any]] = []
    for file in files or sorted((seeds_folder() / "corpus").glob("*.jsonl")):
        (always if not files and file.name.startswith(WRITTEN_FOR_TRAINING) else judged).extend(
            read_labelled_file(file)
        )
    return judged, always


def read_labelled_file(file: Path) -> list[dict[str, Any]]:
    from classifier.corpus import CorpusError, read_corpus

    described = "each line is a record as seeds/corpus/GUIDE.md describes"
    try:
        records = read_corpus(file)
    except CorpusError as error:
        raise BadInput(str(error), described) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not UTF-8 text", "save it as UTF-8") from error
    if not records:
        raise BadInput(f"no labelled article in {file}", described)
    return records


def with_scores(records: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    """The records with the encoder's scores; those that the bundled table has not are read now, if they need any."""
    from classifier.corpus import PREFILTER_ONLY

    lacking = [one for one in records if "encoder" not in one and one.get("teaches") != PREFILTER_ONLY]
    if not lacking:
        return records
    from classifier.evaluation.record_scores import score_record
    from classifier.judge import Judge

    encoder = Judge.load().load_encoder()
    by_place = {id(one): score_record(one, encoder) for one in counted_off(lacking, f"reading {what}")}
    return [by_place.get(id(one), one) for one in records]


def check_scipy() -> None:
    """Sees before the long work that what models are fitted with is installed; a daemon does without."""
    try:
        import scipy  # noqa: F401 (only whether it is there)
    except ModuleNotFoundError as error:
        hint = "install it with: pip install 'tipwatch[train]'"
        raise TipwatchError("learning needs scipy, which is not installed", hint) from error


@contextmanager
def telling_what_lacks() -> Iterator[None]:
    """Tells in a sentence that there are too few articles to learn from."""
    try:
        yield
    except ValueError as error:  # of verdicts (CorpusError) or of facts
        raise BadInput(str(error), "give more labelled articles, of every kind") from error
