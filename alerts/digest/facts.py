"""The fact card of a project: who, who pays, with whom, where, how much, when, and who says otherwise. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Literal

from alerts.digest.content import FactLine
from alerts.digest.organisations import say_body
from alerts.i18n.phrases import (
    is_latin,
    say_country,
    say_duration,
    say_language,
    say_money,
    say_number,
    say_partial_date,
    say_span,
)
from alerts.i18n.translator import Voice, mark
from classifier.schema import FACTS, FactKind, FactName, FactSpec
from storage.projects.projects import Project, ProjectLink
from storage.register.merge.values import MergedClaim

TIMES = ("start", "end", "duration_months")
"""Facts that share a line of the card, where the first would stand."""

LABELS: dict[FactName, str] = {
    "name": mark("Also called"),
    "implementers": mark("Runs it"),
    "funders": mark("Pays"),
    "partners": mark("Partners"),
    "countries": mark("Where"),
    "amount": mark("How much"),
    "start": mark("When"),
    "people": mark("People to be assisted"),
}
"""Facts in readers' words."""

LINE_KINDS: dict[FactKind, Literal["party", "where", "sum"]] = {"countries": "where", "amount": "sum"}


def say_title(project: Project) -> tuple[str, str | None]:
    """The project's name, where it has one, else its headline; with the language it is in, where that is known."""
    names = name_claims(project)
    if not names:
        return project.title, project.language
    told = [source.language for source in project.sources if source.id in names[0].articles]
    return names[0].shown, told[0] if told else None


def say_title_note(voice: Voice, project: Project) -> str:
    """In which language the title is, where a reader should know: of a headline in another language than theirs, and
    of a name in another script. Else empty."""
    title, language = say_title(project)
    if language is None or language == voice.language:
        return ""
    if not project.facts.name:
        return voice.gettext("Headline in %(language)s", language=say_language(voice, language))
    return "" if is_latin(title) else voice.gettext("Name in %(language)s", language=say_language(voice, language))


def name_claims(project: Project) -> list[MergedClaim]:
    """The project's names, those first that a reader of English, French or Spanish can read; one that a person gave
    stands before all."""
    return sorted(project.facts.name, key=lambda claim: not (claim.is_by_person or is_latin(claim.shown)))


def list_facts(voice: Voice, project: Project, *, new: Collection[int] | None = None) -> list[FactLine]:
    """The lines of the fact card, in the order a desk officer asks; those that only `new` articles state are marked."""
    lines = [say_fact(voice, project, spec, new) for spec in FACTS if spec.name not in TIMES[1:]]
    return [line for line in (*lines, say_links(voice, project)) if line is not None]


def say_fact(voice: Voice, project: Project, spec: FactSpec, new: Collection[int] | None) -> FactLine | None:
    """The line of a fact; None where nobody states it."""
    if spec.name == "name":
        return say_names(voice, project, spec, new)
    if spec.name in TIMES:
        return say_times(voice, project, spec, new)
    claims: tuple[MergedClaim, ...] = getattr(project.facts, spec.name)
    if not claims:
        return None
    said = [say_value(voice, spec, claim) for claim in claims]
    if spec.is_list:
        value, others, who = ", ".join(dict.fromkeys(said)), say_doubted(voice, project, spec), ""
    else:
        claimants = [say_who(voice, project, claim) for claim in claims]
        others = tuple(f"{one} ({by})" for one, by in zip(said[1:], claimants[1:], strict=True))
        value, who = said[0], claimants[0] if others else ""
    label, kind = say_label(voice, spec), LINE_KINDS.get(spec.kind, "party")
    return FactLine(label, value, others, who, is_new=is_added(claims, new), kind=kind)


def say_doubted(voice: Voice, project: Project, spec: FactSpec) -> tuple[str, ...]:
    """The countries that were left out of the list, each with who names it."""
    if spec.kind != "countries":
        return ()
    return tuple(
        voice.gettext(
            "perhaps also %(country)s (%(who)s)",
            country=say_value(voice, spec, claim),
            who=say_who(voice, project, claim),
        )
        for claim in project.facts.doubted.get(spec.name, ())
    )


def say_label(voice: Voice, spec: FactSpec) -> str:
    """What a card calls a fact; what the command line does where no phrase says it."""
    return voice.gettext(LABELS[spec.name]) if spec.name in LABELS else spec.label.capitalize()


