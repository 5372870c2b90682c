"""What a digest should hold: projects new to a subscription, news of those it knows, the middle band, other stories.

A project is a family: itself and all that were merged into it. It is new to a subscription while none of the family was
announced to it, so neither a merge nor its undoing announces anything twice. Which articles of announced projects a
subscription got is kept one by one; what is missing there is an update, however late its transaction came
through.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from storage.articles.articles import COLUMNS, StoredArticle, stored
from storage.database.statements import insert, one_of
from storage.projects.projects import Project, stream_projects
from storage.register.persist.families import find_families, find_roots
from storage.tables.schema import announced_article, announcement, article, article_text, project, story
from storage.tables.types import to_microseconds

# Roots of families that became news in the period, none of whose members was announced to the subscription. One that
# is no news itself (old, or imported as history) is where one that was merged into it is.
UNANNOUNCED = """
WITH RECURSIVE way (id, up) AS (
    SELECT id, merged_into_id FROM project WHERE confirmed_at >= :since AND confirmed_at < :until
    UNION
    SELECT project.id, project.merged_into_id FROM way JOIN project ON project.id = way.up
), family (root, member) AS (
    SELECT project.id, project.id FROM way JOIN project ON project.id = way.id
    WHERE way.up IS NULL AND band = 'yes'
        AND (confirmed_at IS NULL OR (confirmed_at >= :since AND confirmed_at < :until))
    UNION ALL
    SELECT family.root, project.id FROM family JOIN project ON project.merged_into_id = family.member
)
SELECT family.root FROM family
LEFT JOIN announcement ON announcement.project_id = family.member AND announcement.subscription = :subscription
GROUP BY family.root HAVING count(announcement.project_id) = 0 ORDER BY family.root
"""


IS_NEWS = text("article.is_news = 1")  # what is old, or imported as history, is reported to nobody

IS_FIRST_OF_ITS_STORY = """
NOT EXISTS (SELECT 1 FROM article AS earlier WHERE earlier.story_id IS NOT NULL AND earlier.story_id = article.story_id
    AND earlier.is_news = 1 AND (earlier.relevance_band = 'maybe' OR earlier.new_project_band = 'maybe')
    AND (earlier.registered_at < article.registered_at
        OR (earlier.registered_at = article.registered_at AND earlier.id < article.id)))
