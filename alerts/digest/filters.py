"""Whether a subscription asks for a project, for what may be one, or for a story. Pure.

Every filter that is given must hold; within one, any value will do. What an article does not state cannot hold: a
subscription for sums above a million does not get a project whose sum nobody states. Where a story happens is read from
its headline and its lead; filters of funders, implementers and sums are of projects, and say nothing of stories.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from alerts.digest.regions import countries_of
from alerts.settings import AmountLimit, SubscriptionSettings
from classifier.document import Document, Facts
from classifier.entities.countries import find_countries
from classifier.text.parsed_text import parse_text
from storage.articles.articles import StoredArticle
from storage.digests.announcements import OtherStory
from storage.projects.projects import Project
from storage.register.compare.organisations import compare_organisations, read_organisation
from storage.register.compare.rates import to_dollars

LEAST_PROBABILITY = 0.1  # of a "maybe": of what is less likely one in ten is a new project at best, and nobody reads on


def is_wanted(subscription: SubscriptionSettings, project: Project) -> bool:
    """Whether the subscription asks for such a project."""
    facts = project.facts
    return (
        project.confidence >= subscription.confidence
        and _is_there(subscription.countries, subscription.regions, _places(project))
        and any(is_in_language(subscription, source.language) for source in project.sources)
        and _is_one_of(subscription.funders, [claim.shown for claim in facts.funders])
        and _is_one_of(subscription.implementers, [claim.shown for claim in facts.implementers])
        and _is_above(subscription.amount_above, project)
    )


def is_immediate(subscription: SubscriptionSettings, project: Project) -> bool:
    """Whether the subscription asks for such a project at once: in a watched country, or above the limit."""
    immediate = subscription.immediate
    if immediate is None or not is_wanted(subscription, project):
        return False
    by_place = bool(immediate.countries or immediate.regions) and _is_there(
        immediate.countries, immediate.regions, _places(project)
    )
    return by_place or (immediate.amount_above is not None and _is_above(immediate.amount_above, project))


def is_wanted_maybe(subscription: SubscriptionSettings, article: StoredArticle) -> bool:
    """Whether the subscription asks for an article that may report a new project."""
    facts = article.verdict.facts or Facts()
    year = article.registered_at.year
    return (
        article.verdict.new_project_probability >= max(LEAST_PROBABILITY, subscription.confidence)
        and is_in_language(subscription, article.language)
        and _happens_there(subscription, article.title, article.text or "", article.language, facts.countries)
        and _is_one_of(subscription.funders, facts.funders)
        and _is_one_of(subscription.implementers, facts.implementers)
        and _exceeds(subscription.amount_above, [(facts.amount, facts.currency)], year)
    )


def is_wanted_story(subscription: SubscriptionSettings, story: OtherStory) -> bool:
    """Whether the subscription asks for a story that is no new project."""
    return (
        is_in_language(subscription, story.language)
        and (not subscription.topics or story.topic in subscription.topics)
        and _happens_there(subscription, story.title, story.lead, story.language)
    )


def is_in_language(subscription: SubscriptionSettings, language: str) -> bool:
    """Whether articles in a language are asked for."""
    return not subscription.languages or language in subscription.languages


def _is_there(countries: Sequence[str], regions: Sequence[str], found: Iterable[str]) -> bool:
    if not countries and not regions:
        return True
    wanted = set(countries).union(*(countries_of(region) for region in regions))
    return not wanted.isdisjoint(found)


def _happens_there(
    subscription: SubscriptionSettings, title: str, lead: str, language: str, stated: Sequence[str] = ()
) -> bool:
    if not subscription.countries and not subscription.regions:
        return True
    found = stated or [one.code for one in find_countries(parse_text(Document(title, lead), language))]
    return _is_there(subscription.countries, subscription.regions, found)


def _places(project: Project) -> list[str]:
    return [claim.value for claim in project.facts.countries]


def _is_one_of(names: Sequence[str], organisations: Sequence[str]) -> bool:
    """Whether one of the names is one of the organisations, whatever language either is written in."""
    if not names:
        return True
    wanted = [read_organisation(name) for name in names]
    # a government stands for its agencies and ministries: who asks for Norway's grants wants those of Norad
    return any(
        compare_organisations(read_organisation(organisation), one) in {"same", "family"}
        for organisation in organisations
        for one in wanted
    )


def _is_above(limit: AmountLimit | None, project: Project) -> bool:
    sums = [(claim.details or {}) for claim in project.facts.amount]
    return _exceeds(limit, [(one.get("amount"), one.get("currency")) for one in sums], project.first_seen_at.year)


def _exceeds(limit: AmountLimit | None, sums: Iterable[tuple[Any, str | None]], year: int) -> bool:
    """Whether any stated sum exceeds the limit, in dollars at the rates of the year it was stated."""
    if limit is None:
        return True
    least = to_dollars(limit.amount, limit.currency, year)
    dollars = [
        to_dollars(float(amount), currency, year) for amount, currency in sums if amount is not None and currency
    ]
    return least is not None and any(one is not None and one > least for one in dollars)
