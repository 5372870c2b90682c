"""A week's summary for one subscription: totals, and counts by country, funder and topic."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import Connection

from alerts.digest.cards import make_card
from alerts.digest.choice import importance
from alerts.digest.compose import count_coverage
from alerts.digest.content import Tally, WeeklySummary
from alerts.digest.facts import format_organisation
from alerts.digest.filters import is_wanted, is_wanted_story
from alerts.digest.slots import Period
from alerts.i18n.phrases import format_country, format_topic
from alerts.i18n.translator import translator_for
from alerts.settings import SubscriptionSettings
from storage.digests.announcements import other_stories
from storage.digests.coverage import count_articles_read, read_memory
from storage.digests.week import confirmed_projects, updated_projects
from storage.projects.projects import Project
from storage.sources.health import list_source_health

WEEK = timedelta(days=7)
STORIES_READ = 10_000  # ten times what the busiest week of all sources brings


def summarise_week(connection: Connection, subscription: SubscriptionSettings, period: Period) -> WeeklySummary:
    """The seven days up to the digest that the summary follows, or as many as the subscription has seen, as far as it
    asks for them."""
    memory = read_memory(connection, subscription.name, period.to_at)
    began_at = memory.began_at if memory is not None else period.to_at - WEEK
    span = {"since_at": max(began_at, period.to_at - WEEK), "until_at": period.to_at}
    translator = translator_for(subscription.language)
    countries: Counter[str] = Counter()
    funders: Counter[str] = Counter()
    new_projects = 0
    listed: list[Project] = []
    for one in confirmed_projects(connection, **span):  # one by one: a week may bring thousands
        if is_wanted(subscription, one):
            new_projects += 1
            countries.update({format_country(translator, claim.value) for claim in one.facts.countries})
            funders.update({format_organisation(translator, claim) for claim in one.facts.funders})
            listed.append(one)
            if len(listed) >= 2 * subscription.limit:
                listed = sorted(listed, key=importance)[: subscription.limit]
    stories = other_stories(connection, limit=STORIES_READ, **span)
    topics = Counter(format_topic(translator, one.topic) for one in stories if is_wanted_story(subscription, one))
    return WeeklySummary(
        subscription=subscription.name,
        timezone=subscription.timezone,
        period_from_at=span["since_at"],
        period_to_at=period.to_at,
        new_projects=new_projects,
        updates=sum(is_wanted(subscription, one) for one in updated_projects(connection, **span)),
        stories=topics.total(),
        coverage=count_coverage(
            list_source_health(connection, period.to_at),
            span["since_at"],
            period.to_at,
            articles_read=count_articles_read(connection, **span),
        ),
        countries=_tally(countries),
        funders=_tally(funders),
        topics=_tally(topics),
        projects=tuple(make_card(one, translator) for one in sorted(listed, key=importance)[: subscription.limit]),
        language=translator.language,
    )


def _tally(counts: Counter[str]) -> tuple[Tally, ...]:
    """All labels, the most frequent first, equals by name."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Tally(label, count) for label, count in ordered)
