"""Full text over articles on PostgreSQL: which words an article holds, each as a number, under one index.

A text's words with their places (`tsvector`) took more room than the text. Kept are the hashes of its words, once each,
and apart from them every word that any article holds, for queries by beginnings. What only places can tell (phrases,
and which article is best) is read from the texts of those that hold the words. Texts that retention has removed cannot
be asked for phrases any more: there all the words are enough.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from storage.search import Term

__all__ = ["find_hashed", "hash_words", "insert_hashed"]

# Of a beginning so many words are looked for; more of them say nothing, and are then asked of the texts.
MOST_FORMS = 2_000
# Where only texts can tell, so many of the newest that hold the words are read.
MOST_READ = 2_000

INSERTED = "INSERT INTO article_search (id, words) VALUES (:id, CAST(:words AS INTEGER[]))"
NEW_WORDS = "INSERT INTO article_search_word (word) SELECT unnest(CAST(:words AS TEXT[])) ON CONFLICT DO NOTHING"
FORMS = "SELECT word FROM article_search_word WHERE word >= :begin AND word < :end LIMIT :most"
TOLD = (
    "SELECT s.id, cardinality(s.words), a.title, t.text FROM article_search AS s JOIN article AS a ON a.id = s.id "
    "LEFT JOIN article_text AS t ON t.article_id = s.id WHERE s.id = ANY(CAST(:ids AS BIGINT[]))"
)
# The words of the title weigh as much as ten of the text, as on SQLite.
RANKED = (
    "SELECT id, vector @@ query AS is_held, ts_rank(vector, query) AS rank FROM ("
    "SELECT told.id, setweight(to_tsvector('simple', told.title), 'A') || to_tsvector('simple', told.words) AS vector "
    "FROM json_to_recordset(CAST(:told AS json)) AS told (id BIGINT, title TEXT, words TEXT)) AS vectors, "
    "to_tsquery('simple', :query) AS query"
)


def hash_words(folded: str) -> list[int]:
    """The words of a folded text as signed 32-bit numbers, each once, rising; one in four thousand million is
    another's."""
    return sorted({hash_word(word) for word in folded.split()})


def hash_word(word: str) -> int:
    return zlib.crc32(word.encode()) - 2**31


def insert_hashed(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Makes articles findable; rows hold `id`, and `title` and `words` folded."""
    hashed = [{"id": row["id"], "words": hash_words(f"{row['title']} {row['words']}")} for row in rows]
    connection.execute(text(INSERTED), hashed)
    # in one order, so that two writers with new words in common do not wait for each other
    words = sorted({word for row in rows for word in (*row["title"].split(), *row["words"].split())})
    connection.execute(text(NEW_WORDS), {"words": words})


def find_hashed(connection: Connection, terms: Sequence[Term], query: str, limit: int) -> list[int]:
    """Ids of the articles that hold these terms, the best first; `query` are the terms for `to_tsquery`."""
    held, given, needs_text = _conditions(connection, terms)
    if not held:
        return []
    asked = f"SELECT id FROM article_search WHERE {' AND '.join(held)} ORDER BY id DESC LIMIT :most"  # noqa: S608 (our own)
    most = MOST_READ if needs_text else limit
    found = list(connection.execute(text(asked), {**given, "most": most}).scalars())
    if len(found) < 2 and not needs_text:
        return found
    return _rank(connection, found, query, needs_text=needs_text)[:limit]


def _conditions(connection: Connection, terms: Sequence[Term]) -> tuple[list[str], dict[str, Any], bool]:
    """What an article's hashes must hold, in SQL, and whether its text must be asked too."""
    held: list[str] = []
    given: dict[str, Any] = {}
    needs_text = False
    wanted: set[str] = set()
    for number, term in enumerate(terms):
        whole = term.words[:-1] if term.is_beginning else term.words
        if term.is_wanted:
            wanted.update(whole)
        if len(term.words) > 1:
            needs_text = True
            if not term.is_wanted:
                continue  # only the text tells whether they follow each other
        elif not term.is_wanted and not term.is_beginning:
            given[f"no{number}"] = [hash_word(term.words[0])]
            held.append(f"NOT words @> CAST(:no{number} AS INTEGER[])")
        if term.is_beginning:
            forms = _list_forms(connection, term.words[-1])
            if len(forms) > MOST_FORMS:
                needs_text = True
                continue
            given[f"any{number}"] = [hash_word(form) for form in forms]
            held.append(f"{'' if term.is_wanted else 'NOT '}words && CAST(:any{number} AS INTEGER[])")
    if wanted:
        given["all"] = sorted(map(hash_word, wanted))
        held.append("words @> CAST(:all AS INTEGER[])")
    return held or ["true"], given, needs_text


def _list_forms(connection: Connection, beginning: str) -> list[str]:
    given = {"begin": beginning, "end": beginning + "\U0010ffff", "most": MOST_FORMS + 1}
    return list(connection.execute(text(FORMS), given).scalars())


def _rank(connection: Connection, ids: Sequence[int], query: str, *, needs_text: bool) -> list[int]:
    from storage.search import INDEXED_CHARACTERS, fold

    told: list[dict[str, Any]] = []
    forgotten: set[int] = set()
    for id_, count, raw_title, words in connection.execute(text(TOLD), {"ids": list(ids)}):
        title = fold(raw_title)
        told.append({"id": id_, "title": title, "words": fold((words or "")[:INDEXED_CHARACTERS])})
        if words is None and count > len(set(title.split())):  # more was known than the title
            forgotten.add(id_)
    ranked = connection.execute(text(RANKED), {"told": json.dumps(told), "query": query})
    ranks = {id_: rank for id_, is_held, rank in ranked if is_held or not needs_text or id_ in forgotten}
    return sorted(ranks, key=lambda id_: (-ranks[id_], -id_))
