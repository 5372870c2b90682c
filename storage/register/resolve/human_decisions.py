"""What people decided about projects and stories of a batch; no rule goes against it.

Ids go in; those of which it is so come out.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from storage.database.statements import one_of
from storage.tables.schema import article, decision, project_relation


def find_kept_apart(connection: Connection, ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """Pairs among these projects that a person keeps apart."""
    asked = select(project_relation.c.project_id, project_relation.c.other_id).where(project_relation.c.kind == "apart")
    rows = connection.execute(asked.where(one_of(project_relation.c.project_id, ids)))
    return frozenset((min(a, b), max(a, b)) for a, b in rows)


def find_merged_by_hand(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    """Projects among these that a person merged others into."""
    asked = select(decision.c.project_id, decision.c.is_human).where(
        decision.c.kind == "merge", one_of(decision.c.project_id, ids)
    )
    return frozenset(id_ for id_, is_human in connection.execute(asked) if is_human)


def find_split_off_stories(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    """Stories among these that a person made by splitting an article off a project: no rule takes them back."""
    asked = (
        select(article.c.story_id)
        .join(decision, decision.c.article_id == article.c.id)
        .where(decision.c.article_id.is_not(None), decision.c.kind == "split", one_of(article.c.story_id, ids))
    )
    return frozenset(connection.execute(asked).scalars())


def find_articles_with(connection: Connection, kind: str) -> set[int]:
    """Articles (ids) of which there is a decision of this kind."""
    asked = select(decision.c.article_id).where(decision.c.article_id.is_not(None), decision.c.kind == kind)
    return set(connection.execute(asked).scalars())


def find_held_articles(connection: Connection, ids: Collection[int]) -> set[int]:
    """Articles among these that stay where they are: split off by a person, or of a project a person merged or
    split."""
    asked = select(decision.c.project_id, decision.c.is_human).where(
        decision.c.project_id.is_not(None), decision.c.kind.in_(("merge", "split"))
    )
    projects = {id_ for id_, is_human in connection.execute(asked) if is_human}
    places = connection.execute(select(article.c.id, article.c.project_id).where(one_of(article.c.id, ids)))
    return find_articles_with(connection, "split") | {id_ for id_, project_id in places if project_id in projects}
