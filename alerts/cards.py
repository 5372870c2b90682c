"""Makes what a reader sees of a project, a story, a source from what storage knows of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alerts.advice import say_advice, say_reason, say_state
from alerts.content import FactLine, ProjectCard, Quotation, SourceTrouble, StoryLine, Telling
from alerts.phrases import say_countries, say_duration, say_money, say_partial_date, say_span, say_topic
from classifier.document import FactName, Reason
from storage.articles import StoredArticle
from storage.health import SourceHealth
from storage.outbox import OtherStory
from storage.projects import Project, ProjectSource
from storage.register.merge import MergedClaim

# From these confidences on a project is called sure or probable; below, perhaps. They part what a calibrated
# probability calls right nine times in ten, and two times in three.
SURE, PROBABLE = 0.9, 0.66
REASONS_SHOWN = 3  # of a maybe: what spoke most for it


def make_card(project: Project, *, told: Sequence[int] | None = None, note: str | None = None) -> ProjectCard:
    """A project's card; `told` (article ids) leaves only these articles in it, for an update."""
    sources = [source for source in project.sources if told is None or source.id in told]
    return ProjectCard(
        public_id=project.public_id,
        title=project.title,
        places=say_countries([claim.value for claim in project.facts.countries]),
        facts=tuple(list_facts(project)),
        quotation=find_quotation(project),
        tellings=tuple(tell(source) for source in sources),
        confidence=say_confidence(project.confidence),
        note=note,
    )


def list_facts(project: Project) -> list[FactLine]:
    """The lines of the fact card, in the order a desk officer asks: who, who pays, with whom, where, how much, when."""
    facts = project.facts
    lines = [
        FactLine(label, ", ".join(claim.shown for claim in claims))
        for label, claims in (("Runs it", facts.implementers), ("Pays", facts.funders), ("Partners", facts.partners))
        if claims
    ]
    if facts.countries:
        doubted = facts.doubted.get("countries", ())
        others = tuple(f"perhaps also {say_countries([claim.value])} ({say_who(project, claim)})" for claim in doubted)
        lines.append(FactLine("Where", say_countries([claim.value for claim in facts.countries]), others))
    if facts.amount:
        first, *rest = facts.amount
        lines.append(FactLine("How much", say_sum(first), tuple(f"{say_sum(c)} ({say_who(project, c)})" for c in rest)))
    when = say_span(
        facts.start[0].value if facts.start else None,
        facts.end[0].value if facts.end else None,
        int(facts.duration_months[0].value) if facts.duration_months else None,
    )
    if when:
        lines.append(FactLine("When", when, tuple(other_times(project))))
    return lines


def other_times(project: Project) -> list[str]:
    """What other articles say of start, end and length."""
    said: dict[FactName, Any] = {
        "start": lambda value: f"start {say_partial_date(value)}",
        "end": lambda value: f"end {say_partial_date(value)}",
        "duration_months": lambda value: say_duration(int(value)),
    }
    return [
        f"{say(claim.value)} ({say_who(project, claim)})"
        for name, say in said.items()
        for claim in project.facts.conflicts.get(name, ())[1:]
    ]


def say_sum(claim: MergedClaim) -> str:
    details = claim.details or {}
    if "amount" not in details:
        return claim.shown
    return say_money(details["amount"], details.get("currency"), is_uncertain=bool(details.get("is_uncertain")))


def say_who(project: Project, claim: MergedClaim) -> str:
    """Who claims it: the outlets of the articles that state it, or a person's correction."""
    if claim.is_by_person:
        return "corrected by hand"
    outlets = {source.id: source.outlet for source in project.sources}
    named = dict.fromkeys(outlets[id_] for id_ in claim.articles if id_ in outlets)
    return ", ".join(named) or "another article"


def find_quotation(project: Project) -> Quotation | None:
    """The sentence that says it, in the article's own words: the project's chosen sentence with its article."""
    if not project.sentence:
        return None
    source = next(iter(project.sources), None)
    for claims in (project.facts.amount, project.facts.name, project.facts.implementers, project.facts.funders):
        for claim in claims:
            if any(sentence.get("text") == project.sentence for sentence in claim.sentences):
                source = next((one for one in project.sources if one.id in claim.articles), source)
                break
    language = source.language if source else project.language
    return Quotation(project.sentence, language, source.outlet if source else "")


def tell(source: ProjectSource) -> Telling:
    return Telling(
        outlet=source.outlet,
        host=source.host,
        url=source.url,
        title=source.title,
        language=source.language,
        published_at=source.published_at,
    )


def say_confidence(confidence: float) -> str:
    if confidence >= SURE:
        return "sure"
    return "probably" if confidence >= PROBABLE else "perhaps"


def make_maybe_line(article: StoredArticle) -> StoryLine:
    """One line of an article in the middle band, with what spoke for it."""
    return StoryLine(
        article_id=article.id,
        title=article.title,
        topic=say_topic(article.verdict.topic),
        telling=Telling(
            article.outlet, article.host, article.url, article.title, article.language, article.published_at
        ),
        outlets=1,
        reason=say_reasons(article.verdict.reasons, article.verdict.new_project_probability),
    )


def say_reasons(reasons: Sequence[Reason], probability: float) -> str:
    words = [reason.words for reason in reasons if reason.about == "new_project" and reason.weight > 0][:REASONS_SHOWN]
    said = f"{round(100 * probability)} in 100 that it is a new project"
    return f"{said}: {'; '.join(words)}" if words else said


def make_story_line(story: OtherStory, host: str) -> StoryLine:
    """One line of a story that is no new project; its first article stands for it."""
    return StoryLine(
        article_id=story.article_ids[0],
        title=story.title,
        topic=say_topic(story.topic),
        telling=Telling(story.outlets[0], host, story.url, story.title, story.language, story.first_seen_at),
        outlets=len(story.outlets),
    )


def make_trouble(health: SourceHealth) -> SourceTrouble:
    return SourceTrouble(
        name=health.name,
        state=say_state(health),
        since_at=health.since_at,
        reason=say_reason(health),
        advice=say_advice(health),
    )
