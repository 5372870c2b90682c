"""Writes projects down: new ones, merges, and what was merged apart again. Called within the register's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from storage.articles.labels import LABEL
from storage.database.statements import insert, one_of
from storage.register.blocking.key_index import add_keys, move_keys
from storage.register.blocking.keys import list_blocking_keys
from storage.register.blocking.lookup import read_members
from storage.register.persist.families import inherit_announcements
from storage.register.persist.merged_view import refresh_projects, searchable
from storage.register.persist.public_ids import make_public_id
from storage.search import search
from storage.tables.schema import article, decision, project, project_relation, story


def create_projects(connection: Connection, firsts: Sequence[tuple[str, str, str]], now: datetime) -> list[int]:
    """Makes empty projects, one for each first article (canonical URL, title, language), and gives their ids in
    order. They are no news before `confirm_projects` says so."""
    if not firsts:
        return []
    rows: dict[str, dict[str, Any]] = {}
    for url, title, language in firsts:
        public_id = _free_public_id(connection, url, rows)
        seen = {"first_seen_at": now, "last_seen_at": now}
        rows[public_id] = {"public_id": public_id, "title": title, "language": language, **seen}
    new = insert(connection, project).returning(project.c.id, sort_by_parameter_order=True)
    ids = list(connection.execute(new, list(rows.values())).scalars())
    titled = [search.Searchable(id_, title) for id_, (_, title, _) in zip(ids, firsts, strict=True)]
    search.index(connection, "project_search", titled)
    return ids


def confirm_projects(connection: Connection, ids: Iterable[int], now: datetime) -> None:
    """Makes news of these projects, where they are not news already and nobody says that they are none."""
    is_silent = one_of(project.c.id, ids) & project.c.confirmed_at.is_(None) & (project.c.band == "yes")
    connection.execute(update(project).where(is_silent).values(confirmed_at=now))


def inherit_news(connection: Connection, of: int, to: int, now: datetime) -> None:
    """A project that was part of another is news where that one is."""
    if connection.execute(select(project.c.confirmed_at).where(project.c.id == of)).scalar() is not None:
        confirm_projects(connection, [to], now)


def _free_public_id(connection: Connection, url: str, taken: Collection[str]) -> str:
    def is_free(public_id: str) -> bool:
        known = select(project.c.id).where(project.c.public_id == public_id)
        return public_id not in taken and connection.execute(known).first() is None

    return next(filter(is_free, (make_public_id(url, attempt) for attempt in count())))


def create_stories(connection: Connection, stories: Sequence[Mapping[str, Any]], now: datetime) -> list[int]:
    """Makes stories, each with its title, topic, language and, unless it is seen only `now`, `first_seen_at`; gives
    their ids in order."""
    if not stories:
        return []
    new = insert(connection, story).returning(story.c.id, sort_by_parameter_order=True)
    return list(connection.execute(new, [{"first_seen_at": now, **given} for given in stories]).scalars())


def merge_rows(connection: Connection, gone: int, into: int) -> dict[str, Any]:
    """Makes one project of two: articles and keys of `gone` go over to `into`; `gone` stays as a pointer, and its id
    goes on answering.

    What a person said of `gone`, that it is a new project or none, holds of `into` too, unless one spoke of that; so
    does its IATI identifier, unless that has one.

    The caller refreshes `into` afterwards and writes the decision down, with what is returned, for `revive`: what
    moved; what `gone` was to other projects and to `into`; what `into` gained or was held to be.
    """
    ids = select(article.c.id).where(article.c.project_id == gone).order_by(article.c.id)
    moved = {
        "gone": gone,
        "into": into,
        "articles": list(connection.execute(ids).scalars()),
        "relations": _move_relations(connection, gone, into),
        "before": _hand_on_word(connection, gone, into),
    }
    connection.execute(update(article).where(article.c.project_id == gone).values(project_id=into))
    move_keys(connection, ("project", gone), ("project", into))
    row = connection.execute(select(project).where(project.c.id == gone)).one()
    lacks_iati_id = (project.c.id == into) & project.c.iati_id.is_(None)
    if row.iati_id and connection.execute(update(project).where(lacks_iati_id).values(iati_id=row.iati_id)).rowcount:
        moved["iati_id"] = row.iati_id
    search.unindex_projects(connection, [searchable(row.id, row.title, row.facts)])
    connection.execute(update(project).where(project.c.id == gone).values(merged_into_id=into, articles=0, facts={}))
    return moved


def _hand_on_word(connection: Connection, gone: int, into: int) -> dict[str, Any] | None:
    """Holds `into` to be what a person said of `gone`. Gives what it was held to be, JSON-ready; None where nothing
    changed."""
    if not _is_spoken_of(connection, gone) or _is_spoken_of(connection, into):
        return None
    held = {id_: state_of(connection, id_) for id_ in (gone, into)}
    hold(connection, into, held[gone])
    return held[into]


def _give_back_word(connection: Connection, merged: Mapping[str, Any]) -> None:
    """Holds the project that another was merged into to be what it was before `merge_rows`, which gave `merged`, unless
    a person spoke of it since; likewise takes the identifier that it gained."""
    gained = (project.c.id == merged["into"]) & (project.c.iati_id == merged.get("iati_id"))
    connection.execute(update(project).where(gained).values(iati_id=None))
    if merged.get("before") and not _is_spoken_of(connection, merged["into"]):
        hold(connection, merged["into"], merged["before"])


def _is_spoken_of(connection: Connection, project_id: int) -> bool:
    """Whether a person said of it, or of an article as one of its own, that it is a new project or none."""
    its = select(decision.c.what).where(decision.c.project_id == project_id, decision.c.kind == LABEL)
    return any(what["is_new_project"] is not None for what in connection.execute(its).scalars())


def state_of(connection: Connection, project_id: int) -> dict[str, Any]:
    """What a project is held to be, JSON-ready: its `band`, and `confirmed_at`, since when it is news."""
    row = connection.execute(select(project.c.band, project.c.confirmed_at).where(project.c.id == project_id)).one()
    return {"band": row.band, "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None}


def hold(connection: Connection, project_id: int, state: Mapping[str, Any]) -> None:
    """Holds a project to be what `state_of` said of one."""
    at = state["confirmed_at"]
    values = {"band": state["band"], "confirmed_at": datetime.fromisoformat(at) if at else None}
    connection.execute(update(project).where(project.c.id == project_id).values(values))


def relation_between(one: int, other: int) -> ColumnElement[bool]:
    """What two projects are to each other, in either direction."""
    return project_relation.c.project_id.in_((one, other)) & project_relation.c.other_id.in_((one, other))


def _move_relations(connection: Connection, gone: int, into: int) -> list[dict[str, Any]]:
    """What `gone` was to other projects `into` is from now on: what it follows, and from what a person parted it. Gives
    what `gone` was, JSON-ready; `is_moved` where `into` was not that before."""
    its = (project_relation.c.project_id == gone) | (project_relation.c.other_id == gone)
    rows = [dict(row) for row in connection.execute(select(project_relation).where(its)).mappings()]
    connection.execute(delete(project_relation).where(its))
    new = insert(connection, project_relation).on_conflict_do_nothing().returning(project_relation.c.kind)
    before = []
    for row in rows:
        moved = _put_in(row, gone, into)
        is_moved = moved is not None and connection.execute(new, moved).first() is not None
        before.append({**row, "at": row["at"].isoformat(), "is_moved": is_moved})
    return before


def _give_back_relations(connection: Connection, merged: Mapping[str, Any]) -> None:
    """Makes a project be to others, and to the one that it was merged into, what it was before `merge_rows`, which gave
    `merged`."""
    gone, into = merged["gone"], merged["into"]
    for stored in merged["relations"]:
        row = {**stored, "at": datetime.fromisoformat(stored["at"])}
        if row.pop("is_moved") and (moved := _put_in(row, gone, into)):
            pair = (
                project_relation.c.project_id == moved["project_id"],
                project_relation.c.other_id == moved["other_id"],
            )
            connection.execute(delete(project_relation).where(*pair, project_relation.c.kind == row["kind"]))
        ends = select(project.c.id).where(project.c.id.in_((row["project_id"], row["other_id"])))
        if len(connection.execute(ends).all()) == 2:  # neither has gone meanwhile
            connection.execute(insert(connection, project_relation).on_conflict_do_nothing(), row)


def _put_in(row: Mapping[str, Any], gone: int, into: int) -> dict[str, Any] | None:
    """A relation of `gone` as one of `into`; None where it was between the two."""
    moved = {**row, **{end: into for end in ("project_id", "other_id") if row[end] == gone}}
    return None if moved["project_id"] == moved["other_id"] else moved


def revive(connection: Connection, merged: Mapping[str, Any], articles: Collection[int]) -> None:
    """Makes a project that was merged into another one of its own again, under its old id, with some of the articles
    that came from it, and what it was to others; the other is held to be what it was. Whoever
    got articles of either meanwhile knows it."""
    gone, into = merged["gone"], merged["into"]
    row = connection.execute(select(project).where(project.c.id == gone)).one()
    connection.execute(update(project).where(project.c.id == gone).values(merged_into_id=None))
    search.index(connection, "project_search", [searchable(gone, row.title, row.facts)])
    its = select(article.c.id).where(one_of(article.c.id, articles), article.c.project_id == into)
    ids = list(connection.execute(its).scalars())
    connection.execute(update(article).where(one_of(article.c.id, ids)).values(project_id=gone))
    add_keys_of(connection, ids)
    _give_back_relations(connection, merged)
    _give_back_word(connection, merged)
    for of, to in ((into, gone), (gone, into)):
        inherit_announcements(connection, of, to, is_by_articles=True)
    refresh_projects(connection, [gone, into])


def add_keys_of(connection: Connection, article_ids: Collection[int]) -> None:
    """Lets the owners of articles be found by the articles' own keys. The ones before keep them: what they share with
    an article they still have."""
    for member in read_members(connection, article_ids):
        kind, owner_id = member.owner
        add_keys(connection, kind, [(owner_id, key) for key in list_blocking_keys(member.claims)])
