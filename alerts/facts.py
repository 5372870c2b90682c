"""The fact card of a project: who, who pays, with whom, where, how much, when, and who says otherwise. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from alerts.content import FactLine
from alerts.phrases import say_countries, say_country, say_duration, say_money, say_span
from alerts.voice import Voice
from storage.projects import Project
from storage.register.merge import MergedClaim


def say_title(project: Project) -> tuple[str, str | None]:
    """The project's name, where it has one, else its headline with the headline's language."""
    if project.facts.name:
        return project.facts.name[0].shown, None
    return project.title, project.language


def list_facts(voice: Voice, project: Project, *, new: Collection[int] | None = None) -> list[FactLine]:
    """The lines of the fact card, in the order a desk officer asks; those that only `new` articles state are marked."""
    facts = project.facts
    lines = [
        FactLine(label, ", ".join(claim.shown for claim in claims), is_new=is_added(claims, new))
        for label, claims in (
            (voice.gettext("Runs it"), facts.implementers),
            (voice.gettext("Pays"), facts.funders),
            (voice.gettext("Partners"), facts.partners),
        )
        if claims
    ]
    if facts.countries:
        doubted = tuple(
            voice.gettext(
                "perhaps also %(country)s (%(who)s)",
                country=say_country(voice, claim.value),
                who=say_who(voice, project, claim),
            )
            for claim in facts.doubted.get("countries", ())
        )
        where = say_countries(voice, [claim.value for claim in facts.countries])
        lines.append(
            FactLine(voice.gettext("Where"), where, doubted, is_new=is_added(facts.countries, new), kind="where")
        )
    if facts.amount:
        first, *rest = facts.amount
        lines.append(
            FactLine(
                voice.gettext("How much"),
                say_sum(voice, first),
                tuple(f"{say_sum(voice, claim)} ({say_who(voice, project, claim)})" for claim in rest),
                who=say_who(voice, project, first) if rest else "",
                is_new=is_added(facts.amount, new),
                kind="sum",
            )
        )
    when = say_span(
        voice,
        facts.start[0].value if facts.start else None,
        facts.end[0].value if facts.end else None,
        int(facts.duration_months[0].value) if facts.duration_months else None,
    )
    if when:
        times = (*facts.start, *facts.end, *facts.duration_months)
        lines.append(
            FactLine(
                voice.gettext("When"),
                when,
                tuple(other_times(voice, project)),
                is_new=is_added(times, new),
                kind="when",
            )
        )
    return lines


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
