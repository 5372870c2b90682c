"""What goes into one digest, beside the new projects that `choice` found: chosen by the subscription. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from alerts.digest.advice import is_worth_mentioning
from alerts.digest.cards import make_card, make_maybe_line, make_parked_page, make_story_line, make_trouble, make_update
from alerts.digest.choice import NewProjects
from alerts.digest.content import Coverage, DigestContent
from alerts.digest.filters import is_wanted_maybe, is_wanted_story
from alerts.digest.slots import Period, Slot
from alerts.i18n.translator import translator_for
from alerts.render.message import Attachment
from alerts.settings import SubscriptionSettings
from storage.articles.articles import StoredArticle
from storage.articles.pages import ParkedEntry
from storage.digests.announcements import OtherStory, ProjectUpdate
from storage.host_names import host_of
from storage.projects.projects import Project
from storage.sources.health import SourceHealth
from storage.urls import registrable_domain

# Of a message's 100 kB new projects need the most; fifteen cards of updates take a third, and a day seldom has five.
UPDATES_SHOWN = 15
MAYBE_SHOWN = 20  # more doubtful lines than this nobody reads
TROUBLED = frozenset({"failing", "broken", "gone", "moved", "silent"})


@dataclass(frozen=True, slots=True)
class Findings:
    """What storage knows for one subscription and period: the new projects and the updates chosen, the rest unfiltered.

    `updates_left_out` and `parked_count - len(parked)` are not among them.
    """

    new: NewProjects
    updates: Sequence[ProjectUpdate]
    maybe: Sequence[StoredArticle]
    stories: Sequence[OtherStory]
    health: Sequence[SourceHealth]
    articles_read: int
    older_projects: int = 0
    parked: Sequence[ParkedEntry] = ()
    parked_count: int = 0
    updates_left_out: int = 0


@dataclass(frozen=True, slots=True)
class Composition:
    """A digest's content and the internal ids of all that it reports: projects as new, and articles.

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
    watched = [one for one in findings.health if one.is_active]
    translator = translator_for(subscription.language)
    names = names_by_host(findings.health)
    shown = tuple(with_names(project, names) for project in new.shown)
    updates = [replace(one, project=with_names(one.project, names)) for one in findings.updates]
    maybe = [one for one in findings.maybe if subscription.maybe and is_wanted_maybe(subscription, one)]
    stories = [one for one in findings.stories if is_wanted_story(subscription, one)]
    content = DigestContent(
        subscription=subscription.name,
        slot_key=period.slot.key,
        timezone=subscription.timezone,
        slot_at=period.slot.at,
        period_from_at=period.from_at,
        period_to_at=period.to_at,
        new_projects=tuple(make_card(project, translator) for project in shown),
        updates=tuple(make_update(update, translator, subscription.timezone) for update in updates),
        maybe=tuple(
            make_maybe_line(replace(one, outlet=names.get(one.outlet, one.outlet)), translator)
            for one in maybe[:MAYBE_SHOWN]
        ),
        news=tuple(
            make_story_line(
                replace(one, outlets=tuple(names.get(outlet, outlet) for outlet in one.outlets)),
                urlsplit(one.url).hostname or "",
                translator,
            )
            for one in stories[: subscription.other_news]
        ),
        sources=tuple(
            make_trouble(one, translator, period_from_at=period.from_at, now=period.to_at)
            for one in watched
            if is_worth_mentioning(one, period.from_at)
        ),
        coverage=count_coverage(
            findings.health,
            period.from_at,
            period.to_at,
            articles_read=findings.articles_read,
            older_projects=findings.older_projects,
        ),
        language=translator.language,
        left_out=len(new.ids) - len(new.shown),
        parked=tuple(make_parked_page(one, translator) for one in findings.parked),
        parked_left_out=findings.parked_count - len(findings.parked),
        updates_left_out=findings.updates_left_out,
        maybe_left_out=max(0, len(maybe) - MAYBE_SHOWN),
        news_left_out=max(0, len(stories) - subscription.other_news),
    )
    announced = new.article_ids + tuple(article_id for update in updates for article_id in update.article_ids)
    return Composition(content, new.shown, new.ids, announced, new.table)


def compose_immediate(subscription: SubscriptionSettings, findings: Findings, period: Period) -> Composition:
    """What is to be sent at once, and nothing beside it."""
    return compose(
        subscription,
        replace(findings, updates=(), maybe=(), stories=(), parked=(), parked_count=0, updates_left_out=0),
        # the subject names the day it is sent, not the last digest's
        replace(period, slot=Slot(period.to_at, period.slot.key)),
    )


def count_coverage(
    health: Sequence[SourceHealth], from_at: datetime, to_at: datetime, *, articles_read: int, older_projects: int = 0
) -> Coverage:
    """What a digest rests on: active sources, those in trouble, whether any was read in the period, articles read,
    projects too old to be new."""
    watched = [one for one in health if one.is_active]
    return Coverage(
        sources=len(watched),
        troubled=tuple(one.name for one in watched if one.state in TROUBLED),
        articles_read=articles_read,
        older_projects=older_projects,
        is_blind=bool(watched) and not any(was_read(one, from_at, to_at) for one in watched),
    )


def was_read(health: SourceHealth, from_at: datetime, to_at: datetime) -> bool:
    """Whether what a source has reported in a period is known: it was read in it, or read well before and not due
    again."""
    if health.last_success_at is None:
        return False
    return health.last_success_at >= from_at or (not health.failures and health.next_due_at > to_at)


def names_by_host(health: Sequence[SourceHealth]) -> dict[str, str]:
    """The names of sources by the hosts of their own pages: an outlet that does not name itself goes by its host, which
    readers know by the source's name. A host of several sources has none."""
    names: dict[str, set[str]] = {}
    for one in health:
        names.setdefault(registrable_domain(host_of(one.url)), set()).add(one.name)
    return {host: next(iter(found)) for host, found in names.items() if len(found) == 1}


def with_names(project: Project, names: Mapping[str, str]) -> Project:
    """The project with outlets that go by their host named as their source is."""
    sources = (replace(one, outlet=names.get(one.outlet, one.outlet)) for one in project.sources)
    return replace(project, sources=tuple(sources))
