"""What goes into one digest: what storage knows for its subscription and period, as far as that is asked for.

What is sent at once holds new projects and how the sources are; a whole digest has the other sections too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice

from sqlalchemy import Connection

from alerts.digest.advice import is_worth_mentioning
from alerts.digest.cards import make_card, make_maybe_line, make_parked_page, make_story_line, make_trouble, make_update
from alerts.digest.choice import NewProjects, choose_new
from alerts.digest.content import Coverage, DigestContent
from alerts.digest.filters import LEAST_PROBABILITY, is_immediate, is_wanted, is_wanted_maybe, is_wanted_story
from alerts.digest.slots import Period, kind_of
from alerts.i18n.translator import translator_for
from alerts.settings import SubscriptionSettings
from storage.articles.pages import list_parked_between
from storage.digests.announcements import maybe_articles, other_stories, stream_updates, unannounced_ids
from storage.digests.coverage import count_articles_read, count_older_projects
from storage.host_names import host_of
from storage.projects.projects import Project
from storage.sources.health import AILING, SourceHealth, list_source_health
from storage.urls import registrable_domain

# Of a message's 100 kB new projects need the most; fifteen cards of updates take a third, and a day seldom has five.
UPDATES_SHOWN = 15
MAYBE_READ = 200  # of a day, to choose from: a subscription's countries and languages are known afterwards
MAYBE_SHOWN = 20  # more doubtful lines than this nobody reads
PARKED_SHOWN = 10  # as many as are looked at one by one; the rest is for `tipwatch parked list`


@dataclass(frozen=True, slots=True)
class Composition:
    """A digest's content, the projects that it announces as new, and the internal ids of all articles that it
    reports."""

    content: DigestContent
    new: NewProjects
    article_ids: tuple[int, ...]


def compose_now(
    connection: Connection, subscription: SubscriptionSettings, period: Period, now: datetime
) -> Composition:
    """Reads what the digest may hold, from one snapshot, and chooses what it says."""
    is_whole = kind_of(period.slot.key) == "daily"
    span = {"since_at": period.from_at, "until_at": period.to_at}
    health = list_source_health(connection, now)
    names = names_by_host(health)
    translator = translator_for(subscription.language)
    ids = unannounced_ids(connection, subscription.name, since_at=period.searched_from_at, until_at=period.to_at)
    is_announced = partial(is_wanted if is_whole else is_immediate, subscription)
    table_name = name_table(period.slot.key)
    new = choose_new(connection, ids, is_announced, limit=subscription.limit, table_name=table_name)
    content = DigestContent(
        subscription=subscription.name,
        slot_key=period.slot.key,
        timezone=subscription.timezone,
        # the subject of what is sent at once names the day it is sent, not the last digest's
        slot_at=period.slot.at if is_whole else period.to_at,
        period_from_at=period.from_at,
        period_to_at=period.to_at,
        new_projects=tuple(make_card(with_names(one, names), translator) for one in new.shown),
        sources=tuple(
            make_trouble(one, translator, period_from_at=period.from_at, now=period.to_at)
            for one in health
            if one.is_active and is_worth_mentioning(one, period.from_at)
        ),
        coverage=count_coverage(
            health,
            period.from_at,
            period.to_at,
            articles_read=count_articles_read(connection, **span),
            older_projects=count_older_projects(connection, **span) if is_whole else 0,
        ),
        language=translator.language,
        left_out=len(new.ids) - len(new.shown),
    )
    if is_whole:
        return add_sections(connection, subscription, period, Composition(content, new, new.article_ids), names)
    return Composition(content, new, new.article_ids)


def add_sections(
    connection: Connection,
    subscription: SubscriptionSettings,
    period: Period,
    composition: Composition,
    names: Mapping[str, str],
) -> Composition:
    """The digest with what is no new project: updates of those announced before, maybes, other stories, and pages that
    could not be read."""
    span = {"since_at": period.from_at, "until_at": period.to_at}
    translator = translator_for(subscription.language)
    known = stream_updates(connection, subscription.name, since_at=period.searched_from_at, until_at=period.to_at)
    wanted = (one for one in known if is_wanted(subscription, one.project))
    updates = tuple(islice(wanted, UPDATES_SHOWN))  # those beyond them come with the next digest
    likely = maybe_articles(connection, least_probability=LEAST_PROBABILITY, limit=MAYBE_READ, **span)
    maybe = [one for one in likely if subscription.maybe and is_wanted_maybe(subscription, one)]
    # Languages and topics are chosen afterwards: ask for enough to choose from.
    most = subscription.other_news
    others = other_stories(connection, limit=10 * most, **span) if most else []
    stories = [one for one in others if is_wanted_story(subscription, one)]
    parked, parked_count = list_parked_between(connection, limit=PARKED_SHOWN, **span)
    content = replace(
        composition.content,
        updates=tuple(
            make_update(replace(one, project=with_names(one.project, names)), translator, subscription.timezone)
            for one in updates
        ),
        updates_left_out=sum(1 for _ in wanted),
        maybe=tuple(
            make_maybe_line(replace(one, outlet=names.get(one.outlet, one.outlet)), translator)
            for one in maybe[:MAYBE_SHOWN]
        ),
        maybe_left_out=max(0, len(maybe) - MAYBE_SHOWN),
        news=tuple(
            make_story_line(
                replace(one, outlets=tuple(names.get(outlet, outlet) for outlet in one.outlets)), translator
            )
            for one in stories[:most]
        ),
        news_left_out=max(0, len(stories) - most),
        parked=tuple(make_parked_page(one, translator) for one in parked),
        parked_left_out=parked_count - len(parked),
    )
    reported = (article_id for update in updates for article_id in update.article_ids)
    return replace(composition, content=content, article_ids=(*composition.article_ids, *reported))


def name_table(slot_key: str) -> str:
    return f"new-projects-{slot_key.replace(':', '')}"


def count_coverage(
    health: Sequence[SourceHealth], from_at: datetime, to_at: datetime, *, articles_read: int, older_projects: int = 0
) -> Coverage:
    """What a digest rests on: active sources, those in trouble, whether any was read in the period, articles read,
    projects too old to be new."""
    watched = [one for one in health if one.is_active]
    return Coverage(
        sources=len(watched),
        troubled=tuple(one.name for one in watched if one.state in AILING),
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
