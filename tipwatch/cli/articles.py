"""`tipwatch articles`: what was read, and why it was judged as it was."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storage.articles.made_address import is_made
from storage.dates import state_date
from tipwatch.cli.common import (
    ConfigOption,
    JsonOption,
    LimitOption,
    OffsetOption,
    SinceOption,
    WhyOption,
    check_known,
    decided,
    load,
    open_database,
    since_at,
    utc_now,
)
from tipwatch.cli.show import bold, print_fields, print_json, print_records, print_text
from tipwatch.errors import BadInput
from tipwatch.text import one_line

if TYPE_CHECKING:
    from classifier.document import Verdict
    from classifier.settings import ClassifierSettings
    from storage.articles.articles import StoredArticle
    from storage.articles.labels import PersonsLabel

group = typer.Typer(no_args_is_help=True, help="Articles that were read, and their verdicts.")

IdArgument = Annotated[int, typer.Argument(metavar="ID", help="The article's number, as lists and digests show it.")]

LABELS = ("relevant", "not-relevant", "new-project", "not-new-project")


@group.command("list")
def list_(
    context: typer.Context,
    *,
    config: ConfigOption = None,
    text: Annotated[
        str | None, typer.Argument(metavar="WORDS", help="Only articles with these words.", show_default=False)
    ] = None,
    relevant: Annotated[
        bool | None,
        typer.Option("--relevant/--not-relevant", help="Only relevant ones, or only the others.", show_default=False),
    ] = None,
    new: Annotated[bool, typer.Option("--new-projects", help="Only those that report a new project.")] = False,
    maybe: Annotated[bool, typer.Option("--maybe", help="Only those with an uncertain verdict.")] = False,
    topic: Annotated[str | None, typer.Option("--topic", help="Only this topic, e.g. crime-case.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help="Only this language, e.g. fr.")
    ] = None,
    host: Annotated[str | None, typer.Option("--host", help="Only this host.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help="Only what this source brought.")
    ] = None,
    since: SinceOption = None,
    limit: LimitOption = 50,
    offset: OffsetOption = 0,
    json: JsonOption = False,
) -> None:
    """List articles, newest first (best match first if words are given).

    Examples: `tipwatch articles list --new-projects --since 7d`, `tipwatch articles list "shelter Niger"`
    """
    from classifier.document import TOPICS
    from storage.articles.articles import ArticleFilter, list_articles
    from storage.codes import read_language
    from storage.sources.health import list_source_health

    check_known("--topic", topic, TOPICS)
    asked = ArticleFilter(
        is_relevant=relevant,
        is_new_project=True if new else None,
        band="maybe" if maybe else None,
        topic=topic,
        language=read_language(language) if language else None,
        host=host,
        source=source,
        text=text,
        since_at=since_at(since, utc_now()),
    )
    with open_database(load(context, config)) as database, database.reading() as connection:
        found = list_articles(connection, asked, limit=limit, offset=offset)
        if not found and source is not None:
            names = [one.name for one in list_source_health(connection, utc_now())]
            check_known("--source", source, names, otherwise="see `tipwatch sources list`")
    print_records(
        found,
        ("id", "date", "judged", "topic", "lang", "host", "project", "title"),
        lambda one: (
            one.id,
            _day(one.published_at or one.registered_at),
            _judgement(one),
            one.verdict.topic,
            one.language,
            one.host,
            one.project_id or "",
            one.title,
        ),
        empty="No article matches.",
        is_json=json,
        as_json=as_mapping,
    )


@group.command("show")
def show(context: typer.Context, number: IdArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Show an article: its verdict, where it was seen, what became of it, and its text.

    Example: `tipwatch articles show 1042`
    """
    article = _get(context, config, number)
    if json:
        print_json({**as_mapping(article), "text": article.text, "entries": _entries(article)})
        return
    print(bold(one_line(article.title)))
    print_fields(
        [
            ("address", None if is_made(article.url) else article.url),
            ("outlet", article.outlet or article.host),
            ("published", _published(article)),
            ("registered", article.registered_at),
            ("language", article.language),
            ("judged", f"{_judgement(article)} ({article.verdict.topic})"),
            *(("labelled", _label_in_words(label)) for label in article.labels),
            ("register", article.outcome + (f": {article.reason}" if article.reason else "")),
            ("project", article.project_id),
            ("also reports", [f"article {number}" for number in article.beside]),
            ("read from", article.read_from + (f" ({article.read_note})" if article.read_note else "")),
            ("seen in", [entry.source_name for entry in article.entries]),
        ]
    )
    if article.text is None:
        print("\nIts text is not kept (it was ruled out, or retention has removed it).")
        return
    print()
    print_text(article.text)


