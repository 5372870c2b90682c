"""A project of the register in words: facts with who states them, conflicts, articles, history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from classifier.schema import FACTS, FactSpec
from storage.articles.made_address import is_made
from storage.projects.quotations import find_quotation
from tipwatch.cli.show import bold, moment, print_fields
from tipwatch.text import one_line, shorten

if TYPE_CHECKING:
    from storage.projects.history import HistoryEntry
    from storage.projects.projects import Project
    from storage.register.merge.values import Claim

LINKS = {
    "perhaps-same": "perhaps the same as",
    "follows": "follows",
    "part-of": "is part of",
    "supplements": "adds money to",
    "apart": "kept apart from",
}
CORRECTIONS = (("fix", "FACT VALUE"), ("split", "ARTICLE"), ("merge", "OTHER"), ("label", "not-new-project"))
IMPLEMENTERS = next(spec for spec in FACTS if spec.name == "implementers")
SENTENCE = 200  # characters of a sentence that is shown; the article has the rest


def table_row(project: Project) -> tuple[object, ...]:
    """One line of a list."""
    facts = project.facts.facts
    return (
        project.public_id,
        f"{project.first_seen_at:%Y-%m-%d}",
        " ".join(facts.countries),
        amount_of(project),
        "; ".join(readable(IMPLEMENTERS, claim) for claim in project.facts.implementers),
        len(project.sources),
        _title(project),
    )


def _title(project: Project) -> str:
    """The name that the digest gives it."""
    from alerts.digest.facts import format_title

    return format_title(project)[0]


def amount_of(project: Project) -> str:
    """The project's sum in words, empty where none is stated."""
    claims = project.facts.amount
    return claims[0].shown if claims else ""


def as_record(project: Project) -> dict[str, Any]:
    """A project with its merged facts, every value with the articles that state it; JSON-ready, times in ISO 8601."""
    facts = project.facts.facts.as_project()
    quotation = find_quotation(project, "en")
    return {
        "id": project.public_id,
        "former_ids": list(project.former_ids),
        "title": project.title,
        "sentence": quotation.text if quotation else "",
        "language": project.language,
        "confidence": project.confidence,
        "is_refuted": project.is_refuted,
        "iati_id": project.iati_id,
        "facts": facts,
        "doubtful": {
            spec.name: [claim.shown for claim in getattr(project.facts, spec.name) if claim.is_doubtful]
            for spec in FACTS
            if any(claim.is_doubtful for claim in getattr(project.facts, spec.name))
        },
        "conflicts": {name: [_claim(claim) for claim in claims] for name, claims in project.facts.conflicts.items()},
        "first_seen_at": project.first_seen_at.isoformat(),
        "last_seen_at": project.last_seen_at.isoformat(),
        "sources": [
            {
                "article": source.id,
                "title": source.title,
                "url": source.url,
                "outlet": source.outlet,
                "host": source.host,
                "language": source.language,
                "published_at": source.published_at.isoformat() if source.published_at else None,
                "title_only": source.is_title_only,
                "published_precision": source.published_precision,
            }
            for source in project.sources
        ],
        "related": [{"kind": link.kind, "id": link.public_id, "reason": link.reason} for link in project.links],
    }


