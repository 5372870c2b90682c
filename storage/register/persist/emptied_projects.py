"""Projects that have no article left when articles are registered again.

Called within the caller's transaction. One whose articles all went into another is part of that one; one whose articles
are none any more goes, or, where it was announced or people decided on it, stays as an empty one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from storage.database.statements import one_of
from storage.decisions import DecidedBy, record_decision
from storage.register.blocking.key_index import forget_keys
from storage.register.persist.merged_view import refresh_projects, searchable
from storage.register.persist.project_rows import merge_rows
from storage.search import search
from storage.tables.schema import announcement, article, decision, project, project_relation


def find_emptied(connection: Connection, ids: Collection[int]) -> set[int]:
    """Projects among these that have no article left."""
    left = select(article.c.project_id).where(one_of(article.c.project_id, ids)).distinct()
    return set(ids) - set(connection.execute(left).scalars())


def settle_emptied(
    connection: Connection, ids: Collection[int], homes: Mapping[int, int | None], now: datetime, why: str
) -> None:
    """A project whose articles all went into another is part of that one; one whose articles are none any more goes."""
    for id_ in sorted(ids):
        its = [article_id for article_id, home in homes.items() if home == id_]
        asked = (
            select(article.c.project_id)
            .where(one_of(article.c.id, its), article.c.project_id.is_not(None))
            .order_by(article.c.registered_at, article.c.id)
        )
        into = connection.execute(asked.limit(1)).scalar()
        if into is not None:
            what = merge_rows(connection, id_, into)
            record_decision(connection, "merge", what, by=DecidedBy(None, why, now), project_id=into)
            refresh_projects(connection, [into])
            continue
        row = connection.execute(select(project).where(project.c.id == id_)).one()
        search.unindex_projects(connection, [searchable(row.id, row.title, row.facts)])
        forget_keys(connection, "project", [id_])
        if _is_known(connection, id_):
            _empty(connection, id_, row.title)
        else:
            _remove(connection, id_)


def _is_known(connection: Connection, project_id: int) -> bool:
    """Whether it was announced to readers, people decided on it, or other projects are part of it."""
    announced = select(announcement.c.project_id).where(announcement.c.project_id == project_id)
    decided = select(decision.c.is_human).where(decision.c.project_id == project_id)
    merged = select(project.c.id).where(project.c.merged_into_id == project_id)
    return (
        connection.execute(announced.limit(1)).first() is not None
        or any(connection.execute(decided).scalars())
        or connection.execute(merged.limit(1)).first() is not None
    )


def _empty(connection: Connection, project_id: int, title: str) -> None:
    search.index(connection, "project_search", [search.Searchable(project_id, title)])
    values = {"articles": 0, "facts": {}, "band": "maybe", "confirmed_at": None, "confidence": 0.0, "sentence": ""}
    connection.execute(update(project).where(project.c.id == project_id).values(values))


def _remove(connection: Connection, project_id: int) -> None:
    either = (project_relation.c.project_id == project_id) | (project_relation.c.other_id == project_id)
    connection.execute(delete(project_relation).where(either))
    connection.execute(delete(decision).where(decision.c.project_id == project_id))
    connection.execute(delete(project).where(project.c.id == project_id))