@group.command("why")
def why(context: typer.Context, number: IdArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Explain the verdict on an article: probabilities, what decided, and the sentences of its facts.

    What decided are words, shown in their sentences, and sentences by what they read like (news that a project starts,
    results of a running project, …), each with its weight: + for, - against.

    Example: `tipwatch articles why 1042`
    """
    article = _get(context, config, number)
    if json:
        from classifier.verdict_json import verdict_to_json

        print_json(
            {
                "id": article.id,
                "outcome": article.outcome,
                "reason": article.reason,
                "verdict": verdict_to_json(article.verdict),
                "labels": _labels(article),
            }
        )
        return
    from storage.articles.labels import last_word
    from tipwatch.cli.explain import print_verdict

    print_verdict(
        article.title,
        article.verdict,
        said_relevant=last_word(article.labels, "is_relevant"),
        said_new=last_word(article.labels, "is_new_project"),
    )
    if article.labels:
        print(f"\n{bold('What people said of it, which decides; the latest word holds')}")
        for label in article.labels:
            print(f"  {one_line(_label_in_words(label))}")
    if article.beside:
        others = ", ".join(f"article {number}" for number in article.beside)
        print(f"\nIts text reports {len(article.beside) + 1} projects; the rest is in {others}.")
    print(f"\nRegister: {article.outcome}{f' – {one_line(article.reason)}' if article.reason else ''}")


@group.command("label")
def label(
    context: typer.Context,
    number: IdArgument,
    labels: Annotated[
        list[str], typer.Argument(metavar="LABEL", help="relevant, not-relevant, new-project or not-new-project.")
    ],
    config: ConfigOption = None,
    reason: WhyOption = "",
) -> None:
    """Correct the verdict on an article; no later crawl overrides you. `tipwatch undo` takes it back.

    A project that no article announces any more leaves the list and the digest. An article labelled `new-project`
    creates or joins its project, and the next digest announces it. `tipwatch train --with-labels` learns from it.

    Example: `tipwatch articles label 1042 not-new-project --why "a workshop"`
    """
    from storage.articles.articles import get_article
    from storage.corrections.labels import label_article
    from storage.projects.projects import get_project
    from tipwatch.config.problems import did_you_mean

    for word in labels:
        if word not in LABELS:
            raise BadInput(f"unknown label {word!r}", did_you_mean(word, LABELS))
    chosen = set(labels)
    if (
        {"relevant", "not-relevant"} <= chosen
        or {"new-project", "not-new-project"} <= chosen
        or {"not-relevant", "new-project"} <= chosen
    ):
        raise BadInput("these labels contradict each other", "a new project is always relevant")
    is_new_project = (
        True if "new-project" in chosen else False if chosen & {"not-new-project", "not-relevant"} else None
    )
    is_relevant = True if chosen & {"relevant", "new-project"} else False if "not-relevant" in chosen else None
    configuration = load(context, config)
    with open_database(configuration) as database:
        with database.reading() as connection:
            before = get_article(connection, number)
        verdict = _announcing(before, configuration.classifier) if is_new_project and before is not None else None
        is_there = database.write_now(
            label_article,
            number,
            verdict=verdict,
            is_relevant=is_relevant,
            is_new_project=is_new_project,
            by=decided(reason),
        )
        with database.reading() as connection:
            article = get_article(connection, number)
            project = get_project(connection, article.project_id) if article and article.project_id else None
    if not is_there or article is None:
        raise BadInput(f"there is no article {number}", "see `tipwatch articles list`")
    print(f"Article {number} is labelled {', '.join(sorted(chosen))}.")
    if project is not None and project.is_refuted:
        print(f"No article announces {project.public_id} any more, so it leaves the list and the digest.")
        print("To see it: tipwatch projects list --refuted")
    elif project is not None and is_new_project:
        print(f"It announces the project {project.public_id}.")
    elif is_new_project:
        print("No project is created: its text, which would say what the project is, has not been kept.")


def _announcing(article: StoredArticle, settings: ClassifierSettings) -> Verdict | None:
    """The verdict on an article of which a person says that it announces a project, with the project's facts; None
    where it belongs to one already, or its text is not kept."""
    if article.project_id is not None or article.text is None:
        return None
    from classifier.document import Document
    from classifier.judge import Judge
    from tipwatch.evaluation.judging import judge_announcement

    published = state_date(article.published_at, article.published_precision) if article.published_at else None
    document = Document(
        title=article.title,
        text=article.text,
        lang=article.language or None,
        published=published,
        url=article.url,
        outlet=article.outlet or None,
    )
    return judge_announcement(Judge.load(settings), document)


def as_mapping(article: StoredArticle) -> dict[str, Any]:
    """An article as JSON tells it, without its text."""
    facts = article.verdict.facts
    return {
        "id": article.id,
        "url": article.url,
        "host": article.host,
        "title": article.title,
        "language": article.language,
        "outlet": article.outlet,
        "published_at": article.published_at,
        "published_precision": article.published_precision,
        "registered_at": article.registered_at,
        "relevant": article.is_relevant,
        "relevance": article.verdict.relevance,
        "new_project": article.is_new_project,
        "new_project_probability": article.verdict.new_project_probability,
        "topic": article.verdict.topic,
        "project": facts.as_project() if facts is not None and article.is_new_project else None,
        "outcome": article.outcome,
        "reason": article.reason,
        "project_id": article.project_id,
        "story_id": article.story_id,
        "read_from": article.read_from,
        "beside": list(article.beside),
        "labels": _labels(article),
    }


def _entries(article: StoredArticle) -> list[dict[str, Any]]:
    return [
        {"source": entry.source_name, "url": entry.url, "title": entry.title, "seen_at": entry.seen_at}
        for entry in article.entries
    ]


def _get(context: typer.Context, config: Any, number: int) -> StoredArticle:
    from storage.articles.articles import get_article

    with open_database(load(context, config)) as database, database.reading() as connection:
        article = get_article(connection, number)
    if article is None:
        raise BadInput(f"there is no article {number}", "see `tipwatch articles list`")
    return article


def _judgement(article: StoredArticle) -> str:
    """What it counts as, with its probability where no person said so."""
    verdict = article.verdict
    if article.new_project_band != "no":
        word = "project" if article.is_new_project and article.new_project_band == "yes" else "maybe a project"
        probability = verdict.new_project_probability
    else:
        word = {"yes": "relevant", "maybe": "maybe relevant", "no": "no"}[article.relevance_band]
        probability = verdict.relevance
    return f"{word} (labelled)" if article.labels else f"{word} {probability:.0%}"


def _label_in_words(label: PersonsLabel) -> str:
    from storage.articles.labels import label_words

    said = label_words(label.is_relevant, label.is_new_project)
    return f"{said} by {label.who} on {_day(label.at)}{f': {label.why}' if label.why else ''}"


def _labels(article: StoredArticle) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "who": one.who, "why": one.why, "relevant": one.is_relevant, "new_project": one.is_new_project}
        for one in article.labels
    ]


def _published(article: StoredArticle) -> datetime | str | None:
    """The time where the day is known, else the month or year alone."""
    if article.published_at is None or article.published_precision == "day":
        return article.published_at
    return state_date(article.published_at, article.published_precision)


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
