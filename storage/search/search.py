"""Full text over articles and projects, alike on SQLite (FTS5) and PostgreSQL, accents and case folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from storage.search.query import INDEXED_CHARACTERS, fold, fts5_query, read_query, tsquery

# Words of the title weigh as much as ten of the text, in both: what an article is called is what it is about.
INSERT = {
    "sqlite": "INSERT INTO {table} (rowid, title, words) VALUES (:id, :title, :words)",
    "postgresql": (
        "INSERT INTO {table} (id, words) VALUES (:id, setweight(to_tsvector('simple', :title), 'A') || "
        "to_tsvector('simple', :words))"
    ),
}
DELETE = {
    "sqlite": "INSERT INTO {table} ({table}, rowid, title, words) VALUES ('delete', :id, :title, :words)",
    "postgresql": "DELETE FROM {table} WHERE id = :id",
}
FIND = {
    "sqlite": (
        "SELECT rowid FROM {table} WHERE {table} MATCH :query "
        "ORDER BY bm25({table}, 10.0, 1.0), rowid DESC LIMIT :limit"
    ),
    "postgresql": (
        "SELECT id FROM {table}, to_tsquery('simple', :query) AS query WHERE words @@ query "
        "ORDER BY ts_rank(words, query) DESC, id DESC LIMIT :limit"
    ),
}


@dataclass(frozen=True, slots=True)
class Searchable:
    """What one article or project is found by, unfolded."""

    id: int
    title: str
    words: str = ""


def index_articles(connection: Connection, articles: Iterable[Searchable]) -> None:
    """Makes new articles findable. Each once only. They stay so when retention removes their texts."""
    change(connection, INSERT, "article_search", articles)


def index_projects(connection: Connection, projects: Iterable[Searchable]) -> None:
    """Makes new projects findable by their own words (name, organisations); their articles are found apart."""
    change(connection, INSERT, "project_search", projects)


def unindex_projects(connection: Connection, projects: Iterable[Searchable]) -> None:
    """Makes projects unfindable; they must be given exactly as they were indexed."""
    change(connection, DELETE, "project_search", projects)


def find_articles(connection: Connection, query: str, *, limit: int = 1000) -> list[int]:
    """Ids of the articles that the query finds, the best first; empty where it holds no word to look for."""
    return find(connection, "article_search", query, limit)


def find_projects(connection: Connection, query: str, *, limit: int = 1000) -> list[int]:
    """Ids of the projects whose own words the query finds, the best first."""
    return find(connection, "project_search", query, limit)


def change(connection: Connection, statement: dict[str, str], table: str, things: Iterable[Searchable]) -> None:
    rows = [
        {"id": thing.id, "title": fold(thing.title), "words": fold(thing.words[:INDEXED_CHARACTERS])}
        for thing in things
    ]
    if statement is INSERT:
        insert_folded(connection, table, rows)
    elif rows:
        connection.execute(text(statement[connection.dialect.name].format(table=table)), rows)


def insert_folded(connection: Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Makes things findable whose `title` and `words` are folded already."""
    if rows:
        connection.execute(text(INSERT[connection.dialect.name].format(table=table)), list(rows))


def find(connection: Connection, table: str, query: str, limit: int) -> list[int]:
    terms = read_query(query)
    asked = fts5_query(terms) if connection.dialect.name == "sqlite" else tsquery(terms)
    if asked is None:
        return []
    statement = text(FIND[connection.dialect.name].format(table=table))
    return list(connection.execute(statement, {"query": asked, "limit": limit}).scalars())
