"""Full text over articles and projects, alike on SQLite (FTS5) and PostgreSQL, accents and case folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, text

from storage.search.query import INDEXED_CHARACTERS, fold, fts5_query, read_query, tsquery

MOST_FOUND = 1000  # from which other filters may take away; no list shows as many

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


Index = Literal["article_search", "project_search"]
"""The full-text tables: articles, and projects by their own words (name, organisations)."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """What one article or project is found by, unfolded."""

    id: int
    title: str
    words: str = ""

    def fold(self) -> dict[str, Any]:
        """The same as it is indexed."""
        return {"id": self.id, "title": fold(self.title), "words": fold(self.words[:INDEXED_CHARACTERS])}


def index(connection: Connection, table: Index, things: Iterable[Searchable]) -> None:
    """Makes new articles or projects findable. Each once only. Articles stay so when retention removes their texts."""
    insert_folded(connection, table, [thing.fold() for thing in things])


def insert_folded(connection: Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Makes things findable whose `title` and `words` are folded already."""
    if rows:
        connection.execute(text(INSERT[connection.dialect.name].format(table=table)), list(rows))


def unindex_projects(connection: Connection, projects: Iterable[Searchable]) -> None:
    """Makes projects unfindable; they must be given exactly as they were indexed."""
    if rows := [project.fold() for project in projects]:
        connection.execute(text(DELETE[connection.dialect.name].format(table="project_search")), rows)


def find(connection: Connection, table: Index, query: str) -> list[int]:
    """Ids of the articles, or projects, that the query finds, the best first; empty where it holds no word to look
    for."""
    terms = read_query(query)
    asked = fts5_query(terms) if connection.dialect.name == "sqlite" else tsquery(terms)
    if asked is None:
        return []
    statement = text(FIND[connection.dialect.name].format(table=table))
    return list(connection.execute(statement, {"query": asked, "limit": MOST_FOUND}).scalars())
