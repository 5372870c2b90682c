"""Full text over articles and projects, alike on SQLite (FTS5) and PostgreSQL, accents and case folded.

PostgreSQL keeps projects as tsvectors, and of articles which words they hold, packed (`search_packed`).

What is indexed and what is asked for pass through the same `fold`, so both databases find the same. A query is words
(all must occur), "exact phrases", `-words` that must not occur and `begin*` for beginnings; nothing in it can break the
statement.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Integer, TextualSelect, bindparam, column, text

# Of a text only so much is indexed: beyond, it is lists and comments, and PostgreSQL's tsvector ends at 1 MB.
INDEXED_CHARACTERS = 100_000

# PostgreSQL refuses words above 2,046 bytes; nothing that long is a word.
LONGEST_WORD = 100

# More words in a query say nothing more, and each costs a lookup.
MOST_TERMS = 32

# Chinese, Japanese, Thai, Lao, Khmer and Burmese write without spaces: each character is taken as a word, so that a
# phrase of them finds what contains it.
UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003134f])"
)
WORD = re.compile(r"[^\W_]+")
TERM = re.compile(r'(?P<no>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def fold(words: str) -> str:
    """The words as they are indexed and asked for: lower case, no accents, no punctuation, one space between."""
    if words.isascii():
        return " ".join(word[:LONGEST_WORD] for word in WORD.findall(words.lower()))
    # Twice: folding may make letters that come apart again, and letters that fold may appear only when parted.
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", words).casefold())
    bare = "".join(character for character in parted if not unicodedata.combining(character))
    spaced = UNSPACED.sub(r" \1 ", unicodedata.normalize("NFKC", bare))
    return " ".join(word[:LONGEST_WORD] for word in WORD.findall(spaced))


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query: words that follow each other; `is_wanted` False where they must not occur."""

    words: tuple[str, ...]
    is_beginning: bool = False
    is_wanted: bool = True


def read_query(query: str) -> list[Term]:
    """The terms of a query as people type it; empty where nothing searchable is in it."""
    terms = []
    for found in TERM.finditer(query):
        raw = found["phrase"] if found["phrase"] is not None else found["word"]
        words = tuple(fold(raw).split())
        if words:
            is_beginning = found["word"] is not None and raw.endswith("*")
            terms.append(Term(words, is_beginning=is_beginning, is_wanted=found["no"] is None))
    return terms[:MOST_TERMS]


def fts5_query(terms: Sequence[Term]) -> str | None:
    """The terms in FTS5's language; every word quoted. None where no term is wanted: FTS5 cannot answer only "not"."""

    def one(term: Term) -> str:
        return '"' + " ".join(term.words) + '"' + ("*" if term.is_beginning else "")

    wanted = [one(term) for term in terms if term.is_wanted]
    if not wanted:
        return None
    unwanted = "".join(f" NOT {one(term)}" for term in terms if not term.is_wanted)
    return "(" + " AND ".join(wanted) + ")" + unwanted


def tsquery(terms: Sequence[Term]) -> str | None:
    """The terms in the language of `to_tsquery`; words hold only letters and digits, so need no escape."""

    def one(term: Term) -> str:
        last = f"'{term.words[-1]}'" + (":*" if term.is_beginning else "")
        return "(" + " <-> ".join([*(f"'{word}'" for word in term.words[:-1]), last]) + ")"

    if not any(term.is_wanted for term in terms):
        return None
    return " & ".join(("" if term.is_wanted else "!") + one(term) for term in terms)


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
HOLDING = {
    "sqlite": "SELECT rowid AS id FROM project_search WHERE project_search MATCH :holding",
    "postgresql": "SELECT id FROM project_search WHERE words @@ to_tsquery('simple', :holding)",
}


@dataclass(frozen=True, slots=True)
class Searchable:
    """What one article or project is found by, unfolded."""

    id: int
    title: str
    words: str = ""


def index_articles(connection: Connection, articles: Sequence[Searchable], *, are_stored: bool = False) -> None:
    """Makes new articles findable. Each once only.

    `are_stored` says that they are given as they are stored: PostgreSQL then reads their words there, many at once.
    """
    if are_stored and articles and connection.dialect.name == "postgresql":
        from storage.search.packed import await_packing  # brings numpy, which SQLite needs not

        await_packing(connection, [article.id for article in articles])
    else:
        change(connection, INSERT, "article_search", articles)


def keep_words(connection: Connection, before_at: datetime) -> None:
    """Keeps what is found by texts stored before a time; called before these are removed."""
    if connection.dialect.name == "postgresql":
        from storage.search.packed import pack_older

        pack_older(connection, before_at)


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


def projects_with(connection: Connection, words: str) -> TextualSelect | None:
    """A SELECT of the ids of projects whose own words hold all of these; None where there is no word in them."""
    terms = read_query(words)
    asked = fts5_query(terms) if connection.dialect.name == "sqlite" else tsquery(terms)
    if asked is None:
        return None
    # unique, since one statement may ask for two names
    value: BindParameter[str] = bindparam("holding", asked, unique=True)
    return text(HOLDING[connection.dialect.name]).bindparams(value).columns(column("id", Integer))


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
    if not rows:
        return
    if connection.dialect.name == "postgresql" and table == "article_search":
        from storage.search.packed import pack_folded

        pack_folded(connection, rows)
    else:
        connection.execute(text(INSERT[connection.dialect.name].format(table=table)), list(rows))


def find(connection: Connection, table: str, query: str, limit: int) -> list[int]:
    terms = read_query(query)
    asked = fts5_query(terms) if connection.dialect.name == "sqlite" else tsquery(terms)
    if asked is None:
        return []
    if connection.dialect.name == "postgresql" and table == "article_search":
        from storage.search.packed import find_packed

        return find_packed(connection, terms, asked, limit)
    statement = text(FIND[connection.dialect.name].format(table=table))
    return list(connection.execute(statement, {"query": asked, "limit": limit}).scalars())
