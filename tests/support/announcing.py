"""Projects as the register learns of them, and a subscription that tells of them in the morning."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from alerts.settings import SubscriptionSettings
from classifier.document import Evidence, Facts, Verdict
from storage.database.engine import Database
from storage.digests.outbox import claim_digest, freeze_digest
from storage.records import ArticleReading
from storage.register.persist.families import find_families
from storage.register.registration import register_articles
from storage.runs import finish_run, start_run
from storage.tables.schema import article

MORNING = datetime(2026, 11, 25, 7, 5, tzinfo=UTC)


def subscribe(**changes: object) -> SubscriptionSettings:
    return SubscriptionSettings.model_validate(
        {"name": "morning", "recipients": ["ana@example.org", "eva@example.org"], "time": "07:00", "send_empty": False}
        | changes
    )


def tell(
    database: Database,
    name: str,
    country: str,
    *,
    outlet: str = "herald",
    at: datetime,
    lang: str = "en",
    currency: str = "USD",
) -> None:
    """Registers an article of `outlet` that tells a new project."""
    text = f"{name} will run for three years. It is worth USD 2,000,000 and paid by the Harbour Fund."
    sentence = Evidence(text.split(". ", maxsplit=1)[0] + ".", "text", 0, len(name) + 26)
    verdict = Verdict(
        lang=lang,
        relevance=0.99,
        is_relevant=True,
        relevance_band="yes",
        new_project_probability=0.97,
        is_new_project=True,
        new_project_band="yes",
        topic="project",
        facts=Facts(
            name=name,
            implementers=(f"Shelter Trust {country}",),
            funders=("Harbour Fund",),
            countries=(country,),
            amount=2_000_000,
            currency=currency,
            evidence={"name": (sentence,)},
        ),
    )
    url = f"https://{outlet}.example/{name.replace(' ', '-').lower()}"
    reading = ArticleReading((), url, url, f"{name} starts ({outlet})", text, lang, outlet, at, "page")
    database.write_now(register_articles, [(reading, verdict)], at)


def crawl(database: Database, at: datetime) -> None:
    """Notes a crawl that found nothing."""
    database.write_now(finish_run, database.write_now(start_run, "crawl", at), outcome="done", summary={}, now=at)


def stopped_at(now: datetime) -> Callable[[], datetime]:
    """A clock that always shows this time."""
    return lambda: now


def announce_projects(
    connection: Connection,
    project_ids: Collection[int],
    *,
    subscription: str = "morning",
    slot_key: str = "1",
    slot_at: datetime,
    articles: Collection[int] | None = None,
) -> None:
    """A digest announces these projects with all that their articles are now, or with these articles."""
    digest_id = claim_digest(
        connection, subscription, slot_key, slot_at, period=(slot_at - timedelta(days=1), slot_at), now=slot_at
    )
    assert digest_id is not None
    if articles is None:
        members = [member for _, member in find_families(connection, project_ids)]
        theirs = select(article.c.id).where(article.c.project_id.in_(members))
        articles = list(connection.execute(theirs).scalars())
    assert freeze_digest(
        connection, digest_id, summary={}, deliveries=[], project_ids=project_ids, article_ids=articles, now=slot_at
    )
