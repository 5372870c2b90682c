"""The fact card of a project: who, who pays, with whom, where, how much, when, and who says otherwise. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

from alerts.digest.content import FactLine
from alerts.i18n.phrases import (
    format_country,
    format_language,
    format_money,
    format_partial_date,
    format_span,
    is_latin,
)
from alerts.i18n.translator import N_, Translator
from classifier.schema import FACTS, FactKind, FactName, FactSpec
from storage.projects.projects import Project, ProjectLink
from storage.register.compare.organisations import GOVERNMENT
from storage.register.merge.values import Claim, plain_fields

SPECS = {spec.name: spec for spec in FACTS}

TIMES: tuple[FactName, ...] = ("start", "end", "duration_months")
"""Facts that share a line of the card, where the first would stand."""

LABELS: dict[FactName, str] = {
    "name": N_("Also called"),
    "implementers": N_("Runs it"),
    "funders": N_("Pays"),
    "partners": N_("Partners"),
    "countries": N_("Where"),
    "amount": N_("How much"),
    "start": N_("When"),
    "people": N_("People to be reached"),
}
"""Facts in readers' words."""

LINKS = {
    "follows": N_("%(title)s (%(id)s), which it follows"),
    "part-of": N_("%(title)s (%(id)s), of which it is part"),
    "supplements": N_("%(title)s (%(id)s), to which it adds money"),
    "perhaps-same": N_("%(title)s (%(id)s), perhaps the same"),
}
"""Kinds of links between projects, in readers' words."""

LINE_KINDS: dict[FactKind, Literal["party", "where", "sum"]] = {"countries": "where", "amount": "sum"}


def format_title(project: Project) -> tuple[str, str | None]:
    """The project's name, where it has one, else its headline; with the language it is in, where that is known."""
    names = name_claims(project)
    if not names:
        return project.title, project.language
    languages = [source.language for source in project.sources if source.id in names[0].articles]
    return names[0].shown, languages[0] if languages else None


def format_title_note(translator: Translator, project: Project) -> str:
    """What a reader should know of the title: the language of a headline in another one than theirs, and of a name in
    another script; that a name is doubtful. Else empty."""
    title, language = format_title(project)
    names = name_claims(project)
    notes = []
    if language not in (None, translator.language) and not (names and is_latin(title)):
        spoken = format_language(translator, str(language))
        notes.append(
            translator.gettext("Name in %(language)s", language=spoken)
            if names
            else translator.gettext("Headline in %(language)s", language=spoken)
        )
    if names and names[0].is_doubtful:
        notes.append(translator.gettext("Name uncertain"))
    return " · ".join(notes)


def name_claims(project: Project) -> list[Claim]:
    """The project's names, those first that a reader of English, French or Spanish can read; one that a person gave
    stands before all."""
    return sorted(project.facts.name, key=lambda claim: not (claim.is_by_person or is_latin(claim.shown)))


def list_facts(translator: Translator, project: Project, *, new: Collection[int] | None = None) -> list[FactLine]:
    """The lines of the fact card, in the order a desk officer asks; those that only `new` articles state are marked."""
    lines = [format_fact(translator, project, spec, new) for spec in FACTS if spec.name not in TIMES[1:]]
    return [line for line in (*lines, format_links(translator, project)) if line is not None]


def format_fact(
    translator: Translator, project: Project, spec: FactSpec, new: Collection[int] | None
) -> FactLine | None:
    """The line of a fact; None where nobody states it."""
    if spec.name == "name":
        return format_names(translator, project, spec, new)
    if spec.name in TIMES:
        return format_times(translator, project, spec, new)
    claims: tuple[Claim, ...] = getattr(project.facts, spec.name)
    if not claims:
        return None
    if spec.is_list:
        shown = [format_shown(translator, spec, claim) for claim in claims]
        value, others, who = ", ".join(dict.fromkeys(shown)), format_doubted(translator, project, spec), ""
    else:
        said = [format_value(translator, spec, claim) for claim in claims[1:]]
        claimants = [format_who(translator, project, claim) for claim in claims]
        others = tuple(f"{one} ({by})" for one, by in zip(said, claimants[1:], strict=True))
        value, who = format_shown(translator, spec, claims[0]), claimants[0] if others else ""
    label, kind = format_label(translator, spec), LINE_KINDS.get(spec.kind, "party")
    return FactLine(label, value, others, who, is_new=is_added(claims, new), kind=kind)


def format_doubted(translator: Translator, project: Project, spec: FactSpec) -> tuple[str, ...]:
    """The countries that were left out of the list, each with who names it."""
    if spec.kind != "countries":
        return ()
    return tuple(
        translator.gettext(
            "perhaps also %(country)s (%(who)s)",
            country=format_value(translator, spec, claim),
            who=format_who(translator, project, claim),
        )
        for claim in project.facts.doubted.get(spec.name, ())
    )


