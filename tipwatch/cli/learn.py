"""`tipwatch train` and `tipwatch evaluate`: a model from labelled articles, and how good it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, print_json
from tipwatch.errors import BadInput, ExitCode, TipwatchError
from tipwatch.text import counted

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
    context: typer.Context,
    files: FilesArgument = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the model; `./model` unless given.")
    ] = None,
    with_labels: Annotated[
        bool, typer.Option("--with-labels", help="Learn also from what people labelled and fixed in the register.")
    ] = False,
    of_register: Annotated[
        bool, typer.Option("--register", help="Learn instead what makes two articles one project: `weights.json`.")
    ] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> ExitCode:
    """Make a model from labelled articles. The same files give the same model, byte for byte.

    Learning needs scipy, which is installed by `pip install 'tipwatch[train]'`.

    With `--with-labels` what was said by `articles label`, `projects label` and `projects fix` is learnt too, if it
    does no harm: models with and without it are compared by cross-validation first, which takes a quarter of an
    hour or more for the bundled corpus. A model that is worse is refused, with by how much, and nothing is written.

    Judge with it once by `tipwatch judge --model DIR`, always by `classifier: {model: DIR}` in the configuration.

    With `--register` the weights are learnt by which the register tells whether two articles tell of one project, from
    the bundled articles whose stories are known, in a minute.

    Examples: `tipwatch train labelled.jsonl --out model`, `tipwatch train --with-labels`
    """
    from tipwatch.cli.lessons import comparison_json, print_comparison, read_lessons_of

    folder = out or Path("model")
    _check_folder(folder)
    if of_register:
        return _train_register(folder, as_json=json)
    _check_scipy()
    judged, always = _corpus(files)
    judged, always = _scored(judged, "articles"), _scored(always, "articles")
    records = [*judged, *always]
    compared: dict[str, Any] = {}
    is_refused = False
    if with_labels:
        from classifier.evaluation.comparison import compare_models

        lessons = read_lessons_of(context, config)
        further = _scored(list(lessons.records), "labelled articles")
        judged = _with_numbers(judged)
        records = [*judged, *always, *further]
        with _telling_what_lacks():
            comparison = compare_models(judged, further, always=always, report_progress=_show_progress)
        is_refused = bool(comparison.falls)
        compared = comparison_json(lessons, comparison)
        if not json:
            print_comparison(lessons, comparison)
    if not is_refused:
        _write_model(records, folder)
    if json:
        print_json({"articles": len(records), "model": None if is_refused else str(folder), **compared})
    elif not is_refused:
        trained_on = counted(len(records), "article")
        print(f"A model trained on {trained_on} is in {folder}. Try it: tipwatch judge FILE --model {folder}")
    return ExitCode.NEEDS_A_PERSON if is_refused else ExitCode.DONE


def _train_register(folder: Path, *, as_json: bool) -> ExitCode:
    from classifier.judge import Judge
    from storage.register.compare.learning import learn_weights
    from tipwatch.evaluation.register_training import judge_labelled, pair_up, read_labelled

    told = judge_labelled(read_labelled(), Judge.load())
    pairs = pair_up(told)
    file = folder / "weights.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(learn_weights(pairs).as_json(), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"cannot write {file}: {error.strerror}", "name another folder with --out") from error
    if as_json:
        print_json({"articles": len(told), "pairs": len(pairs), "weights": str(file)})
    else:
        print(f"Weights learnt from {counted(len(pairs), 'pair')} of {counted(len(told), 'article')} are in {file}.")
    return ExitCode.DONE


def _check_folder(folder: Path) -> None:
    """Sees before the long work that its result can be written."""
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        reason = "no folder can be made there" if nearest.is_dir() else f"{nearest} is not a folder"
        raise BadInput(f"cannot write the model to {folder}: {reason}", "name another folder with --out")


def _check_scipy() -> None:
    """Sees before the long work that what models are fitted with is installed; a daemon does without."""
    try:
        import scipy  # noqa: F401 (only whether it is there)
    except ModuleNotFoundError as error:
        hint = "install it with: pip install 'tipwatch[train]'"
        raise TipwatchError("learning needs scipy, which is not installed", hint) from error


def _write_model(records: list[dict[str, Any]], folder: Path) -> None:
    from classifier.learning.fact_models import train_roles
    from classifier.learning.train import train as fit

    try:
        with _telling_what_lacks():
            fit(records, folder)
            train_roles(records, folder)
    except OSError as error:
        raise BadInput(f"cannot write the model to {folder}: {error}", "name another folder with --out") from error


@contextmanager
def _telling_what_lacks() -> Iterator[None]:
    """Tells in a sentence that there are too few articles to learn from."""
    try:
        yield
    except ValueError as error:  # of verdicts (CorpusError) or of facts
        raise BadInput(str(error), "give more labelled articles, of every kind") from error


def evaluate(
    files: FilesArgument = None,
    *,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Judge articles no model is trained on with the shipped model instead.")
    ] = False,
    of_register: Annotated[
        bool,
        typer.Option("--register", help="Score instead what the register joins."),
    ] = False,
    mistakes: Annotated[bool, typer.Option("--mistakes", help="List every wrong answer too, a line each.")] = False,
    json: JsonOption = False,
) -> None:
    """Score the judgement by cross-validation: articles are judged by models that never saw their story.

    Verdicts and facts are learnt anew ten times, each time without a tenth of the stories, which takes twenty
    minutes for the bundled corpus; of that, the articles that were written for training only teach. Beside each F1
    stand the bounds between which it would lie for 95 of 100 such collections of stories. Learning needs scipy, which
    is installed by `pip install 'tipwatch[train]'`.

    With `--held-out` the model as it is shipped judges articles that were kept apart, in some seconds. No word or rule
    was chosen by them, so that they tell best what to expect of tomorrow's news.

    With `--register` the bundled articles whose stories are known are registered in several orders, with weights learnt
    without their stories: of the pairs it joins how many are of one project, and of those on one project how many it
    joins; in some minutes. With `--mistakes` every wrong pair is listed with what weighed most.

    Examples: `tipwatch evaluate --mistakes`, `tipwatch evaluate --held-out`
    """
    if of_register:
        _evaluate_register(with_mistakes=mistakes, as_json=json)
        return
    from classifier.evaluation.predictions import judge_records
    from classifier.evaluation.scoring import score_predictions
    from classifier.judge import Judge

    if held_out:
        judged = [record for file in files or _held_out() for record in _records(file)]
        predictions = judge_records(judged, Judge.load())
    else:
        _check_scipy()
        from classifier.evaluation.evaluate import cross_validate

        judged, always = (_scored(records, "articles") for records in _corpus(files))
        with _telling_what_lacks():
            predictions = cross_validate(judged, always=always, report_progress=_show_progress)
    report = score_predictions(judged, predictions)
    if json:
        listed = {"mistakes": [asdict(mistake) for mistake in report.mistakes]} if mistakes else {}
        print_json({**report.as_json(), **listed})
    else:
        print(report.as_text())
        if mistakes:
            print("\n" + "\n".join(mistake.as_text() for mistake in report.mistakes))


def _evaluate_register(*, with_mistakes: bool, as_json: bool) -> None:
    from classifier.judge import Judge
    from tipwatch.evaluation.register_scores import score_register
    from tipwatch.evaluation.register_training import judge_labelled, read_labelled

    report = score_register(judge_labelled(read_labelled(), Judge.load()), _show_progress)
    if as_json:
        listed = {"mistakes": [asdict(mistake) for mistake in report.mistakes]} if with_mistakes else {}
        print_json({**report.as_json(), **listed})
    else:
        print(report.as_text())
        if with_mistakes:
            print("\n" + "\n".join(mistake.as_text() for mistake in report.mistakes))


def _scored(records: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    """The records with the encoder's scores; those that the bundled table has not are read now, if they need any."""
    from classifier.corpus import PREFILTER_ONLY

    lacking = [one for one in records if "encoder" not in one and one.get("teaches") != PREFILTER_ONLY]
    if not lacking:
        return records
    from classifier.evaluation.record_scores import score_record
    from classifier.judge import Judge

    encoder = Judge.load().load_encoder()
    by_place = {id(one): score_record(one, encoder) for one in _counting(lacking, f"reading {what}")}
    return [by_place.get(id(one), one) for one in records]


