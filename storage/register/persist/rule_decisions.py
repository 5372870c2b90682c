"""Writes down what rules decided of projects: merges, splits, and how one stands to another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.database.statements import insert, one_of
from storage.decisions import DecidedBy, record_decision
from storage.register.blocking.key_index import move_keys
from storage.register.compare.ties import TIE_KINDS
from storage.register.persist.families import inherit_announcements
from storage.register.persist.project_rows import add_keys_of, inherit_news, merge_rows, relation_between
from storage.register.resolve.batch_resolver import BatchResolver
from storage.tables.schema import article, project_relation, story

PERHAPS = "perhaps-same"


def write_merges(connection: Connection, resolver: BatchResolver, now: datetime) -> set[int]:
    """Writes down what the resolver joined: stories that became a project's, projects that are one. Gives the projects
    changed."""
    touched: set[int] = set()
    for gone, into, reason in resolver.merges:
        target = into.settle()
        if gone.id is None or target.id is None:
            continue
        if gone.kind == "story":
            _move_story(connection, gone.id, target.id, reason)
        else:
            what = merge_rows(connection, gone.id, target.id)
            record_decision(connection, "merge", what, by=DecidedBy(None, reason, now), project_id=target.id)
            touched.discard(gone.id)
        touched.add(target.id)
    return touched


def write_splits(connection: Connection, resolver: BatchResolver, now: datetime) -> set[int]:
    """Moves the articles that left a project; whoever knows it knows the new one too. Gives the projects changed."""
    touched: set[int] = set()
    for split in resolver.splits:
        old, new = split.group.settle().id, split.part.settle().id
        if old is None or new is None or old == new:
            continue
        its = article.c.project_id == old
        with_copies = one_of(article.c.id, split.article_ids) | one_of(article.c.copy_of_id, split.article_ids)
        moved = list(connection.execute(select(article.c.id).where(its, with_copies)).scalars())
        connection.execute(update(article).where(one_of(article.c.id, moved)).values(project_id=new))
        add_keys_of(connection, split.article_ids)
        inherit_news(connection, old, new, now)
        inherit_announcements(connection, old, new)
        for id_ in (old, new):
            what = {"from": old, "to": new, "articles": moved}
            record_decision(connection, "split", what, by=DecidedBy(None, split.reason, now), project_id=id_)
        touched |= {old, new}
    return touched


def _move_story(connection: Connection, story_id: int, project_id: int, reason: str) -> None:
    """Makes a stored story's articles a project's sources; the story itself goes, since nothing of it is left."""
    its = article.c.story_id == story_id
    connection.execute(
        update(article).where(its).values(project_id=project_id, story_id=None, outcome="known-project", reason=reason)
    )
    move_keys(connection, ("story", story_id), ("project", project_id))
    connection.execute(delete(story).where(story.c.id == story_id))


def write_relations(connection: Connection, resolver: BatchResolver, now: datetime) -> None:
    """What was said first of two projects stays; that they are perhaps the same is said only while nothing else is."""
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for relation in sorted(resolver.relations, key=lambda one: one.kind == PERHAPS):
        one, other = relation.group.settle().id, relation.other.settle().id
        if one is not None and other is not None and one != other and (other, one) not in rows:
            row = {"project_id": one, "other_id": other, "kind": relation.kind, "reason": relation.reason, "at": now}
            rows.setdefault((one, other), row)
    known = _find_related(connection, rows)
    new = {pair: row for pair, row in rows.items() if pair not in known}
    for pair, row in new.items():
        if row["kind"] != PERHAPS:
            doubted = relation_between(*pair) & (project_relation.c.kind == PERHAPS)
            connection.execute(delete(project_relation).where(doubted))
    if new:
        connection.execute(insert(connection, project_relation).on_conflict_do_nothing(), list(new.values()))


def _find_related(connection: Connection, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """The pairs, both ways round, of which one is known to follow, belong to or add to the other."""
    ids = {one for pair in pairs for one in pair}
    either = one_of(project_relation.c.project_id, ids) | one_of(project_relation.c.other_id, ids)
    asked = select(project_relation.c.project_id, project_relation.c.other_id, project_relation.c.kind).where(either)
    tied = [(one, other) for one, other, kind in connection.execute(asked) if kind in TIE_KINDS]
    return {*tied, *((other, one) for one, other in tied)}
