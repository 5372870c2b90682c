"""Whether a subscription asks for a project or a story. Pure.

Every filter that is given must hold; within one, any value will do. What an article does not state cannot hold: a
subscription for sums above a million does not get a project whose sum nobody tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alerts.digest.regions import countries_of
from alerts.settings import AmountLimit, ImmediateSettings, SubscriptionSettings
from storage.projects.projects import Project
from storage.register.compare.organisations import compare_organisations, read_organisation
from storage.register.compare.rates import to_dollars
from storage.register.merge.values import MergedClaim

__all__ = ["is_immediate", "is_in_language", "is_wanted", "is_wanted_topic"]


def is_wanted(subscription: SubscriptionSettings, project: Project) -> bool:
    """Whether the subscription asks for such a project."""
    facts = project.facts
    return (
        project.confidence >= subscription.confidence
        and _is_there(subscription.countries, subscription.regions, project)
        and any(is_in_language(subscription, source.language) for source in project.sources)
        and _is_named(subscription.funders, facts.funders)
        and _is_named(subscription.implementers, facts.implementers)
        and _is_above(subscription.amount_above, project)
    )


def is_immediate(immediate: ImmediateSettings, project: Project) -> bool:
    """Whether a project is to be told at once: in a watched country, or above the limit."""
    by_place = bool(immediate.countries or immediate.regions) and _is_there(
        immediate.countries, immediate.regions, project
    )
    return by_place or (immediate.amount_above is not None and _is_above(immediate.amount_above, project))


def is_in_language(subscription: SubscriptionSettings, language: str) -> bool:
    """Whether articles in a language are asked for."""
    return not subscription.languages or language in subscription.languages


def is_wanted_topic(subscription: SubscriptionSettings, topic: str) -> bool:
    """Whether other news of a topic is asked for."""
    return not subscription.topics or topic in subscription.topics


def _is_there(countries: Sequence[str], regions: Sequence[str], project: Project) -> bool:
    if not countries and not regions:
        return True
    wanted = set(countries).union(*(countries_of(region) for region in regions))
    return not wanted.isdisjoint(claim.value for claim in project.facts.countries)


def _is_named(names: Sequence[str], claims: Iterable[MergedClaim]) -> bool:
    """Whether one of the names is one of the organisations claimed, whatever language either is written in."""
    if not names:
        return True
    wanted = [read_organisation(name) for name in names]
    # a government stands for its agencies and ministries: who asks for Norway's grants wants those of Norad
    return any(
        compare_organisations(read_organisation(claim.shown), one) in {"same", "family"}
        for claim in claims
        for one in wanted
    )


def _is_above(limit: AmountLimit | None, project: Project) -> bool:
    """Whether any stated sum exceeds the limit, in dollars at the rates of the year it was told."""
    if limit is None:
        return True
    year = project.first_seen_at.year
    least = to_dollars(limit.amount, limit.currency, year)
    for claim in project.facts.amount:
        details = claim.details or {}
        if "amount" in details and details.get("currency"):
            dollars = to_dollars(float(details["amount"]), str(details["currency"]), year)
            if dollars is not None and least is not None and dollars > least:
                return True
    return False