def say_value(voice: Voice, spec: FactSpec, claim: MergedClaim) -> str:
    """A value in readers' form, by the kind of its fact."""
    if spec.kind == "organisations":
        return say_body(voice, claim)
    if spec.kind == "countries":
        return say_country(voice, claim.value)
    if spec.kind == "amount":
        return say_sum(voice, claim)
    if spec.kind == "date":
        return say_partial_date(voice, claim.value)
    if spec.kind == "number":
        return say_number(voice, int(claim.value))
    return claim.shown


def say_names(voice: Voice, project: Project, spec: FactSpec, new: Collection[int] | None) -> FactLine | None:
    """The names that other articles give it."""
    names = name_claims(project)[1:]
    if not names:
        return None
    said = " · ".join(f"{claim.shown} ({say_who(voice, project, claim)})" for claim in names)
    return FactLine(say_label(voice, spec), said, is_new=is_added(names, new))


def say_times(voice: Voice, project: Project, spec: FactSpec, new: Collection[int] | None) -> FactLine | None:
    start, end, duration = project.facts.start, project.facts.end, project.facts.duration_months
    when = say_span(
        voice,
        start[0].value if start else None,
        end[0].value if end else None,
        int(duration[0].value) if duration else None,
    )
    if when is None:
        return None
    is_new = is_added((*start, *end, *duration), new)
    return FactLine(say_label(voice, spec), when, tuple(other_times(voice, project)), is_new=is_new, kind="when")


def say_links(voice: Voice, project: Project) -> FactLine | None:
    """Projects that a reader should know of beside this one."""
    related = " · ".join(said for said in (say_link(voice, link) for link in project.links) if said)
    return FactLine(voice.gettext("See also"), related) if related else None


def say_link(voice: Voice, link: ProjectLink) -> str:
    """Another project that a reader should know of beside this one; empty for one that a person parted from it."""
    if link.kind == "follows":
        return voice.gettext("%(title)s (%(id)s), which it follows", title=link.title, id=link.public_id)
    if link.kind == "part-of":
        return voice.gettext("%(title)s (%(id)s), of which it is part", title=link.title, id=link.public_id)
    if link.kind == "supplements":
        return voice.gettext("%(title)s (%(id)s), to which it adds money", title=link.title, id=link.public_id)
    if link.kind == "perhaps-same":
        return voice.gettext("%(title)s (%(id)s), perhaps the same", title=link.title, id=link.public_id)
    return ""


def is_added(claims: Sequence[MergedClaim], new: Collection[int] | None) -> bool:
    """Whether one of the values is stated by articles of `new` alone; never where all is new (None)."""
    if new is None:
        return False
    return any(not claim.is_by_person and claim.articles and set(claim.articles) <= set(new) for claim in claims)


def other_times(voice: Voice, project: Project) -> list[str]:
    """What other articles say of start, end and length."""
    conflicts = project.facts.conflicts
    said: list[tuple[MergedClaim, Callable[[str], str]]] = [
        *((one, lambda value: say_span(voice, value, None, None) or "") for one in conflicts.get("start", ())[1:]),
        *((one, lambda value: say_span(voice, None, value, None) or "") for one in conflicts.get("end", ())[1:]),
        *((one, lambda value: say_duration(voice, int(value))) for one in conflicts.get("duration_months", ())[1:]),
    ]
    return [f"{say(claim.value)} ({say_who(voice, project, claim)})" for claim, say in said]


def say_sum(voice: Voice, claim: MergedClaim) -> str:
    """A sum in readers' form; as its article writes it where it was not understood."""
    details = claim.details or {}
    if "amount" not in details:
        return claim.shown
    return say_money(voice, details["amount"], details.get("currency"), is_uncertain=bool(details.get("is_uncertain")))


def say_who(voice: Voice, project: Project, claim: MergedClaim) -> str:
    """Who claims it: the outlets of the articles that state it, or a person's correction."""
    if claim.is_by_person:
        return voice.gettext("corrected by hand")
    outlets = {source.id: source.outlet for source in project.sources}
    named = dict.fromkeys(outlets[id_] for id_ in claim.articles if id_ in outlets)
    return ", ".join(named) or voice.gettext("another article")
