"""The questions people ask of articles: lists by what is known of them, and one with its text and origins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, literal_column, select

from classifier.document import MOST_PROJECTS, Band, Verdict
from storage.articles.labels import PersonsLabel, read_labels
from storage.articles.pages import known_articles
from storage.articles.parts import article_url, part_url
from storage.articles.verdicts import unpack_verdict
from storage.database.statements import one_of, read_record
from storage.dates import DatePrecision
from storage.records import ReadFrom, RegistrationOutcome
from storage.search import search
from storage.tables.schema import article, article_text, entry, project, source


@dataclass(frozen=True, slots=True)
class EntryOrigin:
    """A source that reported an article: which, by what link, under what title, and when it was first seen there."""

    source_name: str
    url: str
    title: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as stored. `text` is None in lists, where it was ruled out, and where retention has removed it.

    An article that reports several projects is stored once for each; `beside` are the ids of the others. `verdict` is
    the classifier's; what the article counts as (`is_relevant`, `is_new_project` and their bands) follows people's
    labels. `labels` are those that hold.
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
    is_relevant: bool
    relevance_band: Band
    is_new_project: bool
    new_project_band: Band
    outcome: RegistrationOutcome
    reason: str | None
    copy_of_id: int | None
    story_id: int | None
    project_id: str | None
    text: str | None = None
    entries: tuple[EntryOrigin, ...] = ()
    beside: tuple[int, ...] = ()
    published_precision: DatePrecision = "day"
    labels: tuple[PersonsLabel, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to list; every part that is given must hold.

    `band` asks for articles whose relevance or newness is in it. `text` is a query as in `storage.search.search`.
    `since_at` is of registration; `source` is a source's name.
    """

    is_relevant: bool | None = None
    is_new_project: bool | None = None
    band: Band | None = None
    topic: str | None = None
    language: str | None = None
    host: str | None = None
    source: str | None = None
    text: str | None = None
    since_at: datetime | None = None


COLUMNS = (
    *(article.c[name] for name in StoredArticle.__dataclass_fields__ if name in article.c and name != "project_id"),
    project.c.public_id.label("project_id"),
)


def list_articles(
    connection: Connection, asked: ArticleFilter = ArticleFilter(), *, limit: int = 50, offset: int = 0
) -> list[StoredArticle]:
    """The articles that match, without text and entries; the newest first, or the best where words are looked for."""
    query = select(*COLUMNS).outerjoin(project, project.c.id == article.c.project_id).where(*conditions(asked))
    if asked.text is None:
        newest_first = query.order_by(article.c.registered_at.desc(), article.c.id.desc()).limit(limit).offset(offset)
        return _listed(connection, connection.execute(newest_first).all())
    ranked = search.find(connection, "article_search", asked.text)
    by_id = {row.id: row for row in connection.execute(query.where(one_of(article.c.id, ranked)))}
    page = [id_ for id_ in ranked if id_ in by_id][offset : offset + limit]
    return _listed(connection, [by_id[id_] for id_ in page])


def _listed(connection: Connection, rows: Sequence[Row[Any]]) -> list[StoredArticle]:
    labels = read_labels(connection, [row.id for row in rows])
    return [stored(row, labels=labels.get(row.id, ())) for row in rows]


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
    ):
        if value is not None:
            wanted.append(column == value)
    if asked.source is not None:
        told = (
            select(entry.c.article_id)
            .join(source, source.c.id == entry.c.source_id)
            .where(source.c.name == asked.source)
        )
        wanted.append(article.c.id.in_(told))
    if asked.since_at is not None:
        wanted.append(article.c.registered_at >= asked.since_at)
    return wanted


def get_article(connection: Connection, article_id: int) -> StoredArticle | None:
    """One article with its text and the sources that reported it, in order; None where there is none of this id."""
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
        .where(one_of(entry.c.article_id, its))
        .order_by(entry.c.seen_at, entry.c.id)
    )
    entries = tuple(EntryOrigin(*origin) for origin in connection.execute(origins))
    beside = tuple(id_ for id_ in its if id_ != article_id)
    labels = read_labels(connection, [article_id]).get(article_id, ())
    return stored(row, text=row.text, entries=entries, beside=beside, labels=labels)


def _ids_at(connection: Connection, canonical_url: str) -> list[int]:
    """The ids under which one article is stored: several where it reports several projects, in their order."""
    whole = article_url(canonical_url)
    urls = [part_url(whole, number) for number in range(1, MOST_PROJECTS + 1)]
    found = known_articles(connection, urls)
    return [found[url] for url in urls if url in found]


def stored(
    row: Any,
    *,
    text: str | None = None,
    entries: tuple[EntryOrigin, ...] = (),
    beside: tuple[int, ...] = (),
    labels: tuple[PersonsLabel, ...] = (),
) -> StoredArticle:
    """An article of a row that begins with `COLUMNS`."""
    verdict = unpack_verdict(row.verdict)
    return read_record(StoredArticle, row, verdict=verdict, text=text, entries=entries, beside=beside, labels=labels)
