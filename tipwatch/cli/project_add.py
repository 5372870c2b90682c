"""`tipwatch projects add`: a project that no source reported, from an address or by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, WhyOption, decided, load, open_database, who
from tipwatch.cli.projects import group
from tipwatch.cli.show import bold, print_json
from tipwatch.errors import BadInput
from tipwatch.text import one_line

if TYPE_CHECKING:
    from classifier.document import Facts, Verdict
    from storage.corrections.additions import Addition
    from storage.records import ArticleReading
    from tipwatch.config.load import Configuration

__all__ = ["group"]  # that of `projects`, with this command in it

BY_HAND = "entered by hand"


@group.command("add")
def add(
    context: typer.Context,
    address: Annotated[
        str | None, typer.Argument(metavar="ADDRESS", help="The page that announces it.", show_default=False)
    ] = None,
    *,
    fact: Annotated[
        list[str] | None,
        typer.Option(
            "--fact",
            metavar="NAME=VALUE",
            help='A fact, as for `projects fix`, replacing what the page says: amount="USD 3000000"; repeatable.',
            show_default=False,
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text",
            metavar="TEXT",
            help="What it does and for whom, in your words; the page is then linked but not read.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    reason: WhyOption = "",
    json: JsonOption = False,
) -> None:
    """Add a project that no source reported: from the page that announces it, or by hand.

    The page is fetched and read as by the crawler, and its facts are printed. Without an address, name the project
    with `--fact name=…`. If the register has the project already, the page joins it. It counts as labelled
    `new-project`: the next digest announces it to everybody who has not had it. `tipwatch undo` takes it back.

    Examples: `tipwatch projects add https://example.org/news/grant`,
    `tipwatch projects add --fact name="Safe Roads" --fact countries="BI; RW" --why "letter of the ministry"`
    """
    from classifier.document import Facts
    from storage.corrections.additions import add_project
    from storage.corrections.entered_values import read_facts

    configuration = load(context, config)
    entered = dict(_parse(one) for one in fact or ())
    facts = read_facts(entered)
    if address is not None and text is None:
        reading, verdict = _read(address, configuration)
        stated = _replaced(verdict.facts or Facts(), facts, set(entered))
    else:
        reading, verdict = _enter(facts.get("name"), address, text or "")
        stated = replace(verdict.facts or Facts(), **facts)
    verdict = replace(verdict, facts=stated)
    with open_database(configuration) as database:
        added = database.write_now(add_project, reading, verdict, by=decided(reason))
    if json:
        probability = None if reading.read_note == BY_HAND else verdict.new_project_probability
        found = {"title": reading.title, "new_project_probability": probability, "facts": stated.as_project()}
        print_json({**asdict(added), **found})
    else:
        _print(added, reading, verdict)


def _parse(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise BadInput(f"--fact {text!r} has no value", 'write --fact countries="BI; RW"')
    return name.strip().replace("-", "_"), value


def _replaced(stated: Facts, facts: Mapping[str, Any], entered: Collection[str]) -> Facts:
    """What a page states with what a person entered in its place, of which the page says nothing."""
    evidence = {name: found for name, found in stated.evidence.items() if name not in entered}
    probabilities = {name: found for name, found in stated.probabilities.items() if name not in entered}
    return replace(stated, **facts, evidence=evidence, probabilities=probabilities)


def _read(address: str, configuration: Configuration) -> tuple[ArticleReading, Verdict]:
    import asyncio

    from classifier.judge import Judge
    from tipwatch.evaluation.judging import judge_announcement
    from tipwatch.imports.address import fetch_article

    judge = Judge.load(configuration.classifier)
    reading, document = asyncio.run(fetch_article(address, configuration.crawler, judge))
    verdict = judge_announcement(judge, document)
    return replace(reading, language=verdict.lang), verdict


def _enter(name: str | None, address: str | None, text: str) -> tuple[ArticleReading, Verdict]:
    """What a person writes of a project, as an article that announces it."""
    from classifier.document import Document, Evidence, Facts, Verdict
    from classifier.text.language_detection import language_of
    from storage.articles.made_address import make_address_nowhere
    from storage.records import ArticleReading
    from storage.urls import canonicalise_url

    if not name:
        raise BadInput("the project has no name", 'give one with --fact name="Safe Roads", or the address of its page')
    text = " ".join(text.split())
    said = f"{name}\n\n{text}".strip()
    try:
        made = make_address_nowhere(hashlib.sha256(said.encode()).hexdigest()[:32])
        url = address or made
        canonical = canonicalise_url(url)
    except ValueError as error:
        raise BadInput(f"{address} is not an address: {error}", "give an http or https address") from error
    lang = language_of(Document(name, text, lang="en"))  # where so few words do not show it
    reading = ArticleReading((), url, canonical, name, said, lang, who(), None, "import", BY_HAND)
    # what it does and for whom is what a card quotes
    evidence = (Evidence(text, "text", said.index(text, len(name)), len(said)),) if text else ()
    verdict = Verdict(
        lang, 1.0, is_relevant=True, relevance_band="yes", new_project_probability=1.0, is_new_project=True,
        new_project_band="yes", topic="project", facts=Facts(evidence={"name": evidence}),
    )  # fmt: skip
    return reading, verdict


def _print(added: Addition, reading: ArticleReading, verdict: Verdict) -> None:
    from classifier.document import Facts
    from tipwatch.cli.explain import fact_lines

    print(bold(one_line(reading.title)))
    if reading.read_note != BY_HAND:
        print(f"By itself it would count as a new project with a probability of {verdict.new_project_probability:.0%}.")
    lines = list(fact_lines(verdict.facts or Facts()))
    print("\n".join(["", *lines, ""] if lines else ["\nNo facts were found in it.\n"]))
    where = f"article {added.article_id}{' (known before)' if added.was_known else ''}"
    if added.is_made:
        print(f"It is project {added.project_id}, by {where}; the next digest announces it.")
    else:
        why = f" ({one_line(added.reason)})" if added.reason else ""
        print(f"It is known as project {added.project_id}{why}; {where} is now one of its articles.")
