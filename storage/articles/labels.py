"""What people say an article really is: kept as decisions, followed by every list at once, and given out for training.

The verdict itself stays as the classifier gave it, so that `why` still explains it and a label can be compared with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select, update

from storage.database.statements import add_to_counters, one_of, read_record
from storage.decisions import DecidedBy, record_decision
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


def record_label(
    connection: Connection,
    article_id: int,
    *,
    is_relevant: bool | None,
    is_new_project: bool | None,
    by: DecidedBy,
    project_id: int | None = None,
    before: Mapping[str, Any] = MappingProxyType({}),
    part_of: int | None = None,
) -> None:
    """Stores a person's word on an article; the latest on each question holds, and lists and digests follow it.

    Args:
        project_id: the project in whose history it stands as well.
        before: what else the label changed, as it was, for `storage.register.undo`.
        part_of: the project that was labelled, where the article is only one of its articles.

    Raises:
        NoResultFound: there is no such article.
    """
    was = dict(connection.execute(select(*_VERDICT).where(article.c.id == article_id)).mappings().one())
    what: dict[str, Any] = {"is_relevant": is_relevant, "is_new_project": is_new_project, "before": {**was, **before}}
    if part_of is not None:
        what["part_of"] = part_of
    about = {"project_id": project_id, "article_id": article_id}
    record_decision(connection, LABEL, what, by=by, **about)
    changes: dict[str, Any] = {}
    if is_relevant is not None:
        changes |= {"is_relevant": is_relevant, "relevance_band": "yes" if is_relevant else "no"}
    if is_new_project is not None:
        changes |= {"is_new_project": is_new_project, "new_project_band": "yes" if is_new_project else "no"}
    set_verdict(connection, article_id, was | changes)


_VERDICT = (article.c.is_relevant, article.c.relevance_band, article.c.is_new_project, article.c.new_project_band)


def set_verdict(connection: Connection, article_id: int, values: Mapping[str, Any]) -> None:
    """Makes an article count as `values` say, in the totals too: `is_relevant`, `is_new_project` and their bands, with
    or without the other columns of a verdict; what is no column is passed over."""
    was = connection.execute(select(*_VERDICT).where(article.c.id == article_id)).mappings().one()
    after = {name: value for name, value in values.items() if name in article.c}
    connection.execute(update(article).where(article.c.id == article_id).values(after))
    more_relevant = int(after["is_relevant"]) - int(was["is_relevant"])
    add_to_counters(connection, {"relevant": more_relevant, "maybe": _is_maybe(after) - _is_maybe(was)})


def _is_maybe(values: Mapping[Any, Any]) -> int:
    return int("maybe" in (values["relevance_band"], values["new_project_band"]))


@dataclass(frozen=True, slots=True)
class PersonsLabel:
    """What a person said of an article, and when and why; None of what they said nothing of."""

    at: datetime
    who: str
    why: str
    is_relevant: bool | None
    is_new_project: bool | None


def labels_of(connection: Connection, article_id: int) -> tuple[PersonsLabel, ...]:
    """What people said of an article and did not take back, the first first."""
    asked = (
        select(decision.c.at, decision.c.who, decision.c.why, decision.c.what)
        .where(decision.c.article_id.is_not(None), decision.c.article_id == article_id)
        .where(decision.c.kind == LABEL)
        .order_by(decision.c.id)
    )
    return tuple(
        PersonsLabel(at, who, why, what["is_relevant"], what["is_new_project"])
        for at, who, why, what in connection.execute(asked)
    )


def find_announcements(connection: Connection, article_ids: Collection[int]) -> set[int]:
    """Those of these articles of which people said last that they announce a new project."""
    its = one_of(decision.c.article_id, article_ids) & (decision.c.kind == LABEL)
    said: dict[int, bool] = {}
    asked = select(decision.c.article_id, decision.c.what).where(its).order_by(decision.c.id)
    for article_id, what in connection.execute(asked):
        if what["is_new_project"] is not None:
            said[article_id] = what["is_new_project"]
    return {article_id for article_id, is_new in said.items() if is_new}


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
        words.update({name: what[name] for name in words if what[name] is not None})
    labelled = (
        select(article.c.id.label("article_id"), article, article_text.c.text)
        .outerjoin(article_text, article_text.c.article_id == article.c.id)
        .where(one_of(article.c.id, said))
        .order_by(article.c.id)
    )
    for row in connection.execute(labelled):
        yield read_record(LabelledArticle, row, **said[row.article_id])
