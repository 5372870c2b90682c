"""`tipwatch train` and `tipwatch evaluate`: a model from labelled articles, and how good it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipwatch.cli.common import JsonOption, print_json

__all__ = ["register"]

FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE…]", help="Labelled JSON Lines; the bundled corpus unless given.", show_default=False),
]


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

    Needs scikit-learn: `pip install 'tipwatch[train]'`. Use the model with `tipwatch judge --model DIR`.

    Example: `tipwatch train labelled.jsonl --out model`
    """
    from classifier.train import train as fit

    folder = out or Path("model")
    records = _records(files)
    fit(records, folder)
    print(f"A model of {len(records)} articles is in {folder}. Try it: tipwatch judge FILE --model {folder}")


def evaluate(files: FilesArgument = None, json: JsonOption = False) -> None:
    """Score the judgement by cross-validation: articles are judged by models that never saw their story.

    Example: `tipwatch evaluate --json`
    """
    from classifier.evaluate import cross_validate

    report = cross_validate(_records(files))
    if json:
        print_json(report.as_json())
    else:
        print(report.as_text())


def _records(files: list[Path] | None) -> list[dict[str, object]]:
    from classifier.train import CorpusError, read_corpus
    from tipwatch.errors import BadInput
    from tipwatch.resources import seeds_folder

    chosen = files or sorted((seeds_folder() / "corpus").glob("*.jsonl"))
    try:
        records = [record for file in chosen for record in read_corpus(file)]
    except CorpusError as error:
        raise BadInput(str(error), "each line is a record as seeds/corpus/GUIDE.md describes") from error
    except UnicodeDecodeError as error:
        raise BadInput("a file is not UTF-8 text", "save it as UTF-8") from error
    if not records:
        raise BadInput(
            "no labelled article in " + ", ".join(map(str, chosen)),
            "each line is a record as seeds/corpus/GUIDE.md describes",
        )
    return records
