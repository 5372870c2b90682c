"""Moves articles between projects and stories as people decide it, with what they are found by.

Called within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from storage.database.statements import one_of
from storage.register.persist.families import inherit_announcements
from storage.register.persist.merged_view import refresh_projects, searchable
from storage.register.persist.project_rows import add_keys_of, give_back_relations, give_back_word
from storage.search import search
from storage.tables.schema import article, project


def revive(connection: Connection, merged: Mapping[str, Any], articles: Collection[int]) -> None:
    """Makes a project that was merged into another one of its own again, under its old id, with some of the articles
    that came from it, and what it was to others; the other is held to be what it was. Who was told of either knows
    both."""
    gone, into = merged["gone"], merged["into"]
    row = connection.execute(select(project).where(project.c.id == gone)).one()
    connection.execute(update(project).where(project.c.id == gone).values(merged_into_id=None))
    search.index(connection, "project_search", [searchable(gone, row.title, row.facts)])
    its = select(article.c.id).where(one_of(article.c.id, articles), article.c.project_id == into)
    ids = list(connection.execute(its).scalars())
    connection.execute(update(article).where(one_of(article.c.id, ids)).values(project_id=gone))
    add_keys_of(connection, ids)
    give_back_relations(connection, merged)
    give_back_word(connection, merged)
    inherit_announcements(connection, into, gone)
    inherit_announcements(connection, gone, into)
    refresh_projects(connection, [gone, into])
