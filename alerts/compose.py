"""What goes into one digest: chosen by the subscription, put in order of importance. Pure.

The order of new projects: those that most outlets tell first, then the larger sum, then the one seen earlier; so that
what many report and what is big stands on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from alerts.advice import is_worth_telling
from alerts.cards import make_card, make_maybe_line, make_story_line, make_trouble, make_update
from alerts.content import Coverage, DigestContent
from alerts.filters import is_immediate, is_in_language, is_wanted, is_wanted_topic
from alerts.settings import SubscriptionSettings
from alerts.slots import Period, Slot
from alerts.voice import speak
from storage.articles import StoredArticle
from storage.health import SourceHealth
from storage.outbox import OtherStory, ProjectUpdate
from storage.projects import Project
from storage.register.rates import to_dollars

# Of a message's 100 kB new projects need the most; fifteen cards of updates take a third, and a day seldom has five.
UPDATES_SHOWN = 15
TROUBLED = frozenset({"failing", "broken", "gone", "moved", "silent"})


@dataclass(frozen=True, slots=True)
class Findings:
    """What storage knows for one subscription and period, unfiltered."""

    projects: Sequence[Project]
    updates: Sequence[ProjectUpdate]
    maybe: Sequence[StoredArticle]
    stories: Sequence[OtherStory]
    health: Sequence[SourceHealth]
    articles_read: int


@dataclass(frozen=True, slots=True)
class Composition:
    """A digest's content, with the projects it tells as new, in its order, and the ids of all articles it tells of."""

    content: DigestContent
    projects: tuple[Project, ...]
    article_ids: tuple[int, ...]

    @property
    def project_ids(self) -> tuple[int, ...]:
        """Internal ids of the projects told as new."""
        return tuple(project.id for project in self.projects)

    def of_first(self, count: int) -> Composition:
        """The same with only so many new projects; the others, and their articles, stay untold."""
        untold = {source.id for project in self.projects[count:] for source in project.sources}
        return Composition(
            replace(self.content, new_projects=self.content.new_projects[:count]),
            self.projects[:count],
            tuple(one for one in self.article_ids if one not in untold),
        )


def compose(subscription: SubscriptionSettings, findings: Findings, period: Period) -> Composition:
    """Chooses and orders what one digest says."""
    projects = sorted((one for one in findings.projects if is_wanted(subscription, one)), key=importance)
    # Those beyond the first stay untold, and come with the next digest.
    updates = [one for one in findings.updates if is_wanted(subscription, one.project)][:UPDATES_SHOWN]
    watched = [one for one in findings.health if one.is_active]
    voice = speak(subscription.language)
    content = DigestContent(
        subscription=subscription.name,
        slot_key=period.slot.key,
        timezone=subscription.timezone,
        slot_at=period.slot.at,
        period_from_at=period.from_at,
        period_to_at=period.to_at,
        new_projects=tuple(make_card(project, voice) for project in projects),
        updates=tuple(make_update(update, voice, subscription.timezone) for update in updates),
        maybe=tuple(
            make_maybe_line(one, voice)
            for one in findings.maybe
            if subscription.maybe and is_in_language(subscription, one.language)
        ),
        news=tuple(
            make_story_line(one, urlsplit(one.url).hostname or "", voice)
            for one in findings.stories
            if is_in_language(subscription, one.language) and is_wanted_topic(subscription, one.topic)
        )[: subscription.other_news],
        sources=tuple(
            make_trouble(one, voice, period_from_at=period.from_at, now=period.to_at)
            for one in watched
            if is_worth_telling(one, period.from_at)
        ),
        coverage=count_coverage(findings.health, articles_read=findings.articles_read),
        language=voice.language,
    )
    told = [source.id for project in projects for source in project.sources]
    told += [article_id for update in updates for article_id in update.article_ids]
    return Composition(content, tuple(projects), tuple(told))


def compose_immediate(subscription: SubscriptionSettings, findings: Findings, period: Period) -> Composition:
    """What is to be told at once, and nothing beside it."""
    immediate = subscription.immediate
    urgent = [one for one in findings.projects if immediate is not None and is_immediate(immediate, one)]
    return compose(
        subscription,
        replace(findings, projects=urgent, updates=(), maybe=(), stories=()),
        # the subject names the day it is told, not the last digest's
        replace(period, slot=Slot(period.to_at, period.slot.key)),
    )


def count_coverage(health: Sequence[SourceHealth], *, articles_read: int) -> Coverage:
    """What a digest rests on: active sources, those without trouble, articles read."""
    watched = [one for one in health if one.is_active]
    return Coverage(
        sources=len(watched),
        healthy_sources=sum(one.state not in TROUBLED for one in watched),
        articles_read=articles_read,
    )


def importance(project: Project) -> tuple[int, float, datetime]:
    """Sort key, most important first: outlets that tell it, its sum in dollars, when it was first seen."""
    return (-len({source.outlet for source in project.sources}), -_dollars(project), project.first_seen_at)


def _dollars(project: Project) -> float:
    """The shown sum at the rate of the year it was told; 0 where none is known or its currency has no rate."""
    details = (project.facts.amount[0].details if project.facts.amount else None) or {}
    if "amount" not in details or not details.get("currency"):
        return 0.0
    return to_dollars(float(details["amount"]), str(details["currency"]), project.first_seen_at.year) or 0.0
