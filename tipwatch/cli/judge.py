"""`tipwatch judge`: articles of a file, judged."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.common import ConfigOption, config_file, load

if TYPE_CHECKING:
    from classifier.settings import ClassifierSettings


def judge(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="JSON Lines, or a .txt whose first line is the title; standard input unless given.",
            show_default=False,
        ),
    ] = None,
    *,
    config: ConfigOption = None,
    stories: Annotated[
        bool, typer.Option("--stories", help="Also group them into stories, with the register in a temporary database.")
    ] = False,
    model: Annotated[
        Path | None, typer.Option("--model", metavar="DIR", help="Another model, as `tipwatch train` writes it.")
    ] = None,
    why: Annotated[
        bool,
        typer.Option("--why", help="Print the verdict in words, with what decided and the sentences of the facts."),
    ] = False,
) -> None:
    """Judge articles: relevant or not, a new project or not, its facts.

    Input: JSON Lines with `id`, `title`, `text`, and if known `lang`, `published`, `url`, `outlet`. Output: JSON Lines
    with `id`, `relevant`, `relevance`, `new_project`, `new_project_probability`, `topic`, `lang`, `project` (the first,
    if the text reports several; the rest in `further_projects`), and with `--stories` `story`.

    Examples: `tipwatch judge article.txt --why`, `tipwatch judge < articles.jsonl > verdicts.jsonl`
    """
    import json

    from classifier.judge import Judge
    from tipwatch.evaluation.judging import as_prediction, group_stories
    from tipwatch.records import read_records

    records = read_records(None if str(file) == "-" else file, sys.stdin.buffer)
    classifier = Judge.load(_settings_if_any(context, config), model)
    if stories:
        judged = group_stories(classifier, records)
    else:
        judged = ((record, classifier.judge(record.document), None) for record in records)
    for record, verdict, story in judged:
        if why:
            from tipwatch.cli.explain import print_verdict

            print_verdict(record.document.title, verdict)
        else:
            print(json.dumps(as_prediction(record, verdict, story), ensure_ascii=False))


def _settings_if_any(context: typer.Context, config: Path | None) -> ClassifierSettings | None:
    """The configuration's model and thresholds where a file is named or `./config.yaml` is there."""
    file = config_file(context, config)
    is_named = config is not None or file != Path("config.yaml")
    return load(context, config).classifier if is_named or file.exists() else None
