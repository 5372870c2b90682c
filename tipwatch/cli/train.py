"""`tipwatch train`: a model from labelled articles."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, load, open_database
from tipwatch.cli.labelled import FilesArgument, check_scipy, read_corpus_files, telling_what_lacks, with_scores
from tipwatch.cli.progress import counted_off, show_count
from tipwatch.cli.show import print_json
from tipwatch.errors import BadInput, ExitCode
from tipwatch.text import counted

if TYPE_CHECKING:
    from classifier.evaluation.comparison import Comparison
    from storage.corrections.training_records import Corrections


def train(
    context: typer.Context,
    files: FilesArgument = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the model; `./model` unless given.")
    ] = None,
    with_labels: Annotated[
        bool, typer.Option("--with-labels", help="Also learn from labels and fixed facts in the register.")
    ] = False,
    of_register: Annotated[
        bool, typer.Option("--register", help="Learn the weights of the register instead: `weights.json`.")
    ] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> ExitCode:
    """Train a model on labelled articles. The same files give the same model, byte for byte.

    Learning needs scipy (`pip install 'tipwatch[train]'`).

    With `--with-labels` it also learns from `articles label`, `projects label` and `projects fix`, if that does no
    harm: models with and without them are first compared by cross-validation, which takes five minutes or more. A worse
    model is refused, the loss is shown, and nothing is written.

    Use the model once with `tipwatch judge --model DIR`, or always with `classifier: {model: DIR}` in `config.yaml`.

    With `--register`, it learns instead the weights by which the register decides whether two articles are about the
    same project, from the bundled articles with known stories. This takes about a minute.

    Examples: `tipwatch train labelled.jsonl --out model`, `tipwatch train --with-labels`
    """
    folder = out or Path("model")
    _check_folder(folder)
    if of_register:
        return _train_register(folder, as_json=json)
    check_scipy()
    judged, always = read_corpus_files(files)
    judged, always = with_scores(judged, "articles"), with_scores(always, "articles")
    records = [*judged, *always]
    compared: dict[str, Any] = {}
    is_refused = False
    if with_labels:
        from classifier.evaluation.comparison import compare_models

        lessons = _read_lessons(context, config)
        further = with_scores(list(lessons.records), "labelled articles")
        judged = _with_numbers(judged)
        records = [*judged, *always, *further]
        with telling_what_lacks():
            comparison = compare_models(judged, further, always=always, report_progress=partial(show_count, "parts"))
        is_refused = bool(comparison.falls)
        compared = _comparison_json(lessons, comparison)
        if not json:
            _print_comparison(lessons, comparison)
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
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(learn_weights(pairs).as_json(), encoding="utf-8")
    if as_json:
        print_json({"articles": len(told), "pairs": len(pairs), "weights": str(file)})
    else:
        print(f"Weights learnt from {counted(len(pairs), 'pair')} of {counted(len(told), 'article')} are in {file}.")
    return ExitCode.DONE


def _check_folder(folder: Path) -> None:
    """Sees before the long work that its result can be written."""
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        reason = "no folder can be created there" if nearest.is_dir() else f"{nearest} is not a folder"
        raise BadInput(f"cannot write the model to {folder}: {reason}", "name another folder with --out")


def _write_model(records: list[dict[str, Any]], folder: Path) -> None:
    from classifier.learning.fact_calibration import train_facts
    from classifier.learning.train import train as fit

    with telling_what_lacks():
        fit(records, folder)
        train_facts(records, folder)


def _with_numbers(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with the encoder's numbers of their whole texts, beside which labels are learnt."""
    from classifier.evaluation.record_scores import know_numbers
    from classifier.judge import Judge

    encoder = Judge.load().load_encoder()
    return [know_numbers(one, encoder) for one in counted_off(records, "reading the corpus")]


def _read_lessons(context: typer.Context, config: Path | None) -> Corrections:
    """The lessons in the database of a configuration.

    Raises:
        BadInput: nobody has corrected an article whose text is kept.
    """
    from storage.corrections.training_records import read_corrections

    with open_database(load(context, config)) as database, database.reading() as connection:
        lessons = read_corrections(connection)
    if not lessons.records:
        kept = f" whose text is kept ({lessons.without_text} without)" if lessons.without_text else ""
        hint = 'label some first: tipwatch articles label ID not-new-project --why "a workshop"'
        raise BadInput(f"nobody has labelled an article{kept} or fixed a fact yet", hint)
    return lessons


def _comparison_json(lessons: Corrections, comparison: Comparison) -> dict[str, Any]:
    """The comparison for scripts."""
    return {
        "labelled": len(lessons.records),
        "labelled_without_text": lessons.without_text,
        "judged": comparison.judged,
        "mistakes_before": comparison.mistakes_before,
        "mistakes_after": comparison.mistakes_after,
        "f1": {
            change.name: {"before": round(change.before, 4), "after": round(change.after, 4)}
            for change in comparison.changes
        },
        "worse": [change.name for change in comparison.falls],
    }


def _print_comparison(lessons: Corrections, comparison: Comparison) -> None:
    """The comparison for people, and what it means."""
    count = len(lessons.records)
    print(f"{counted(count, 'article')} labelled or with fixed facts in the register.")
    if lessons.without_text:
        print(f"{lessons.without_text} more are left out: their text is no longer kept.")
    print(
        f"Mistakes on them: {comparison.mistakes_before} without learning from them, {comparison.mistakes_after} after."
    )
    print(f"\n{'F1, cross-validated':22}{'without':>9}{'with':>9}{'change':>9}")
    for change in comparison.changes:
        name = change.name.replace("_", " ")
        print(f"{name:22}{change.before:>9.3f}{change.after:>9.3f}{change.after - change.before:>+9.3f}")
    print()
    for change in comparison.falls:
        name = change.name.replace("_", " ")
        print(f"Worse: {name}, by {change.before - change.after:.3f}.")
    if comparison.falls:
        print("Refused; nothing was written. Check the latest labels, and whether they fit the texts.")