def format_label(translator: Translator, spec: FactSpec) -> str:
    """What a card calls a fact; what the command line does where no phrase says it."""
    return translator.gettext(LABELS[spec.name]) if spec.name in LABELS else spec.label.capitalize()


def list_places(translator: Translator, project: Project) -> list[str]:
    """The countries where it works, in readers' words."""
    return [format_shown(translator, SPECS["countries"], claim) for claim in project.facts.countries]


def format_shown(translator: Translator, spec: FactSpec, claim: Claim) -> str:
    """A value in readers' form, with a word of caution where it is doubtful."""
    return format_caution(translator, format_value(translator, spec, claim), [claim])


def format_caution(translator: Translator, said: str, claims: Iterable[Claim]) -> str:
    """What is said of some values, with a word of caution where one of them is doubtful."""
    is_doubtful = any(claim.is_doubtful for claim in claims)
    return translator.gettext("perhaps %(value)s", value=said) if is_doubtful else said


def format_value(translator: Translator, spec: FactSpec, claim: Claim) -> str:
    """A value in readers' form, by the kind of its fact."""
    if spec.kind == "organisations":
        return format_organisation(translator, claim)
    if spec.kind == "countries":
        return format_country(translator, claim.value)
    if spec.kind == "amount":
        return format_sum(translator, claim)
    if spec.kind == "date":
        return format_partial_date(translator, claim.value)
    if spec.kind == "number":
        return translator.number(int(claim.value))
    return claim.shown


def format_names(
    translator: Translator, project: Project, spec: FactSpec, new: Collection[int] | None
) -> FactLine | None:
    """The names that other articles give it."""
    names = name_claims(project)[1:]
    if not names:
        return None
    said = " · ".join(f"{claim.shown} ({format_who(translator, project, claim)})" for claim in names)
    return FactLine(format_label(translator, spec), said, is_new=is_added(names, new))


def format_times(
    translator: Translator, project: Project, spec: FactSpec, new: Collection[int] | None
) -> FactLine | None:
    shown = project.facts.facts
    when = format_span(translator, shown.start, shown.end, shown.duration_months)
    if when is None:
        return None
    stated: list[Sequence[Claim]] = [getattr(project.facts, name) for name in TIMES]
    when = format_caution(translator, when, (claims[0] for claims in stated if claims))
    is_new = is_added([claim for claims in stated for claim in claims], new)
    return FactLine(
        format_label(translator, spec), when, tuple(other_times(translator, project)), is_new=is_new, kind="when"
    )


def format_links(translator: Translator, project: Project) -> FactLine | None:
    """Projects that a reader should know of beside this one."""
    related = " · ".join(said for said in (format_link(translator, link) for link in project.links) if said)
    return FactLine(translator.gettext("See also"), related) if related else None


def format_link(translator: Translator, link: ProjectLink) -> str:
    """Another project that a reader should know of beside this one; empty for one that a person parted from it."""
    phrase = LINKS.get(link.kind)
    return translator.gettext(phrase, title=link.title, id=link.public_id) if phrase else ""


def is_added(claims: Sequence[Claim], new: Collection[int] | None) -> bool:
    """Whether one of the values is stated by articles of `new` alone; never where all is new (None)."""
    if new is None:
        return False
    return any(not claim.is_by_person and claim.articles and set(claim.articles) <= set(new) for claim in claims)


def other_times(translator: Translator, project: Project) -> list[str]:
    """What other articles say of start, end and length."""
    nothing: dict[str, Any] = dict.fromkeys(TIMES)
    return [
        f"{format_span(translator, **nothing | plain_fields(SPECS[name], [claim]))} "
        f"({format_who(translator, project, claim)})"
        for name in TIMES
        for claim in project.facts.conflicts.get(name, ())[1:]
    ]


def format_organisation(translator: Translator, claim: Claim) -> str:
    """The organisation as readers of this language call it, where the register knows which one is meant; else as its
    article, or a person, wrote it."""
    if claim.is_by_person:
        return claim.shown
    government = GOVERNMENT.fullmatch(claim.value)
    if government is not None:
        return translator.gettext("%(country)s (government)", country=format_country(translator, government[1]))
    return translator.terms.organisations.get(claim.value, claim.shown)


def format_sum(translator: Translator, claim: Claim) -> str:
    """A sum in readers' form; as its article writes it where it was not understood."""
    details = claim.details or {}
    if "amount" not in details:
        return claim.shown
    return format_money(
        translator, details["amount"], details.get("currency"), is_uncertain=bool(details.get("is_uncertain"))
    )


def format_who(translator: Translator, project: Project, claim: Claim) -> str:
    """Who claims it: the outlets of the articles that state it, or a person's correction."""
    if claim.is_by_person:
        return translator.gettext("corrected by hand")
    outlets = {source.id: source.outlet for source in project.sources}
    named = dict.fromkeys(outlets[id_] for id_ in claim.articles if id_ in outlets)
    return ", ".join(named) or translator.gettext("another article")
