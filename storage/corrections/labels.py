"""What a person says of an article or a project decides what the register holds: it leaves digest and list, or enters.

The article keeps its verdict, so that `why` still explains it. Called within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from classifier.document import Verdict
from storage.articles.labels import LABEL, last_word, read_labels, record_label
from storage.clock import time_of_news
from storage.decisions import DecidedBy, record_decision
from storage.register.persist.merged_view import refresh_projects
from storage.register.persist.project_rows import hold, state_of
from storage.register.reprocess import place_again
from storage.tables.schema import article, project


def label_article(
    connection: Connection,
    article_id: int,
    *,
    is_relevant: bool | None,
    is_new_project: bool | None,
    by: DecidedBy,
    verdict: Verdict | None = None,
) -> bool:
    """Labels an article, and lets its project follow: one that no article announces any more is refuted, one that an
    article announces after all is confirmed, and an article that belongs to none makes or joins one.

    Args:
        verdict: with the facts of the project that the article announces, where a person says that it does.

    Returns:
        False where there is no such article.
    """
    row = connection.execute(select(article.c.project_id, article.c.verdict).where(article.c.id == article_id)).first()
    if row is None:
        return False
    before: dict[str, Any] = {}
    if row.project_id is not None:
        before = {"project": state_of(connection, row.project_id)}
    elif is_new_project and verdict is not None:
        before = {"verdict": row.verdict}
    record_label(
        connection,
        article_id,
        is_relevant=is_relevant,
        is_new_project=is_new_project,
        by=by,
        project_id=row.project_id,
        before=before,
    )
    if row.project_id is None:
        if is_new_project and verdict is not None:
            place_again(connection, article_id, verdict, time_of_news(connection, by.at))
    elif is_new_project:
        confirm(connection, row.project_id, by.at)
    elif is_new_project is False and not is_announced(connection, row.project_id):
        refute(connection, row.project_id)
    return True


def label_members(connection: Connection, project_id: int, *, is_new_project: bool, by: DecidedBy) -> None:
    """Says of a project, and of all its articles, whether it is a new counter-trafficking project."""
    members = article.c.project_id == project_id
    ids = list(connection.execute(select(article.c.id).where(members).order_by(article.c.id)).scalars())
    what = {"is_new_project": is_new_project, "before": state_of(connection, project_id), "articles": ids}
    for article_id in ids:
        record_label(
            connection,
            article_id,
            is_relevant=True if is_new_project else None,
            is_new_project=is_new_project,
            by=by,
            part_of=project_id,
        )
    if is_new_project:
        confirm(connection, project_id, by.at)
    else:
        refute(connection, project_id)
    record_decision(connection, LABEL, what, by=by, project_id=project_id)


def confirm(connection: Connection, project_id: int, now: datetime) -> None:
    """Holds a project to be a new one for sure: it is announced to whoever does not know it yet."""
    confirmed_at = connection.execute(select(project.c.confirmed_at).where(project.c.id == project_id)).scalar()
    confirmed_at = confirmed_at or time_of_news(connection, now)
    hold(connection, project_id, {"band": "yes", "confirmed_at": confirmed_at.isoformat()})
    refresh_projects(connection, [project_id])


def refute(connection: Connection, project_id: int) -> None:
    """Holds a project to be none: it is announced to nobody, and lists leave it out unless they are asked for it."""
    hold(connection, project_id, {"band": "maybe", "confirmed_at": None})
    refresh_projects(connection, [project_id])


def follow_articles(connection: Connection, project_ids: Iterable[int], now: datetime) -> None:
    """Holds projects, whose articles are others now, to be what people said of these: refuted where none of them
    announces it, confirmed where a person says that one does."""
    for id_ in project_ids:
        its = connection.execute(select(article.c.id).where(article.c.project_id == id_)).scalars().all()
        if not is_announced(connection, id_):
            refute(connection, id_)
        elif any(last_word(said, "is_new_project") for said in read_labels(connection, its).values()):
            confirm(connection, id_, now)


def is_announced(connection: Connection, project_id: int) -> bool:
    """Whether one of its articles counts as announcing a project, perhaps at least."""
    its = article.c.project_id == project_id
    return bool(connection.execute(select(exists().where(its, article.c.new_project_band != "no"))).scalar())
