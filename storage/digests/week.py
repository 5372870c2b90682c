"""What a span of time brought, for summaries: projects confirmed, and known ones that were reported again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select, text

from storage.projects.projects import Project, stream_projects
from storage.tables.schema import article, project


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


def updated_projects(connection: Connection, *, since_at: datetime, until_at: datetime) -> Iterator[Project]:
    """Projects known before the span that an article of the span reports on."""
    asked = (
        select(project.c.id)
        .distinct()
        .join(article, article.c.project_id == project.c.id)
        .where(
            article.c.project_id.is_not(None),
            article.c.registered_at >= since_at,
            article.c.registered_at < until_at,
            text("article.is_news = 1"),
            project.c.confirmed_at < since_at,
        )
        .order_by(project.c.id)
    )
    return stream_projects(connection, list(connection.execute(asked).scalars()))
