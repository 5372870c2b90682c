"""What a digest rests on: how much was read in a period, and where a subscription's memory begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, select, text

from storage.articles.parts import FURTHER_PARTS
from storage.tables.schema import article, digest, project, run


@dataclass(frozen=True, slots=True)
class Memory:
    """What a subscription's digests have covered: from the first one's beginning to the latest one's cut-off."""

    began_at: datetime
    covered_until_at: datetime


def read_memory(connection: Connection, subscription: str, now: datetime) -> Memory | None:
    """The span that this subscription's digests cover; None before its first. Digests of a time to come, made when the
    clock was wrong, cover nothing."""
    asked = select(func.min(digest.c.period_from_at), func.max(digest.c.period_to_at)).where(
        digest.c.subscription == subscription, digest.c.period_to_at <= now
    )
    began_at, covered_until_at = connection.execute(asked).one()
    return None if began_at is None else Memory(began_at, covered_until_at)


def count_articles_read(connection: Connection, *, since_at: datetime, until_at: datetime) -> int:
    """Articles registered in the period, by an index over just that period."""
    within = (article.c.registered_at >= since_at) & (article.c.registered_at < until_at)
    asked = select(func.count()).where(within, article.c.canonical_url.not_like(FURTHER_PARTS))
    return connection.execute(asked.select_from(article)).scalar_one()


def count_older_projects(connection: Connection, *, since_at: datetime, until_at: datetime) -> int:
    """Projects that a crawl of the period brought first and that were no news then: what announces them is old."""
    is_crawled = exists().where(article.c.project_id == project.c.id, article.c.read_from != "import")
    asked = select(func.count()).where(
        project.c.last_seen_at >= since_at,  # for its index
        project.c.first_seen_at >= since_at,
        project.c.first_seen_at < until_at,
        project.c.merged_into_id.is_(None),
        project.c.confirmed_at.is_(None),
        text("project.band = 'yes'"),
        is_crawled,
    )
    return connection.execute(asked.select_from(project)).scalar_one()


def has_read_anything(connection: Connection) -> bool:
    """Whether a crawl ever ended or an article ever came in."""
    asked = select(exists().where(run.c.kind == "crawl", run.c.finished_at.is_not(None)) | exists(select(article.c.id)))
    return bool(connection.execute(asked).scalar_one())
