"""What goes into one digest, beside the new projects that `choosing` found: chosen by the subscription. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from alerts.digest.advice import is_worth_mentioning
from alerts.digest.cards import make_card, make_maybe_line, make_parked_page, make_story_line, make_trouble, make_update
from alerts.digest.choice import NewProjects
from alerts.digest.content import Coverage, DigestContent
from alerts.digest.filters import is_in_language, is_wanted, is_wanted_topic
from alerts.digest.slots import Period, Slot
from alerts.i18n.translator import translator_for
from alerts.render.message import Attachment
from alerts.settings import SubscriptionSettings
from storage.articles.articles import StoredArticle
from storage.articles.pages import ParkedEntry
from storage.digests.announcements import OtherStory, ProjectUpdate
from storage.projects.projects import Project
from storage.sources.health import SourceHealth

# Of a message's 100 kB new projects need the most; fifteen cards of updates take a third, and a day seldom has five.
UPDATES_SHOWN = 15
TROUBLED = frozenset({"failing", "broken", "gone", "moved", "silent"})


@dataclass(frozen=True, slots=True)
class Findings:
    """What storage knows for one subscription and period: the new projects chosen, the rest unfiltered."""

    new: NewProjects
    updates: Sequence[ProjectUpdate]
    maybe: Sequence[StoredArticle]
    stories: Sequence[OtherStory]
    health: Sequence[SourceHealth]
    articles_read: int
    parked: Sequence[ParkedEntry] = ()
    parked_count: int = 0


@dataclass(frozen=True, slots=True)
class Composition:
    """A digest's content and the internal ids of all that it tells: projects as new, and articles.

    `projects` are those of the content's cards, whole; `table` holds all, where there are more.
    """

    content: DigestContent
    projects: tuple[Project, ...]
    project_ids: tuple[int, ...]
    article_ids: tuple[int, ...]
    table: Attachment | None = None


def compose(subscription: SubscriptionSettings, findings: Findings, period: Period) -> Composition:
    """Chooses what one digest says."""
    new = findings.new
    # Those beyond the first stay untold, and come with the next digest.
    updates = [one for one in findings.updates if is_wanted(subscription, one.project)][:UPDATES_SHOWN]
    watched = [one for one in findings.health if one.is_active]
    translator = translator_for(subscription.language)
    content = DigestContent(
        subscription=subscription.name,
        slot_key=period.slot.key,
        timezone=subscription.timezone,
        slot_at=period.slot.at,
        period_from_at=period.from_at,
        period_to_at=period.to_at,
        new_projects=tuple(make_card(project, translator) for project in new.shown),
        updates=tuple(make_update(update, translator, subscription.timezone) for update in updates),
        maybe=tuple(
            make_maybe_line(one, translator)
            for one in findings.maybe
            if subscription.maybe and is_in_language(subscription, one.language)
        ),
        news=tuple(
            make_story_line(one, urlsplit(one.url).hostname or "", translator)
            for one in findings.stories
            if is_in_language(subscription, one.language) and is_wanted_topic(subscription, one.topic)
        )[: subscription.other_news],
        sources=tuple(
            make_trouble(one, translator, period_from_at=period.from_at, now=period.to_at)
            for one in watched
            if is_worth_mentioning(one, period.from_at)
        ),
        coverage=count_coverage(findings.health, articles_read=findings.articles_read),
        language=translator.language,
        left_out=len(new.ids) - len(new.shown),
        parked=tuple(make_parked_page(one, translator) for one in findings.parked),
        parked_left_out=findings.parked_count - len(findings.parked),
    )
    told = new.article_ids + tuple(article_id for update in updates for article_id in update.article_ids)
    return Composition(content, new.shown, new.ids, told, new.table)


def compose_immediate(subscription: SubscriptionSettings, findings: Findings, period: Period) -> Composition:
    """What is to be told at once, and nothing beside it."""
    return compose(
        subscription,
        replace(findings, updates=(), maybe=(), stories=(), parked=(), parked_count=0),
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
