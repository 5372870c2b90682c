"""Projects and all that were merged into them, over any number of merges: a family, of which readers know any or none.

Called within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from storage.database.statements import insert, one_of
from storage.tables.schema import announced_article, announcement, article, project


def find_roots(connection: Connection, ids: Iterable[int]) -> dict[int, int]:
    """For each of these projects the one it was merged into in the end, itself where it was not."""
    start = select(project.c.id.label("start"), project.c.id, project.c.merged_into_id).where(one_of(project.c.id, ids))
    way = start.cte("way", recursive=True)
    up = select(way.c.start, project.c.id, project.c.merged_into_id).join(way, project.c.id == way.c.merged_into_id)
    way = way.union_all(up)
    return dict(connection.execute(select(way.c.start, way.c.id).where(way.c.merged_into_id.is_(None))).all())


def find_families(connection: Connection, ids: Iterable[int]) -> list[tuple[int, int]]:
    """For each of these projects (roots) itself and all that were merged into it: pairs of root and member."""
    root = select(project.c.id.label("root"), project.c.id.label("member")).where(one_of(project.c.id, ids))
    family = root.cte("family", recursive=True)
    merged = select(family.c.root, project.c.id).join(family, project.c.merged_into_id == family.c.member)
    return [(root, member) for root, member in connection.execute(select(family.union_all(merged)))]


def inherit_announcements(connection: Connection, of: int, to: int, *, is_by_articles: bool = False) -> None:
    """Whoever knows the one project, or what is part of it, knows the other too: it was announced as part of that
    one, and what comes is news of it. `is_by_articles`: only whoever has got an article of the other, too."""
    family = [member for _, member in find_families(connection, [of])]
    announced = (
        select(announcement.c.subscription, announcement.c.digest_id, announcement.c.at)
        .where(one_of(announcement.c.project_id, family))
        .order_by(announcement.c.digest_id.desc())
    )
    if is_by_articles:
        got = select(announced_article.c.subscription).join(article, article.c.id == announced_article.c.article_id)
        announced = announced.where(announcement.c.subscription.in_(got.where(article.c.project_id == to)))
    known = {row["subscription"]: {**row, "project_id": to} for row in connection.execute(announced).mappings()}
    if known:
        connection.execute(insert(connection, announcement).on_conflict_do_nothing(), list(known.values()))
