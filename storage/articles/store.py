"""Writing articles: one row a canonical URL with its text and its words for searching, and its entries marked done.

What an article belongs to is found before it is written: `number_articles` gives the new ones their ids, the register
finds their places, `write_articles` writes each row once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from classifier.document import Verdict
from storage.articles.pages import WAITS, known_articles, mark_done
from storage.articles.verdicts import pack_verdict
from storage.database.statements import add_to_counters, insert, one_of
from storage.records import ArticleReading, RegistrationOutcome
from storage.search import search
from storage.tables.schema import article, article_text, entry


@dataclass(frozen=True, slots=True)
class StoredAs:
    """Where a reading went: the article of its canonical URL, and whether this reading made it."""

    article_id: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class ArticlePlace:
    """What the register made of an article: what it joined, and why in words."""

    article_id: int
    outcome: RegistrationOutcome
    reason: str | None = None
    project_id: int | None = None
    story_id: int | None = None
    copy_of_id: int | None = None


@dataclass(frozen=True, slots=True)
class NumberedBatch:
    """A batch to be written: all its readings, the ids of articles that are stored already, by canonical URL, and the
    new articles with the ids reserved for them, in the order in which they are written."""

    readings: Sequence[tuple[ArticleReading, Verdict]]
    known: Mapping[str, int]
    new: Sequence[tuple[int, ArticleReading, Verdict]]


def number_articles(
    connection: Connection, batch: Sequence[tuple[ArticleReading, Verdict]], *, in_order: bool = False
) -> NumberedBatch:
    """Finds which readings are new articles, and reserves an id for each; of one URL the first reading counts.

    They go in by URL, since two writers with the same ones in another order would wait for each other. A writer that is
    alone asks for their own order (`in_order`), so that a copy comes after what it is a copy of.
    """
    known = known_articles(connection, [reading.canonical_url for reading, _ in batch])
    first: dict[str, tuple[ArticleReading, Verdict]] = {}
    for reading, verdict in batch:
        if reading.canonical_url not in known:
            first.setdefault(reading.canonical_url, (reading, verdict))
    urls = list(first) if in_order else sorted(first)
    ids = _reserve_ids(connection, len(urls)) if urls else []
    return NumberedBatch(batch, known, [(id_, *first[url]) for id_, url in zip(ids, urls, strict=True)])


def write_articles(
    connection: Connection,
    batch: NumberedBatch,
    now: datetime,
    places: Mapping[int, ArticlePlace] = MappingProxyType({}),
) -> list[StoredAs]:
    """Writes new articles, each row once, and marks every entry that leads to an article of the batch done.

    Entries of other sources that wait for the same page are done with it. Idempotent: the same batch again stores
    nothing.

    Args:
        batch: as `number_articles` gave it, in the same transaction.
        now: when they are registered.
        places: by id what they belong to; those without a place were ruled out. While places are being found, no other
            writer may store articles.

    Returns:
        One answer a reading, in order.
    """
    ids = dict(batch.known)
    added: set[str] = set()
    if batch.new:
        new = insert(connection, article).on_conflict_do_nothing()
        rows = [
            {"id": id_, **_article_row(reading, verdict, now), **place_columns(places.get(id_))}
            for id_, reading, verdict in batch.new
        ]
        made: dict[str, int] = dict(
            connection.execute(new.returning(article.c.canonical_url, article.c.id), rows).all()
        )
        ids.update(made)
        added = set(made)
        if missing := [reading.canonical_url for _, reading, _ in batch.new if reading.canonical_url not in ids]:
            ids.update(known_articles(connection, missing))  # another writer (PostgreSQL) was first with these
        _store_words(connection, [one for one in batch.new if one[1].canonical_url in added], now)
    entries = {entry_id: ids[reading.canonical_url] for reading, _ in batch.readings for entry_id in reading.entry_ids}
    entries.update(_waiting_for(connection, ids))
    mark_done(connection, entries)
    answers = []
    for reading, _ in batch.readings:
        answers.append(StoredAs(ids[reading.canonical_url], reading.canonical_url in added))
        added.discard(reading.canonical_url)
    return answers


def _reserve_ids(connection: Connection, count: int) -> list[int]:
    """Ids for so many new articles, rising; SQLite's writer is alone, PostgreSQL's sequence gives each id once."""
    if connection.dialect.name == "sqlite":
        highest = connection.execute(select(func.coalesce(func.max(article.c.id), 0))).scalar_one()
        return list(range(highest + 1, highest + 1 + count))
    drawn = text("SELECT nextval(pg_get_serial_sequence('article', 'id')) FROM generate_series(1, :count)")
    return sorted(connection.execute(drawn, {"count": count}).scalars())


def place_columns(place: ArticlePlace | None) -> dict[str, Any]:
    """The columns of an article that say what the register made of it; without a place it is ruled out."""
    return {name: getattr(place or ArticlePlace(0, "ruled-out"), name) for name in _OF_PLACE}


# What an article has of its place, its reading and its verdict as columns of its own.
_OF_PLACE = [each.name for each in fields(ArticlePlace) if each.name in article.c]
_OF_READING = [each.name for each in fields(ArticleReading) if each.name in article.c]
_OF_VERDICT = [each.name for each in fields(Verdict) if each.name in article.c]


def _article_row(reading: ArticleReading, verdict: Verdict, now: datetime) -> dict[str, Any]:
    read = {name: getattr(reading, name) for name in _OF_READING}
    host = urlsplit(reading.canonical_url).hostname or ""
    return {**read, "host": host, "registered_at": now, **verdict_columns(verdict)}


def verdict_columns(verdict: Verdict) -> dict[str, Any]:
    """The columns of an article that come of its verdict; also for judging it again."""
    return {**{name: getattr(verdict, name) for name in _OF_VERDICT}, "verdict": pack_verdict(verdict)}


def _store_words(connection: Connection, added: Sequence[tuple[int, ArticleReading, Verdict]], now: datetime) -> None:
    """The texts of new articles, their words for searching, and their number in the totals."""
    if not added:
        return
    ordered = sorted(added, key=lambda one: one[0])
    texts = [{"article_id": id_, "stored_at": now, "text": reading.text} for id_, reading, _ in ordered if reading.text]
    if texts:
        connection.execute(insert(connection, article_text), texts)
    words = [search.Searchable(id_, reading.title, reading.text) for id_, reading, _ in ordered]
    search.index(connection, "article_search", words)
    verdicts = [verdict for _, _, verdict in added]
    totals = {
        "articles": len(added),
        "relevant": sum(verdict.is_relevant for verdict in verdicts),
        "maybe": sum("maybe" in {verdict.relevance_band, verdict.new_project_band} for verdict in verdicts),
    }
    add_to_counters(connection, totals)


def _waiting_for(connection: Connection, articles: Mapping[str, int]) -> dict[int, int]:
    """Entries that wait for a page that is an article (canonical URL to id): entry id to article id."""
    asked = select(entry.c.id, entry.c.canonical_url).where(WAITS, one_of(entry.c.canonical_url, articles))
    return {entry_id: articles[url] for entry_id, url in connection.execute(asked)}


def set_places(connection: Connection, places: Iterable[ArticlePlace]) -> None:
    """Stores what the register made of these articles."""
    rows = [{"of_article": place.article_id, **place_columns(place)} for place in places]
    if rows:
        connection.execute(update(article).where(article.c.id == bindparam("of_article")), rows)


def keep_text(connection: Connection, article_id: int, words: str, now: datetime) -> None:
    """Keeps the text of an article of which none is kept, since it was ruled out or retention removed it."""
    new = insert(connection, article_text).on_conflict_do_nothing()
    connection.execute(new, {"article_id": article_id, "stored_at": now, "text": words})


def forget_texts(connection: Connection, before_at: datetime) -> int:
    """Removes the raw text of articles stored before a time; verdicts, claims and evidence stay. Gives how many.

    Articles stay findable by the words they had: the index holds no text that could be read back.
    """
    return connection.execute(delete(article_text).where(article_text.c.stored_at < before_at)).rowcount
