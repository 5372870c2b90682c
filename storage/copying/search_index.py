"""The full-text index, carried over from SQLite to PostgreSQL.

Titles and texts that are stored are indexed again. Of texts that retention has removed, and of projects, the index
itself still knows every word with its place: they are read from there (`fts5vocab`) and put together again, so that
what could be found stays so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from storage.database.engine import Database
from storage.search.query import INDEXED_CHARACTERS, fold
from storage.search.search import insert_folded

# Texts are some kB each; more in one transaction gain nothing.
CHUNK_ROWS = 500

# Every word of documents whose text is nowhere else: of projects all, of articles those of texts that are gone.
PIECES = {
    "project_search": "SELECT doc, col, offset, term FROM temp.seen",
    "article_search": (
        "SELECT doc, col, offset, term FROM temp.seen "
        "WHERE col = 'words' AND doc NOT IN (SELECT article_id FROM article_text)"
    ),
}
DOCUMENTS = {
    "project_search": "SELECT id, '', '' FROM project_search_docsize WHERE id > ? ORDER BY id LIMIT ?",
    "article_search": (
        "SELECT d.id, a.title, coalesce(t.text, '') FROM article_search_docsize AS d "
        "JOIN article AS a ON a.id = d.id LEFT JOIN article_text AS t ON t.article_id = d.id "
        "WHERE d.id > ? ORDER BY d.id LIMIT ?"
    ),
}


def copy_search(source: Database, target: Database, name: str, tell: Callable[[int], None]) -> None:
    """Makes in `target` findable what `source` finds by the index `name`; goes on after what is there already."""
    with target.reading() as connection:
        count, last = _reached(connection, name)
    with source.raw() as raw:
        _take_apart(raw, name)
        while rows := list(_documents(raw, name, last)):
            target.write_now(insert_folded, name, rows)
            last, count = rows[-1]["id"], count + len(rows)
            tell(count)
        raw.execute("DROP TABLE temp.piece")


def count_search(database: Database, name: str) -> int:
    """Documents in the index."""
    with database.reading() as connection:
        return _reached(connection, name)[0]


def _reached(connection: Connection, name: str) -> tuple[int, int]:
    """How many documents are in the index, and the highest of their ids."""
    counted = f"{name}_docsize" if connection.dialect.name == "sqlite" else name
    count, last = connection.execute(text(f"SELECT count(*), coalesce(max(id), 0) FROM {counted}")).one()  # noqa: S608 (our names)
    return int(count), int(last)


def _take_apart(raw: sqlite3.Connection, name: str) -> None:
    """Sorts the words that only the index knows by document; the index has them by word."""
    raw.execute("DROP TABLE IF EXISTS temp.piece")
    raw.execute(
        "CREATE TABLE temp.piece (doc INTEGER, col TEXT, offset INTEGER, term TEXT, "
        "PRIMARY KEY (doc, col, offset)) WITHOUT ROWID"
    )
    raw.execute(f"CREATE VIRTUAL TABLE temp.seen USING fts5vocab('main', '{name}', 'instance')")
    raw.execute(f"INSERT INTO temp.piece {PIECES[name]}")
    raw.execute("DROP TABLE temp.seen")


def _documents(raw: sqlite3.Connection, name: str, after: int) -> Iterator[dict[str, Any]]:
    documents = raw.execute(DOCUMENTS[name], (after, CHUNK_ROWS)).fetchall()
    if not documents:
        return
    asked = "SELECT doc, col, term FROM temp.piece WHERE doc BETWEEN ? AND ? ORDER BY doc, col, offset"
    pieces = raw.execute(asked, (documents[0][0], documents[-1][0]))
    known = {key: " ".join(row[2] for row in rows) for key, rows in groupby(pieces, key=lambda row: row[:2])}
    for id_, title, words in documents:
        yield {
            "id": id_,
            "title": known.get((id_, "title")) or fold(title),
            "words": known.get((id_, "words")) or fold(words[:INDEXED_CHARACTERS]),
        }
