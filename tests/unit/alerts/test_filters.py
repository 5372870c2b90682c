"""What a subscription asks for holds in every section: for what may be a project, and for stories that are none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.digest.filters import is_wanted_maybe, is_wanted_story
from alerts.settings import SubscriptionSettings
from classifier.document import Facts, Verdict
from storage.articles.articles import StoredArticle
from storage.digests.announcements import OtherStory

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def subscription(**more: Any) -> SubscriptionSettings:
    return SubscriptionSettings.model_validate({"name": "desk", "recipients": ["ana@example.org"], **more})


def maybe(
    probability: float = 0.4, *, title: str = "A centre is planned", text: str = "", facts: Facts | None = None
) -> StoredArticle:
    verdict = Verdict("en", 0.9, True, "yes", probability, False, "maybe", "project", facts=facts)
    return StoredArticle(
        id=1,
        url="https://herald.example/1",
        canonical_url="https://herald.example/1",
        host="herald.example",
        title=title,
        language="en",
        outlet="The Herald",
        published_at=AT,
        registered_at=AT,
        read_from="page",
        read_note=None,
        verdict=verdict,
        is_relevant=True,
        relevance_band="yes",
        is_new_project=False,
        new_project_band="maybe",
        outcome="new-story",
        reason=None,
        copy_of_id=None,
        story_id=None,
        project_id=None,
        text=text,
    )


def story(title: str = "Police free forty fishermen", lead: str = "", **more: Any) -> OtherStory:
    values: dict[str, Any] = {"title": title, "topic": "rescue", "language": "en", "lead": lead}
    values |= {"url": "https://herald.example/1", "article_ids": (1,), "outlets": ("The Herald",), "published_at": AT}
    return OtherStory(**(values | more))


@pytest.mark.parametrize(("probability", "is_shown"), [(0.09, False), (0.1, True), (0.4, True)])
def test_nothing_under_ten_percent_is_shown(probability: float, is_shown: bool) -> None:
    assert is_wanted_maybe(subscription(), maybe(probability)) is is_shown


def test_a_higher_confidence_holds_for_what_may_be_a_project_too() -> None:
    assert not is_wanted_maybe(subscription(confidence=0.5), maybe(0.4))


def test_countries_and_regions_hold_for_what_may_be_a_project() -> None:
    nepal = maybe(text="KATHMANDU - Nepal and its police plan a centre for victims of trafficking.")
    assert is_wanted_maybe(subscription(countries=["NP"]), nepal)
    assert is_wanted_maybe(subscription(regions=["asia"]), nepal)
    assert not is_wanted_maybe(subscription(countries=["FJ"]), nepal)
    assert not is_wanted_maybe(subscription(countries=["FJ"]), maybe())
    stated = maybe(text="Nepal plans a centre in Fiji.", facts=Facts(countries=("FJ",)))
    assert not is_wanted_maybe(subscription(countries=["NP"]), stated), "what was read as its countries decides"


def test_funders_implementers_and_sums_hold_for_what_may_be_a_project() -> None:
    facts = Facts(funders=("Norad",), implementers=("UNODC",), amount=2e6, currency="EUR")
    read = maybe(facts=facts)
    assert is_wanted_maybe(subscription(funders=["Norway"]), read)
    assert not is_wanted_maybe(subscription(funders=["Japan"]), read)
    assert not is_wanted_maybe(subscription(implementers=["UNICEF"]), read)
    assert is_wanted_maybe(subscription(amount_above="USD 1,000,000"), read)
    assert not is_wanted_maybe(subscription(amount_above="USD 1,000,000"), maybe())


def test_countries_languages_and_topics_hold_for_stories() -> None:
    asked = subscription(countries=["ID"], topics=["rescue"], languages=["en"])
    assert is_wanted_story(asked, story(lead="The boat lay off Ambon, in Indonesia."))
    assert not is_wanted_story(asked, story(lead="The boat lay off Suva, in Fiji."))
    assert not is_wanted_story(asked, story("Indonesia jails four", topic="crime-case"))
    assert not is_wanted_story(asked, story("Indonesia frees forty", language="fr"))
