"""Registers what was read: each article once, each story once, each project once.

    readings with verdicts
      → known address?       the article is there: its entries are attached, nothing else happens
      → not relevant?        stored with title, address and score, without its text
      → nearly the same text?  joins what the other belongs to
      → facts of a project?  joins the known project, or makes a new one
      → else                 joins the known story, or makes a new one

A batch is one transaction, and batches are registered one after another: two writers with articles of one project at
once make one project. What a batch may be the same as is looked up by its blocking keys, resolved without touching
the database (`resolve`), and written down at the end (`persist`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from types import MappingProxyType

from sqlalchemy import Connection, bindparam, func, select

from classifier.document import Verdict
from storage.articles.parts import split_reading
from storage.articles.store import StoredAs, number_articles, set_places, write_articles
from storage.database.statements import one_of
from storage.records import ArticleReading, Registration
from storage.register.persist.write import make_groups, place_of, write_down
from storage.register.resolve.batch_resolver import BatchResolver
from storage.register.resolve.groups import BatchArticle
from storage.register.resolve.load import load_resolver
from storage.register.resolve.newsletter_items import number_newsletter_items
from storage.register.resolve.prepare import prepare
from storage.tables.schema import article, project

# The lock of PostgreSQL's under which registers resolve one after another; any number that nothing else uses.
REGISTER_LOCK = 0x7469_7077_6174_6368 & 0x7FFF_FFFF_FFFF_FFFF  # "tipwatch"


def register_articles(
    connection: Connection, batch: Sequence[tuple[ArticleReading, Verdict]], now: datetime
) -> list[Registration]:
    """Registers a batch of readings, all layers, within the caller's transaction.

    Args:
        batch: readings with their verdicts, in the order they are to be registered.
        now: the time that is written down as theirs.

    Returns:
        One registration a reading, in order; further projects that its text reports are among its `others`.
        Idempotent: the same batch again changes nothing and gives `known-article`.
    """
    is_alone = any(verdict.is_relevant for _, verdict in batch)
    take_turn(connection, is_alone=is_alone)
    parts = [split_reading(reading, verdict) for reading, verdict in number_newsletter_items(connection, batch)]
    trimmed = [(_trim(reading, verdict), verdict) for its in parts for reading, verdict in its]
    numbered = number_articles(connection, trimmed, in_order=is_alone)
    relevant = [one for one in numbered.new if one[2].is_relevant]
    if not relevant:
        stored, placed = write_articles(connection, numbered, now), set()
    else:
        resolver, items = _resolve(connection, relevant, now)
        stored = write_articles(connection, numbered, now, {item.article_id: place_of(item) for item in items})
        write_down(connection, resolver, items, now)
        placed = {item.article_id for item in items}
    answers = _answer(connection, stored, placed)
    return [replace(next(answers), others=tuple(islice(answers, len(its) - 1))) for its in parts]


def take_turn(connection: Connection, *, is_alone: bool = True) -> None:
    """Waits until no other transaction registers; SQLite's BEGIN IMMEDIATE has seen to that already.

    Those that only store what was ruled out (`is_alone` False) go beside each other, but not beside one that resolves.
    """
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if is_alone else func.pg_advisory_xact_lock_shared
        connection.execute(select(lock(bindparam("lock", REGISTER_LOCK))))


def _trim(reading: ArticleReading, verdict: Verdict) -> ArticleReading:
    """Without its text, where the article was ruled out for sure; the middle band is kept for people to read."""
    is_kept = verdict.is_relevant or verdict.relevance_band != "no"
    return reading if is_kept else replace(reading, text="")


# --- resolving ------------------------------------------------------------------------------------


def _resolve(
    connection: Connection,
    relevant: Sequence[tuple[int, ArticleReading, Verdict]],
    now: datetime,
    reusable: Mapping[int, int | None] = MappingProxyType({}),
) -> tuple[BatchResolver, list[BatchArticle]]:
    """Finds the articles' places and makes the projects and stories among them that are new; what is left to write down
    is all but the places themselves."""
    items = [prepare(*one) for one in relevant]
    resolver = load_resolver(connection, items)
    for item in items:
        resolver.place(item)
    make_groups(connection, resolver, now, reusable=reusable)
    return resolver, items


def resolve(
    connection: Connection,
    relevant: Sequence[tuple[int, ArticleReading, Verdict]],
    now: datetime,
    reusable: Mapping[int, int | None] = MappingProxyType({}),
) -> None:
    """Places stored articles anew and writes it down.

    Args:
        relevant: article ids with their readings and verdicts, in the order they are to be placed.
        now: the time that is written down as theirs.
        reusable: by article id the project that was its own and has no article any more: where the article makes a
            project, it is that one again.
    """
    resolver, items = _resolve(connection, relevant, now, reusable)
    set_places(connection, map(place_of, items))
    write_down(connection, resolver, items, now)


# --- answering ------------------------------------------------------------------------------------


def find_places(connection: Connection, article_ids: Collection[int]) -> dict[int, Registration]:
    """What these articles are registered as now, by id; later ones may have joined what was apart when they came in."""
    columns = (article.c.id, article.c.outcome, project.c.public_id, article.c.story_id, article.c.reason)
    asked = select(*columns).outerjoin(project, project.c.id == article.c.project_id)
    rows = connection.execute(asked.where(one_of(article.c.id, article_ids)))
    return {row.id: Registration(*row) for row in rows}


def _answer(connection: Connection, stored: Sequence[StoredAs], placed: Collection[int]) -> Iterator[Registration]:
    """What became of each reading; of new ones that were ruled out nothing is read again."""
    places = find_places(connection, {at.article_id for at in stored if not at.is_new or at.article_id in placed})
    for at in stored:
        found = places.get(at.article_id) or Registration(at.article_id, "ruled-out", None, None, None)
        if not at.is_new:
            found = replace(found, outcome="known-article", reason="its address is an article already")
        yield found
