"""What people say an article really is: kept as decisions, followed by every list at once.

The verdict itself stays as the classifier gave it, so that `why` still explains it and a label can be compared with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import Connection, select, update

from storage.database.statements import add_to_counters, one_of
from storage.decisions import DecidedBy, record_decision
from storage.tables.schema import article, decision

LABEL = "label"
"""The kind of decision a label is."""


def label_words(is_relevant: bool | None, is_new_project: bool | None) -> str:
    """A label in the words that `tipwatch articles label` takes; nothing is said of what is None."""
    said = (("relevant", is_relevant), ("new-project", is_new_project))
    return ", ".join(word if is_so else f"not-{word}" for word, is_so in said if is_so is not None)


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
        before: what else the label changed, as it was, for `storage.corrections.undo`.
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


def read_labels(
    connection: Connection, article_ids: Collection[int] | None = None
) -> dict[int, tuple[PersonsLabel, ...]]:
    """What people said of these articles, or of all, and did not take back: by article, the first first."""
    asked = select(decision.c.article_id, decision.c.at, decision.c.who, decision.c.why, decision.c.what)
    asked = asked.where(decision.c.article_id.is_not(None), decision.c.kind == LABEL).order_by(decision.c.id)
    if article_ids is not None:
        asked = asked.where(one_of(decision.c.article_id, article_ids))
    found: dict[int, tuple[PersonsLabel, ...]] = {}
    for id_, at, who, why, what in connection.execute(asked):
        label = PersonsLabel(at, who, why, what["is_relevant"], what["is_new_project"])
        found[id_] = (*found.get(id_, ()), label)
    return found


def last_word(labels: Sequence[PersonsLabel], question: Literal["is_relevant", "is_new_project"]) -> bool | None:
    """What was said last on a question; None where nothing was."""
    said = (getattr(label, question) for label in reversed(labels))
    return next((one for one in said if one is not None), None)