def _with_numbers(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with the encoder's numbers of their whole texts, beside which labels are learnt."""
    from classifier.evaluation.record_scores import know_numbers
    from classifier.judge import Judge

    encoder = Judge.load().load_encoder()
    return [know_numbers(one, encoder) for one in _counting(records, "reading the corpus")]


def _counting(records: list[dict[str, Any]], what: str) -> Iterator[dict[str, Any]]:
    """The records one by one; keeps one line of a terminal up to date, and clears it at the end; silent elsewhere."""
    for done, record in enumerate(records):
        if sys.stderr.isatty() and done % 10 == 0:
            print(f"\r{f'{what}: {done} of {len(records)}':50}", end="", file=sys.stderr, flush=True)
        yield record
    if sys.stderr.isatty():
        print(f"\r{'':50}", end="\r", file=sys.stderr, flush=True)


def _show_progress(done: int, total: int) -> None:
    """Keeps one line of a terminal up to date, and clears it at the end; silent elsewhere."""
    if sys.stderr.isatty():
        line = f"part {done + 1} of {total}" if done < total else ""
        print(f"\r{line:30}", end="\r" if done == total else "", file=sys.stderr, flush=True)


def _corpus(files: list[Path] | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The records that are judged and learnt from, and those that are only learnt from."""
    judged: list[dict[str, Any]] = []
    always: list[dict[str, Any]] = []
    for file in _files(files):
        (always if not files and file.name.startswith(WRITTEN_FOR_TRAINING) else judged).extend(_records(file))
    return judged, always


def _held_out() -> list[Path]:
    from tipwatch.resources import seeds_folder

    files = sorted((seeds_folder() / "corpus" / "held-out").glob("*.jsonl"))
    if not files:
        raise BadInput(
            "the articles that were kept apart are not installed with tipwatch",
            "give a file of labelled articles, or run this in a copy of the source code",
        )
    return files


def _files(files: list[Path] | None) -> list[Path]:
    from tipwatch.resources import seeds_folder

    return files or sorted((seeds_folder() / "corpus").glob("*.jsonl"))


def _records(file: Path) -> list[dict[str, Any]]:
    from classifier.corpus import CorpusError, read_corpus

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
