"""Undoes what people decided: a label, a fact set by hand, a merge, a split.

A decision stays in the history, marked as undone, with who undid it, when and why. What was decided after it about the
same articles or projects must be undone first, so that what comes back is what was there. Called within the caller's
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, literal, select, update

from storage.articles.labels import LABEL, label_words, set_verdict
from storage.articles.verdicts import unpack_verdict
from storage.clock import time_of_news
from storage.corrections.labels import confirm, follow_articles, is_announced
from storage.corrections.requests import CorrectionRefused
from storage.database.statements import one_of
from storage.decisions import DecidedBy, record_decision
from storage.register.persist.merged_view import refresh_projects
from storage.register.persist.project_rows import add_keys_of, hold, merge_rows, relation_between, revive
from storage.register.reprocess import place_again, remove_empty_stories
from storage.tables.schema import announcement, article, decision, project, project_relation
from storage.tables.types import Flag

UNDONE = "undone "
"""Before the kind of a decision that was undone: whoever asks for decisions of a kind does not find it any more."""

BANDS = {"yes": "new-project", "maybe": "maybe a project"}
"""What a project was before a person labelled it."""


@dataclass(frozen=True, slots=True)
class PersonsDecision:
    """What a person decided: `about` is the public id of a project or `article N`, `was` and `is_now` the old and the
    new value in words."""

    id: int
    at: datetime
    who: str
    kind: str
    about: str
    was: str
    is_now: str
    why: str
    is_undone: bool


_BY_PERSONS = (
    select(decision, project.c.public_id)
    .outerjoin(project, project.c.id == decision.c.project_id)
    .where(decision.c.is_human == literal(True, Flag), decision.c.kind != "undo")
)


def list_decisions(connection: Connection, limit: int) -> list[PersonsDecision]:
    """What people decided, the latest first, what was undone included."""
    found: dict[tuple[Any, ...], PersonsDecision] = {}
    asked = _BY_PERSONS.order_by(decision.c.id.desc()).execution_options(yield_per=limit)
    with connection.execute(asked) as rows:  # closed where not all are read
        for row in rows:
            # a split stands in the history of both projects, a project's label in that of each of its articles
            if "part_of" not in row.what:
                found.setdefault((row.kind, row.at, row.article_id, str(row.what)), _in_words(row))
            if len(found) == limit:
                break
    return list(found.values())


def undo_decision(connection: Connection, number: int, *, by: DecidedBy) -> PersonsDecision:
    """Takes back what a person decided; nobody is told anything twice.

    Returns:
        The decision, as it was.

    Raises:
        CorrectionRefused: there is no such decision, no person made it, it is undone already, or a later one rests on
            it.
    """
    row = connection.execute(_BY_PERSONS.where(decision.c.id == number)).one_or_none()
    if row is None:
        raise CorrectionRefused(f"there is no decision {number} of a person", "See them with: tipwatch undo")
    if row.kind.startswith(UNDONE):
        raise CorrectionRefused(f"decision {number} is undone already", "See all with: tipwatch undo")
    if (later := _find_later(connection, row)) is not None:
        raise CorrectionRefused(
            f"decision {later} came after decision {number} and rests on it", f"First: tipwatch undo {later}"
        )
    twins = (decision.c.at == row.at, decision.c.who == row.who, decision.c.kind == row.kind)
    written = connection.execute(select(decision.c.id, decision.c.what).where(*twins))
    ids = [number, *(id_ for id_, what in written if _is_twin(row, what))]
    connection.execute(update(decision).where(one_of(decision.c.id, ids)).values(kind=f"{UNDONE}{row.kind}"))
    _UNDO[row.kind](connection, row, by.at)
    what = {"decision": number, "kind": row.kind}
    about = {"project_id": row.project_id, "article_id": row.article_id}
    record_decision(connection, "undo", what, by=by, **about)
    return _in_words(row)


def _is_twin(row: Row[Any], what: Mapping[str, Any]) -> bool:
    """Whether it was written down with the decision: for another project, or for an article of its project."""
    return bool(what == row.what or (row.article_id is None and what.get("part_of", 0) == row.project_id))


def _find_later(connection: Connection, row: Row[Any]) -> int | None:
    """The latest decision of a person about the same articles or projects that changes where they are, or the same
    value."""
    ours = _touched(row)
    asked = (
        select(decision)
        .where(decision.c.is_human == literal(True, Flag), decision.c.id > row.id, decision.c.kind.in_(_UNDO))
        .order_by(decision.c.id.desc())
    )
    for later in connection.execute(asked):
        is_same_value = later.kind == row.kind and later.what.get("field") == row.what.get("field")
        moves = later.kind in ("merge", "split") and row.kind in ("merge", "split", LABEL)
        if later.what != row.what and (is_same_value or moves) and ours & _touched(later):
            return int(later.id)
    return None


def _touched(row: Row[Any]) -> set[tuple[str, int]]:
    what = row.what
    projects = {row.project_id, *(what.get(name) for name in ("into", "gone", "from", "to"))} - {None}
    articles = {row.article_id, what.get("article"), *what.get("articles", ())} - {None}
    if row.kind == LABEL and row.article_id is not None:
        projects = set()
    return {("project", id_) for id_ in projects} | {("article", id_) for id_ in articles}


# --- of each kind ---------------------------------------------------------------------------------


def _undo_label(connection: Connection, row: Row[Any], now: datetime) -> None:
    before = row.what["before"]
    if row.article_id is None:
        asked = select(decision.c.article_id, decision.c.what).where(
            decision.c.at == row.at, one_of(decision.c.article_id, row.what["articles"])
        )
        written = connection.execute(asked).all()
        was = {id_: what["before"] for id_, what in written if what.get("part_of") == row.project_id}
        state: Mapping[str, Any] | None = before
    else:
        if "verdict" in before:
            place_again(connection, row.article_id, unpack_verdict(before["verdict"]), now)
        was, state = {row.article_id: before}, before.get("project")
    for article_id, values in was.items():
        set_verdict(connection, article_id, values)
    if state is not None:
        _restore_project(connection, row.project_id, state, now)
    _follow_moved(connection, row.project_id, was, now)


def _follow_moved(
    connection: Connection, project_id: int | None, was: Mapping[int, Mapping[str, Any]], now: datetime
) -> None:
    """Holds the projects that a split, or a merge that was undone, has brought articles to since to be what these are
    again."""
    asked = select(article.c.id, article.c.project_id, article.c.is_news).where(one_of(article.c.id, was))
    for id_, its, is_news in connection.execute(asked).all():
        if its in (None, project_id):
            continue
        if is_news and was[id_]["new_project_band"] == "yes":
            confirm(connection, its, now)
        follow_articles(connection, [its], now)
        refresh_projects(connection, [its])


def _restore_project(connection: Connection, project_id: int, before: Mapping[str, Any], now: datetime) -> None:
    """What is news again and was told to nobody is news from now on: the digests of its own time were sent without."""
    is_told = select(announcement.c.project_id).where(announcement.c.project_id == project_id)
    if before["confirmed_at"] is not None and connection.execute(is_told.limit(1)).first() is None:
        before = {**before, "confirmed_at": time_of_news(connection, now).isoformat()}
    hold(connection, project_id, before)
    refresh_projects(connection, [project_id])


def _undo_fix(connection: Connection, row: Row[Any], now: datetime) -> None:
    del now
    if row.what["field"] == "iati_id":
        before = next(iter(row.what["before"]), None)
        connection.execute(update(project).where(project.c.id == row.project_id).values(iati_id=before))
    refresh_projects(connection, [row.project_id])


def _undo_merge(connection: Connection, row: Row[Any], now: datetime) -> None:
    what = row.what
    revive(connection, what, what["articles"])
    follow_articles(connection, (what["gone"], what["into"]), now)


def _undo_split(connection: Connection, row: Row[Any], now: datetime) -> None:
    what, article_id = row.what, row.what["article"]
    old, new = what["from"], what["to"]
    if new is not None:
        connection.execute(delete(project_relation).where(relation_between(old, new)))
        merge_rows(connection, new, old)
    else:
        story_id = connection.execute(select(article.c.story_id).where(article.c.id == article_id)).scalar_one()
        connection.execute(update(article).where(article.c.id == article_id).values(project_id=old, story_id=None))
        remove_empty_stories(connection, [story_id])
    connection.execute(update(article).where(article.c.id == article_id).values(what["before"]))
    add_keys_of(connection, [article_id])
    refresh_projects(connection, [old])
    if "held" in what and is_announced(connection, old):  # earlier splits did not write it down
        hold(connection, old, what["held"])
    follow_articles(connection, [old], now)


_UNDO = {LABEL: _undo_label, "fix": _undo_fix, "merge": _undo_merge, "split": _undo_split}


# --- in words -------------------------------------------------------------------------------------


def _in_words(row: Row[Any]) -> PersonsDecision:
    what, kind = row.what, row.kind.removeprefix(UNDONE)
    about = row.public_id or f"article {row.article_id}"
    was, is_now = "", ""
    if kind == "fix":
        was, is_now = "; ".join(what.get("before", ())), "; ".join(value["shown"] for value in what["values"])
        about = f"{about} {what['field']}"
    elif kind == LABEL:
        is_now, before = _label(what), what["before"]
        about = f"article {row.article_id}" if row.article_id is not None else about
        was = _label(before) if row.article_id is not None else BANDS[before["band"]]
    elif kind == "merge":
        was, is_now = f"{what['gone_id']} on its own", f"part of {what['into_id']}"
        about = what["gone_id"]
    elif kind == "split":
        about, was, is_now = f"article {what['article']}", f"in {what['from_id']}", "apart from it"
    return PersonsDecision(row.id, row.at, row.who, kind, about, was, is_now, row.why, row.kind.startswith(UNDONE))


def _label(what: Mapping[str, Any]) -> str:
    return label_words(what.get("is_relevant"), what.get("is_new_project"))
