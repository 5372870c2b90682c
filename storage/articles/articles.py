"""What was read: articles with their verdicts, stored once a canonical URL, and the questions people ask of them.

`store_articles` writes an article, its text, its words for searching, and marks its entries done; what it is the same
as is the register's matter, which says so before an article is written (`Placing`) or later (`set_places`). Pages still
to be read are in `pages`, whose functions are named here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, literal_column, select, text, update

from classifier.document import MOST_PROJECTS, Band, Verdict
from storage.articles.pages import (
    WAITS,
    ParkedEntry,
    PendingCounts,
    count_pending,
    known_articles,
    list_parked,
    mark_done,
    pending_pages,
    record_page_failures,
    retry_parked,
)
from storage.articles.parts import article_url, part_url
from storage.articles.verdicts import pack_verdict, unpack_verdict
from storage.database.statements import add_to_counters, in_chunks, insert
from storage.dates import DatePrecision
from storage.records import ArticleReading, ReadFrom, RegistrationOutcome
from storage.search import search
from storage.tables.schema import article, article_text, entry, project, source

__all__ = [
    "ArticleFilter",
    "ArticlePlace",
    "EntryOrigin",
    "ParkedEntry",
    "PendingCounts",
    "StoredArticle",
    "StoredAs",
    "count_pending",
    "forget_texts",
    "get_article",
    "list_articles",
    "list_parked",
    "mark_done",
    "pending_pages",
    "record_page_failures",
    "retry_parked",
    "set_places",
    "store_articles",
]


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


Placing = Callable[[Sequence[tuple[int, ArticleReading, Verdict]]], Mapping[int, ArticlePlace]]
"""What finds the places of new articles before they are written; those that have none may be left out."""


def store_articles(
    connection: Connection,
    batch: Sequence[tuple[ArticleReading, Verdict]],
    now: datetime,
    find_places: Placing | None = None,
) -> list[StoredAs]:
    """Stores readings with their verdicts, one article a canonical URL, and marks every entry that leads to one done.

    Gives one answer a reading, in order. A URL that is an article already, or comes twice in the batch, keeps the first
    reading. Entries of other sources that wait for the same page are done with it. Idempotent: the same batch again
    stores nothing. With `find_places` no other writer may store articles meanwhile.
    """
    urls = [reading.canonical_url for reading, _ in batch]
    ids = known_articles(connection, urls)
    first: dict[str, tuple[ArticleReading, Verdict]] = {}
    for reading, verdict in batch:
        if reading.canonical_url not in ids:
            first.setdefault(reading.canonical_url, (reading, verdict))
    added: set[str] = set()
    if first:
        added = _add_articles(connection, first, ids, now, find_places)
        if len(ids) < len(set(urls)):  # another writer (PostgreSQL) was first with some: they are there by now
            ids.update(known_articles(connection, [url for url in urls if url not in ids]))
        store_words(connection, {ids[url]: first[url] for url in added}, now)
    entries = {entry_id: ids[reading.canonical_url] for reading, _ in batch for entry_id in reading.entry_ids}
    entries.update(waiting_for(connection, ids))
    mark_done(connection, entries)
    answers = []
    for url in urls:
        answers.append(StoredAs(ids[url], url in added))
        added.discard(url)
    return answers


def _add_articles(
    connection: Connection,
    first: Mapping[str, tuple[ArticleReading, Verdict]],
    ids: dict[str, int],
    now: datetime,
    find_places: Placing | None,
) -> set[str]:
    """Writes new articles, each row once, and adds them to `ids`; gives the URLs that were not there yet.

    Without places they go in by URL, since two writers with the same ones in another order would wait for each other;
    with places in their order, so that a copy comes after what it is a copy of.
    """
    urls = sorted(first) if find_places is None else list(first)
    numbered = list(zip(reserve_ids(connection, len(urls)), urls, strict=True))
    places = {} if find_places is None else find_places([(id_, *first[url]) for id_, url in numbered])
    rows = [{"id": id_, **article_row(*first[url], now), **place_columns(places.get(id_))} for id_, url in numbered]
    new = insert(connection, article).on_conflict_do_nothing()
    made: dict[str, int] = dict(connection.execute(new.returning(article.c.canonical_url, article.c.id), rows).all())
    ids.update(made)
    return set(made)


def reserve_ids(connection: Connection, count: int) -> list[int]:
    """Ids for so many new articles, rising; SQLite's writer is alone, PostgreSQL's sequence gives each id once."""
    if connection.dialect.name == "sqlite":
        highest = connection.execute(select(func.coalesce(func.max(article.c.id), 0))).scalar_one()
        return list(range(highest + 1, highest + 1 + count))
    drawn = text("SELECT nextval(pg_get_serial_sequence('article', 'id')) FROM generate_series(1, :count)")
    return sorted(connection.execute(drawn, {"count": count}).scalars())


def place_columns(place: ArticlePlace | None) -> dict[str, Any]:
    """The columns of an article that say what the register made of it; without a place it was ruled out."""
    if place is None:
        place = ArticlePlace(0, "ruled-out")
    return {
        "outcome": place.outcome,
        "reason": place.reason,
        "project_id": place.project_id,
        "story_id": place.story_id,
        "copy_of_id": place.copy_of_id,
    }


def article_row(reading: ArticleReading, verdict: Verdict, now: datetime) -> dict[str, Any]:
    return {
        "canonical_url": reading.canonical_url,
        "url": reading.url,
        "host": urlsplit(reading.canonical_url).hostname or "",
        "title": reading.title,
        "language": reading.language,
        "outlet": reading.outlet,
        "published_at": reading.published_at,
        "published_precision": reading.published_precision,
        "registered_at": now,
        "read_from": reading.read_from,
        "read_note": reading.read_note,
        **verdict_columns(verdict),
    }


def verdict_columns(verdict: Verdict) -> dict[str, Any]:
    """The columns of an article that come of its verdict; also for judging it again."""
    return {
        "is_relevant": verdict.is_relevant,
        "relevance": verdict.relevance,
        "relevance_band": verdict.relevance_band,
        "is_new_project": verdict.is_new_project,
        "new_project_probability": verdict.new_project_probability,
        "new_project_band": verdict.new_project_band,
        "topic": verdict.topic,
        "verdict": pack_verdict(verdict),
    }


def store_words(connection: Connection, added: Mapping[int, tuple[ArticleReading, Verdict]], now: datetime) -> None:
    """The texts of new articles, their words for searching, and their number in the totals."""
    if not added:
        return
    texts = [
        {"article_id": id_, "stored_at": now, "text": reading.text}
        for id_, (reading, _) in sorted(added.items())
        if reading.text
    ]
    if texts:
        connection.execute(insert(connection, article_text), texts)
    words = [search.Searchable(id_, r.title, r.text) for id_, (r, _) in sorted(added.items())]
    search.index_articles(connection, words, are_stored=True)
    verdicts = [verdict for _, verdict in added.values()]
    totals = {
        "articles": len(added),
        "relevant": sum(verdict.is_relevant for verdict in verdicts),
        "maybe": sum("maybe" in {verdict.relevance_band, verdict.new_project_band} for verdict in verdicts),
    }
    add_to_counters(connection, totals)


def waiting_for(connection: Connection, articles: Mapping[str, int]) -> dict[int, int]:
    """Entries that wait for a page that is an article (canonical URL to id): entry id to article id."""
    asked = select(entry.c.id, entry.c.canonical_url).where(WAITS)
    found: dict[int, int] = {}
    for chunk in in_chunks(articles):
        for entry_id, url in connection.execute(asked.where(entry.c.canonical_url.in_(chunk))):
            found[entry_id] = articles[url]
    return found


def set_places(connection: Connection, places: Iterable[ArticlePlace]) -> None:
    """Stores what the register made of these articles."""
    rows = [
        {
            "of_article": place.article_id,
            "new_outcome": place.outcome,
            "new_reason": place.reason,
            "new_project": place.project_id,
            "new_story": place.story_id,
            "new_copy_of": place.copy_of_id,
        }
        for place in places
    ]
    if rows:
        connection.execute(PLACED, rows)


PLACED = (
    update(article)
    .where(article.c.id == bindparam("of_article"))
    .values(
        outcome=bindparam("new_outcome"),
        reason=bindparam("new_reason"),
        project_id=bindparam("new_project"),
        story_id=bindparam("new_story"),
        copy_of_id=bindparam("new_copy_of"),
    )
)


@dataclass(frozen=True, slots=True)
class EntryOrigin:
    """A source that told of an article: which, by what link, under what title, and when it was first seen there."""

    source_name: str
    url: str
    title: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as stored. `text` is None in lists, where it was ruled out, and where retention has removed it.

    An article that tells of several projects is stored once for each; `beside` are the ids of the others.
    """

    id: int
    url: str
    canonical_url: str
    host: str
    title: str
    language: str
    outlet: str
    published_at: datetime | None
    registered_at: datetime
    read_from: ReadFrom
    read_note: str | None
    verdict: Verdict
    outcome: RegistrationOutcome
    reason: str | None
    copy_of_id: int | None
    story_id: int | None
    project_id: str | None
    text: str | None = None
    entries: tuple[EntryOrigin, ...] = ()
    beside: tuple[int, ...] = ()
    published_precision: DatePrecision = "day"


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to list; every part that is given must hold.

    `band` asks for articles whose relevance or newness is in it. `text` is a query as in `storage.search.search`.
    Times are of registration, `since_at` included, `until_at` not. `source` is a source's name, `project` a public id.
    """

    is_relevant: bool | None = None
    is_new_project: bool | None = None
    band: Band | None = None
    topic: str | None = None
    language: str | None = None
    host: str | None = None
    outlet: str | None = None
    source: str | None = None
    project: str | None = None
    story_id: int | None = None
    text: str | None = None
    since_at: datetime | None = None
    until_at: datetime | None = None


COLUMNS = (
    article.c.id, article.c.url, article.c.canonical_url, article.c.host, article.c.title, article.c.language,
    article.c.outlet, article.c.published_at, article.c.published_precision, article.c.registered_at,
    article.c.read_from, article.c.read_note, article.c.verdict, article.c.outcome, article.c.reason,
    article.c.copy_of_id, article.c.story_id, project.c.public_id,
)  # fmt: skip


def list_articles(
    connection: Connection, asked: ArticleFilter = ArticleFilter(), *, limit: int = 50, offset: int = 0
) -> list[StoredArticle]:
    """The articles that match, without text and entries; the newest first, or the best where words are looked for."""
    query = select(*COLUMNS).outerjoin(project, project.c.id == article.c.project_id).where(*conditions(asked))
    if asked.text is None:
        newest_first = query.order_by(article.c.registered_at.desc(), article.c.id.desc()).limit(limit).offset(offset)
        return [stored(row) for row in connection.execute(newest_first)]
    ranked = search.find_articles(connection, asked.text)
    by_id: dict[int, Any] = {}
    for chunk in in_chunks(ranked):
        by_id.update((row.id, row) for row in connection.execute(query.where(article.c.id.in_(chunk))))
    return [stored(by_id[id_]) for id_ in [id_ for id_ in ranked if id_ in by_id][offset : offset + limit]]


def conditions(asked: ArticleFilter) -> list[ColumnElement[bool]]:
    """The filter in SQL. What partial indexes hold is asked for literally, or they would not be used."""
    wanted: list[ColumnElement[bool]] = []
    if asked.is_relevant is not None:
        wanted.append(literal_column("article.is_relevant") == literal_column(str(int(asked.is_relevant))))
    if asked.is_new_project is not None:
        wanted.append(
            article.c.is_new_project == bindparam("is_new", asked.is_new_project, type_=article.c.is_new_project.type)
        )
    if asked.band == "maybe":
        wanted.append(literal_column("(article.relevance_band = 'maybe' OR article.new_project_band = 'maybe')"))
    elif asked.band is not None:
        wanted.append((article.c.relevance_band == asked.band) | (article.c.new_project_band == asked.band))
    for column, value in (
        (article.c.topic, asked.topic),
        (article.c.language, asked.language),
        (article.c.host, asked.host),
        (article.c.outlet, asked.outlet),
        (article.c.story_id, asked.story_id),
    ):
        if value is not None:
            wanted.append(column == value)
    if asked.project is not None:
        wanted.append(project.c.public_id == asked.project)
    if asked.source is not None:
        told = (
            select(entry.c.article_id)
            .join(source, source.c.id == entry.c.source_id)
            .where(source.c.name == asked.source)
        )
        wanted.append(article.c.id.in_(told))
    if asked.since_at is not None:
        wanted.append(article.c.registered_at >= asked.since_at)
    if asked.until_at is not None:
        wanted.append(article.c.registered_at < asked.until_at)
    return wanted


def get_article(connection: Connection, article_id: int) -> StoredArticle | None:
    """One article with its text and the sources that told of it, in order; None where there is none of this id."""
    query = (
        select(*COLUMNS, article_text.c.text)
        .outerjoin(project, project.c.id == article.c.project_id)
        .outerjoin(article_text, article_text.c.article_id == article.c.id)
        .where(article.c.id == article_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    its = _ids_at(connection, row.canonical_url)
    origins = (
        select(source.c.name, entry.c.url, entry.c.title, entry.c.seen_at)
        .join(source, source.c.id == entry.c.source_id)
        .where(entry.c.article_id.in_(its))
        .order_by(entry.c.seen_at, entry.c.id)
    )
    entries = tuple(EntryOrigin(*origin) for origin in connection.execute(origins))
    beside = tuple(id_ for id_ in its if id_ != article_id)
    return stored(row, text=row.text, entries=entries, beside=beside)


def _ids_at(connection: Connection, canonical_url: str) -> list[int]:
    """The ids under which one article is stored: several where it tells of several projects, in their order."""
    whole = article_url(canonical_url)
    urls = [part_url(whole, number) for number in range(1, MOST_PROJECTS + 1)]
    found: dict[str, int] = dict(
        connection.execute(select(article.c.canonical_url, article.c.id).where(article.c.canonical_url.in_(urls))).all()
    )
    return [found[url] for url in urls if url in found]


def stored(
    row: Any, *, text: str | None = None, entries: tuple[EntryOrigin, ...] = (), beside: tuple[int, ...] = ()
) -> StoredArticle:
    """An article of a row that begins with `COLUMNS`."""
    return StoredArticle(
        id=row.id, url=row.url, canonical_url=row.canonical_url, host=row.host, title=row.title, language=row.language,
        outlet=row.outlet, published_at=row.published_at, registered_at=row.registered_at, read_from=row.read_from,
        read_note=row.read_note, verdict=unpack_verdict(row.verdict), outcome=row.outcome, reason=row.reason,
        copy_of_id=row.copy_of_id, story_id=row.story_id, project_id=row.public_id, text=text, entries=entries,
        beside=beside, published_precision=row.published_precision,
    )  # fmt: skip


def forget_texts(connection: Connection, before_at: datetime) -> int:
    """Removes the raw text of articles stored before a time; verdicts, claims and evidence stay. Gives how many.

    Articles stay findable by the words they had: the index holds no text that could be read back.
    """
    search.keep_words(connection, before_at)
    return connection.execute(delete(article_text).where(article_text.c.stored_at < before_at)).rowcount
