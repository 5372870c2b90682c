"""What people say an article really is: kept as decisions, followed by every list at once, and given out for training.

The verdict itself stays as the classifier gave it, so that `why` still explains it and a label can be compared with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage.database.statements import add_to_counters, insert
from storage.tables.schema import article, article_text, decision

LABEL = "label"
"""The kind of decision a label is."""


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with what people said of it; None where they said nothing. `text` is None where it is not kept."""

    article_id: int
    url: str
    title: str
    text: str | None
    language: str
    outlet: str
    published_at: datetime | None
    is_relevant: bool | None
    is_new_project: bool | None


def label_article(
    connection: Connection,
    article_id: int,
    *,
    is_relevant: bool | None,
    is_new_project: bool | None,
    who: str,
    why: str,
    now: datetime,
) -> bool:
    """Stores a person's word on an article; the latest on each question holds. False where there is no such article.

    Lists and digests follow it from then on. A project the article belongs to is left to `projects split` and `merge`.
    """
    before = connection.execute(
        select(article.c.is_relevant, article.c.relevance_band, article.c.new_project_band).where(
            article.c.id == article_id
        )
    ).one_or_none()
    if before is None:
        return False
    said = {"is_relevant": is_relevant, "is_new_project": is_new_project}
    connection.execute(
        insert(connection, decision).values(
            kind=LABEL, at=now, who=who, is_human=True, why=why, what=said, article_id=article_id
        )
    )
    changes: dict[str, Any] = {}
    if is_relevant is not None:
        changes |= {"is_relevant": is_relevant, "relevance_band": "yes" if is_relevant else "no"}
    if is_new_project is not None:
        changes |= {"is_new_project": is_new_project, "new_project_band": "yes" if is_new_project else "no"}
    if changes:
        connection.execute(update(article).where(article.c.id == article_id).values(changes))
        after = {"is_relevant": before.is_relevant, "relevance_band": before.relevance_band,
                 "new_project_band": before.new_project_band} | changes  # fmt: skip
        was_maybe = "maybe" in {before.relevance_band, before.new_project_band}
        is_maybe = "maybe" in {after["relevance_band"], after["new_project_band"]}
        totals = {
            "relevant": int(after["is_relevant"]) - int(before.is_relevant),
            "maybe": int(is_maybe) - int(was_maybe),
        }
        add_to_counters(connection, totals)
    return True


def labelled_articles(connection: Connection) -> Iterator[LabelledArticle]:
    """Every labelled article with the latest word on each question, in the order of their ids."""
    asked = (
        select(decision.c.article_id, decision.c.what)
        .where(decision.c.kind == LABEL, decision.c.article_id.is_not(None))
        .order_by(decision.c.id)
    )
    said: dict[int, dict[str, bool | None]] = {}
    for article_id, what in connection.execute(asked):
        words = said.setdefault(article_id, {"is_relevant": None, "is_new_project": None})
        words.update({name: value for name, value in what.items() if value is not None})
    for article_id, words in sorted(said.items()):
        row = connection.execute(
            select(
                article.c.id, article.c.url, article.c.title, article_text.c.text, article.c.language, article.c.outlet,
                article.c.published_at,
            )
            .outerjoin(article_text, article_text.c.article_id == article.c.id)
            .where(article.c.id == article_id)
        ).one()  # fmt: skip
        yield LabelledArticle(*row, is_relevant=words["is_relevant"], is_new_project=words["is_new_project"])