def print_project(project: Project) -> None:
    """Prints a project for a person."""
    print(bold(one_line(f"{project.public_id}  {_title(project)}")))
    if not project.sources:
        print("No article announces it any more; its id is kept for those who know it.")
    if project.is_refuted:
        print("A person decided that none of its articles announces a new project; digests and lists leave it out.")
    if (quotation := find_quotation(project, "en")) is not None:
        print(one_line(quotation.text))
    print()
    for spec in FACTS:
        for line in _fact(spec, getattr(project.facts, spec.name)):
            print(line)
    if conflicts := project.facts.conflicts:
        print(f"\n{bold('Articles disagree on')}")
        for spec in FACTS:
            if spec.name in conflicts:
                values = (f"{readable(spec, claim)} ({_stated_by(claim)})" for claim in conflicts[spec.name])
                print(f"  {spec.label}: {' · '.join(values)}")
    print()
    print_fields(
        [
            ("confidence", "confirmed by a person" if project.is_labelled else f"{min(project.confidence, 0.99):.0%}"),
            ("read", "headlines alone; none of the articles could be read" if project.is_title_only else None),
            ("first seen", project.first_seen_at),
            ("last seen", project.last_seen_at),
            ("IATI", project.iati_id),
            ("also known as", list(project.former_ids)),
        ]
    )
    for link in project.links:
        reason = f" ({one_line(link.reason)})" if link.reason else ""
        print(f"{LINKS.get(link.kind, link.kind)} {link.public_id} {one_line(link.title)}{reason}")
    print(f"\n{bold('Articles')}")
    for source in project.sources:
        is_nowhere = is_made(source.url)  # a person brought it
        who = source.outlet if is_nowhere else source.host
        print(f"  {source.id}  {_day(source)}  {source.language}  {one_line(who)}  {one_line(source.title)}")
        where = "without an address" if is_nowhere else one_line(source.url)
        print(f"      {where}{'  (headline only)' if source.is_title_only else ''}")


def print_history(history: Sequence[HistoryEntry]) -> None:
    """Prints what happened to a project, oldest first."""
    if not history:
        return
    print(f"\n{bold('History')}")
    for entry in history:
        number = f" #{entry.number}" if entry.is_human else ""  # by which `tipwatch undo` takes it
        why = f": {one_line(entry.why)}" if entry.why else ""
        about = f" {one_line(what)}" if (what := _about(entry)) else ""
        print(f"  {moment(entry.at)}  {entry.kind}{number}{about} by {one_line(entry.who)}{why}")


def _about(entry: HistoryEntry) -> str:
    what = entry.what
    if entry.kind == "undo":
        return f"of {what['kind']} #{what['decision']}"
    if "values" in what:
        old, new = ("; ".join(values) or "nothing" for values in values_of(what))
        return f"{what['field']}: {old} → {new}"
    if "is_new_project" in what:
        from storage.articles.labels import label_words

        of = f"article {what['article']}: " if "article" in what else ""
        return of + label_words(what.get("is_relevant"), what["is_new_project"])
    return str(what.get("article") or what.get("gone_id") or "")


def print_corrections(project: Project) -> None:
    """Prints the commands that correct it, to be completed."""
    print(f"\n{bold('To correct it')}")
    for verb, further in CORRECTIONS:
        print(f"  tipwatch projects {verb} {project.public_id} {further}")
    print("  tipwatch undo")


def values_of(what: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The old and the new values of a fact that was set by hand, as shown."""
    return list(what.get("before", ())), [value["shown"] for value in what["values"]]


def readable(spec: FactSpec, claim: Claim) -> str:
    """A value on one line; an organisation under the name that the digest gives it."""
    from alerts.digest.facts import format_organisation
    from alerts.i18n.translator import translator_for

    is_organisation = spec.kind == "organisations"
    return one_line(format_organisation(translator_for("en"), claim) if is_organisation else claim.shown)


def _fact(spec: FactSpec, claims: Sequence[Claim]) -> Iterator[str]:
    label = spec.label
    for claim in claims:
        perhaps = "perhaps " if claim.is_doubtful else ""
        yield f"{label:<10}  {perhaps}{readable(spec, claim)}  ({_stated_by(claim)})"
        for sentence in claim.sentences[:1]:
            yield f"{'':<10}    “{shorten(str(sentence.get('text', '')), SENTENCE)}”"
        label = ""


def _stated_by(claim: Claim) -> str:
    if claim.is_by_person:
        return "set by hand"
    numbers = ", ".join(map(str, claim.articles))
    return f"article {numbers}" if len(claim.articles) == 1 else f"articles {numbers}"


def _day(source: object) -> str:
    at = getattr(source, "published_at", None) or source.registered_at  # type: ignore[attr-defined]  # a ProjectSource
    return f"{at:%Y-%m-%d}"


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "value": claim.shown,
        "articles": list(claim.articles),
        "is_by_person": claim.is_by_person,
        "probability": claim.probability,
    }
