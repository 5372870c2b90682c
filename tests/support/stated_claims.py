"""What the articles of projects claim, read from their verdicts as the register reads it."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from storage.articles.verdicts import unpack_verdict
from storage.register.merge.values import list_claims
from storage.register.resolve.prepare import facts_of
from storage.tables.schema import article, project


class StatedClaim(NamedTuple):
    """A value of a fact, with the titles of its project and its article."""

    project: str
    field: str
    value: str
    shown: str
    article: str
    article_id: int


def stated_claims(connection: Connection) -> list[StatedClaim]:
    """Every claim of every article that belongs to a project."""
    asked = select(article.c.id, article.c.title, article.c.verdict, project.c.title)
    rows = connection.execute(asked.join(project, project.c.id == article.c.project_id)).all()
    return [
        StatedClaim(of_project, name, one.value, one.shown, title, id_)
        for id_, title, verdict, of_project in rows
        if (facts := facts_of(unpack_verdict(verdict)))
        for name, one in list_claims(id_, facts)
    ]
