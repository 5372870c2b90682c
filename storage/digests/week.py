"""What a span of time brought, for summaries: projects confirmed, known projects reported again, stories by topic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, distinct, func, select, text

from storage.projects.projects import Project, stream_projects
from storage.tables.schema import article, project, story


def confirmed_projects(connection: Connection, *, since_at: datetime, until_at: datetime) -> Iterator[Project]:
    """Projects first surely seen in the span, the earliest first; those merged into another are not counted."""
    asked = (
        select(project.c.id)
        .where(
            project.c.merged_into_id.is_(None),
            text("project.band = 'yes'"),
            project.c.confirmed_at >= since_at,
            project.c.confirmed_at < until_at,
        )
        .order_by(project.c.confirmed_at, project.c.id)
    )
    return stream_projects(connection, list(connection.execute(asked).scalars()))


def count_updated_projects(connection: Connection, *, since_at: datetime, until_at: datetime) -> int:
    """Projects known before the span that an article of the span reports."""
    asked = (
        select(func.count(distinct(project.c.id)))
        .join(article, article.c.project_id == project.c.id)
        .where(
            article.c.project_id.is_not(None),
            article.c.registered_at >= since_at,
            article.c.registered_at < until_at,
            project.c.confirmed_at < since_at,
        )
    )
    return int(connection.execute(asked).scalar_one())


def count_stories_by_topic(connection: Connection, *, since_at: datetime, until_at: datetime) -> dict[str, int]:
    """Relevant stories first seen in the span that are no new projects, counted by topic, the most frequent first."""
    counted = func.count(distinct(story.c.id))
    asked = (
        select(story.c.topic, counted)
        .join(article, article.c.story_id == story.c.id)
        .where(
            story.c.first_seen_at >= since_at,
            story.c.first_seen_at < until_at,
            text("article.is_relevant = 1"),
            article.c.story_id.is_not(None),
            article.c.project_id.is_(None),
        )
        .group_by(story.c.topic)
        .order_by(counted.desc(), story.c.topic)
    )
    return {topic: int(number) for topic, number in connection.execute(asked)}
