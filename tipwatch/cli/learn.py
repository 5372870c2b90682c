"""`tipwatch train` and `tipwatch evaluate`: a model from labelled articles, and how good it is."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from tipwatch.cli.common import JsonOption, print_json

__all__ = ["register"]

FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE…]", help="Labelled JSON Lines; the bundled corpus unless given.", show_default=False),
]

WRITTEN_FOR_TRAINING = "own"  # begins the files of the bundled corpus' invented articles: they teach, but prove nothing


def register(app: typer.Typer) -> None:
    """Hangs the commands into the command line."""
    app.command("train")(train)
    app.command("evaluate")(evaluate)


def train(
    files: FilesArgument = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the model; `./model` unless given.")
    ] = None,
) -> None:
    """Make a model from labelled articles. The same files give the same model, byte for byte.

    Use the model with `tipwatch judge --model DIR`.

    Example: `tipwatch train labelled.jsonl --out model`
    """
    from classifier.facts.learn import train_roles
    from classifier.train import train as fit
    from tipwatch.errors import BadInput

    folder = out or Path("model")
    records = [record for file in _files(files) for record in _records(file)]
    try:
        fit(records, folder)
        train_roles(records, folder)
    except ValueError as error:  # of verdicts (CorpusError) or of facts
        raise BadInput(str(error), "give more labelled articles, of every kind") from error
    except OSError as error:
        raise BadInput(f"cannot write the model to {folder}: {error}", "name another folder with --out") from error
    print(f"A model of {len(records)} articles is in {folder}. Try it: tipwatch judge FILE --model {folder}")


def evaluate(
    files: FilesArgument = None,
    mistakes: Annotated[bool, typer.Option("--mistakes", help="List every wrong answer too, a line each.")] = False,
    json: JsonOption = False,
) -> None:
    """Score the judgement by cross-validation: articles are judged by models that never saw their story.

    Verdicts and facts are learnt anew ten times, each time without a tenth of the stories, which takes a quarter of an
    hour for the bundled corpus; of that, the articles that were written for training only teach. Beside each F1 stand
    the bounds between which it would lie for 95 of 100 such collections of stories.

    Example: `tipwatch evaluate --mistakes`
    """
    from classifier.evaluate import cross_validate
    from classifier.scoring import score_predictions
    from tipwatch.errors import BadInput

    judged: list[dict[str, Any]] = []
    always: list[dict[str, Any]] = []
    for file in _files(files):
        (always if files is None and file.name.startswith(WRITTEN_FOR_TRAINING) else judged).extend(_records(file))
    try:
        predictions = cross_validate(judged, always=always, report_progress=_show_progress)
    except ValueError as error:  # of verdicts (CorpusError) or of facts
        raise BadInput(str(error), "give more labelled articles, of every kind") from error
    report = score_predictions(judged, predictions)
    if json:
        listed = {"mistakes": [asdict(mistake) for mistake in report.mistakes]} if mistakes else {}
        print_json({**report.as_json(), **listed})
    else:
        print(report.as_text())
        if mistakes:
            print("\n" + "\n".join(mistake.as_text() for mistake in report.mistakes))


def _show_progress(done: int, total: int) -> None:
    """Keeps one line of a terminal up to date, and clears it at the end; silent elsewhere."""
    if sys.stderr.isatty():
        line = f"part {done + 1} of {total}" if done < total else ""
        print(f"\r{line:30}", end="\r" if done == total else "", file=sys.stderr, flush=True)


def _files(files: list[Path] | None) -> list[Path]:
    from tipwatch.resources import seeds_folder

    return files or sorted((seeds_folder() / "corpus").glob("*.jsonl"))


def _records(file: Path) -> list[dict[str, Any]]:
    from classifier.train import CorpusError, read_corpus
    from tipwatch.errors import BadInput

    described = "each line is a record as seeds/corpus/GUIDE.md describes"
    try:
        records = read_corpus(file)
    except CorpusError as error:
        raise BadInput(str(error), described) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not UTF-8 text", "save it as UTF-8") from error
    except OSError as error:
        raise BadInput(f"cannot read {file}: {error.strerror}", "give the name of a file of JSON Lines") from error
    if not records:
        raise BadInput(f"no labelled article in {file}", described)
    return records
