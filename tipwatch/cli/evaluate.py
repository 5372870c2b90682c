"""`tipwatch evaluate`: how accurate verdicts, facts and the register are."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.common import JsonOption
from tipwatch.cli.labelled import (
    FilesArgument,
    check_scipy,
    read_corpus_files,
    read_labelled_file,
    telling_what_lacks,
    with_scores,
)
from tipwatch.cli.progress import show_count
from tipwatch.cli.show import print_json
from tipwatch.errors import BadInput

if TYPE_CHECKING:
    from classifier.evaluation.scoring import Report
    from tipwatch.evaluation.register_scores import RegisterReport


def evaluate(
    files: FilesArgument = None,
    *,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Score the shipped model on held-out articles instead.")
    ] = False,
    of_register: Annotated[
        bool,
        typer.Option("--register", help="Score what the register joins instead."),
    ] = False,
    mistakes: Annotated[bool, typer.Option("--mistakes", help="Also list every wrong answer, one per line.")] = False,
    json: JsonOption = False,
) -> None:
    """Measure accuracy by cross-validation: each article is judged by a model that never saw its story.

    Models are trained ten times, each time without a tenth of the stories, which takes about five minutes for the
    bundled corpus. Articles written for training are learnt from but not scored. Each F1 comes with its 95 % interval
    over stories. Learning needs scipy (`pip install 'tipwatch[train]'`).

    With `--held-out`, the shipped model judges held-out articles, which takes less than a minute. No word or rule was
    chosen with them in view, so they show best what to expect of tomorrow's news.

    With `--register`, the bundled articles with known stories are registered in several orders, with weights learnt
    without their stories. Precision says how many of the joined pairs are about one project, recall how many pairs
    about one project are joined. This takes a few minutes. `--mistakes` lists every wrong pair with what weighed most.

    Examples: `tipwatch evaluate --mistakes`, `tipwatch evaluate --held-out`
    """
    if of_register:
        _print_report(_score_register(), with_mistakes=mistakes, as_json=json)
        return
    from classifier.evaluation.predictions import judge_records
    from classifier.evaluation.scoring import score_predictions
    from classifier.judge import Judge

    if held_out:
        judged = [record for file in files or _held_out() for record in read_labelled_file(file)]
        predictions = judge_records(judged, Judge.load())
    else:
        check_scipy()
        from classifier.evaluation.evaluate import cross_validate

        judged, always = (with_scores(records, "articles") for records in read_corpus_files(files))
        with telling_what_lacks():
            predictions = cross_validate(judged, always=always, report_progress=partial(show_count, "parts"))
    report = score_predictions(judged, predictions)
    _print_report(report, with_mistakes=mistakes, as_json=json)


def _score_register() -> RegisterReport:
    from classifier.judge import Judge
    from tipwatch.evaluation.register_scores import score_register
    from tipwatch.evaluation.register_training import judge_labelled, read_labelled

    return score_register(judge_labelled(read_labelled(), Judge.load()), partial(show_count, "parts"))


def _print_report(report: Report | RegisterReport, *, with_mistakes: bool, as_json: bool) -> None:
    if as_json:
        listed = {"mistakes": [asdict(mistake) for mistake in report.mistakes]} if with_mistakes else {}
        print_json({**report.as_json(), **listed})
    else:
        print(report.as_text())
        if with_mistakes:
            print("\n" + "\n".join(mistake.as_text() for mistake in report.mistakes))


def _held_out() -> list[Path]:
    from tipwatch.resources import seeds_folder

    files = sorted((seeds_folder() / "corpus" / "held-out").glob("*.jsonl"))
    if not files:
        raise BadInput(
            "the held-out articles are not installed with tipwatch",
            "give a file of labelled articles, or run this in a copy of the source code",
        )
    return files