"""


# As much of an article as says where it happens.
LEAD = func.substr(article_text.c.text, 1, 600).label("lead")


@dataclass(frozen=True, slots=True)
class ProjectUpdate:
    """News of a project that a subscription knows: articles (ids) that were not announced to it, and since when it
    knows."""

    project: Project
    article_ids: tuple[int, ...]
    announced_at: datetime


@dataclass(frozen=True, slots=True)
class OtherStory:
    """A relevant story that is no new project: one event, by how many articles and which outlets, the first first.

    `published_at` is that of its first article, and `lead` how that begins, where its text is kept.
    """

    title: str
    topic: str
    language: str
    url: str
    article_ids: tuple[int, ...]
    outlets: tuple[str, ...]
    published_at: datetime | None
    lead: str = ""


def unannounced_ids(connection: Connection, subscription: str, *, since_at: datetime, until_at: datetime) -> list[int]:
    """Internal ids of sure new projects never announced to this subscription, in the order they were first seen.

    Args:
        since_at: how far to look back. Give some days more than the last digest's period: what was announced is known
            for itself, and a project whose transaction ended after that digest was composed would else be missed.
        until_at: the cut-off; what is confirmed from then on is the next digest's.
    """
    period = {"since": to_microseconds(since_at), "until": to_microseconds(until_at), "subscription": subscription}
    return list(connection.execute(text(UNANNOUNCED), period).scalars())


def stream_updates(
    connection: Connection, subscription: str, *, since_at: datetime, until_at: datetime
) -> Iterator[ProjectUpdate]:
    """Projects announced to this subscription before, with articles of the period that it has not got yet.

    One after the other: who wants the first few need not read them all. `since_at` may reach back as far as wanted, as
    in `unannounced_ids`.
    """
    has_got = (
        select(announced_article.c.article_id)
        .where(announced_article.c.subscription == subscription, announced_article.c.article_id == article.c.id)
        .exists()
    )
    asked = (
        select(article.c.id, article.c.project_id)
        .where(
            article.c.project_id.is_not(None),
            article.c.registered_at >= since_at,
            article.c.registered_at < until_at,
            IS_NEWS,
            ~has_got,
        )
        .order_by(article.c.id)
    )
    rows = connection.execute(asked).all()
    roots = find_roots(connection, {project_id for _, project_id in rows if project_id is not None})
    by_root: dict[int, list[int]] = {}
    for article_id, project_id in rows:
        if project_id is not None:
            by_root.setdefault(roots[project_id], []).append(article_id)
    announced = announced_families(connection, subscription, by_root)
    for whole in stream_projects(connection, sorted(announced)):
        yield ProjectUpdate(whole, tuple(by_root[whole.id]), announced[whole.id])


def announced_families(connection: Connection, subscription: str, roots: Collection[int]) -> dict[int, datetime]:
    """Of these projects those of whose family one was announced to the subscription, and when first."""
    root_of = {member: root for root, member in find_families(connection, roots)}
    mine = (announcement.c.subscription == subscription) & one_of(announcement.c.project_id, root_of)
    asked = select(announcement.c.project_id, announcement.c.at).where(mine).order_by(announcement.c.digest_id)
    found: dict[int, datetime] = {}
    for project_id, at in connection.execute(asked):
        found.setdefault(root_of[project_id], at)
    return found


def note_announced(
    connection: Connection,
    subscription: str,
    digest_id: int,
    *,
    project_ids: Collection[int],
    article_ids: Collection[int],
    now: datetime,
) -> int:
    """Notes under a digest that a subscription got these projects and articles, where that is not known already. Gives
    how many of the projects were not."""
    shared = {"subscription": subscription, "digest_id": digest_id}
    projects = [{**shared, "project_id": id_, "at": now} for id_ in sorted(set(project_ids))]
    articles = [{**shared, "article_id": id_} for id_ in sorted(set(article_ids))]
    if articles:
        connection.execute(insert(connection, announced_article).on_conflict_do_nothing(), articles)
    new = insert(connection, announcement).on_conflict_do_nothing().returning(announcement.c.project_id)
    return len(connection.execute(new, projects).all()) if projects else 0


def maybe_articles(
    connection: Connection, *, since_at: datetime, until_at: datetime, least_probability: float = 0.0, limit: int = 20
) -> list[StoredArticle]:
    """Articles of the middle band registered in the period, those most likely of a new project first, with the
    beginning of their texts.

    None that belongs to a sure project, and none that is a copy of another: those are reported elsewhere. Of a story
    the first one, so that what many outlets have is reported once.
    """
    asked = (
        select(*COLUMNS, LEAD)
        .outerjoin(project, project.c.id == article.c.project_id)
        .outerjoin(article_text, article_text.c.article_id == article.c.id)
        .where(
            text("(article.relevance_band = 'maybe' OR article.new_project_band = 'maybe')"),
            text("(article.project_id IS NULL OR project.band = 'maybe')"),
            article.c.copy_of_id.is_(None),
            IS_NEWS,
            text(IS_FIRST_OF_ITS_STORY),
            article.c.registered_at >= since_at,
            article.c.registered_at < until_at,
            article.c.new_project_probability >= least_probability,
        )
        .order_by(article.c.new_project_probability.desc(), article.c.relevance.desc(), article.c.id)
        .limit(limit)
    )
    return [replace(stored(row), text=row.lead) for row in connection.execute(asked)]


def other_stories(
    connection: Connection, *, since_at: datetime, until_at: datetime, limit: int = 100
) -> list[OtherStory]:
    """Relevant stories first seen in the period that are no new project, each once, the most reported first."""
    told_by = func.count(article.c.id)
    asked = (
        select(story.c.id, story.c.title, story.c.topic, story.c.language)
        .join(article, article.c.story_id == story.c.id)
        .where(
            story.c.first_seen_at >= since_at,
            story.c.first_seen_at < until_at,
            text("article.is_relevant = 1"),
            IS_NEWS,
            article.c.story_id.is_not(None),
            article.c.project_id.is_(None),
        )
        .group_by(story.c.id, story.c.title, story.c.topic, story.c.language)
        .order_by(told_by.desc(), story.c.id)
        .limit(limit)
    )
    stories = connection.execute(asked).all()
    its = (
        select(article.c.id, article.c.story_id, article.c.outlet, article.c.url, article.c.published_at, LEAD)
        .outerjoin(article_text, article_text.c.article_id == article.c.id)
        .where(
            article.c.story_id.is_not(None), text("article.is_relevant = 1"), IS_NEWS, article.c.project_id.is_(None)
        )
        .order_by(article.c.registered_at, article.c.id)
    )
    articles: dict[int, list[Any]] = {}
    for row in connection.execute(its.where(one_of(article.c.story_id, [row.id for row in stories]))):
        articles.setdefault(row.story_id, []).append(row)
    return [
        OtherStory(
            title=row.title, topic=row.topic, language=row.language, url=articles[row.id][0].url,
            article_ids=tuple(one.id for one in articles[row.id]),
            outlets=tuple(dict.fromkeys(one.outlet for one in articles[row.id])),
            published_at=articles[row.id][0].published_at, lead=articles[row.id][0].lead or "",
        )
        for row in stories
    ]  # fmt: skip
