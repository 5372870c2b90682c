"""Full text over articles on PostgreSQL: of each word the articles that hold it, packed, a thousand articles at once.

A word's places in a text (`tsvector`) took more room than the text, and an index (GIN) over the words of each article
nearly as much. Kept are packed postings (`postings`), in segments that are written once. What only places can tell
(phrases, and which article is best) is read from the texts of those that hold the words. Texts that retention has
removed cannot be asked for phrases any more: there all the words are enough.

The newest articles wait until there are enough for a segment, and are searched by their texts till then; only what is
indexed by other words than those stored is packed at once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from storage.database.statements import in_chunks
from storage.search.postings import Numbers, Postings, Row, gather, key_of, pack, range_of, unpack
from storage.search.query import INDEXED_CHARACTERS, Term, fold
from storage.tables.types import to_microseconds

__all__ = ["await_packing", "count_packed", "find_packed", "pack_folded", "pack_older", "pack_waiting"]

# Articles a segment: twice as many would save a tenth of its bytes, and twice the texts would be read by every query.
MOST_WAITING = 1_024
# Texts are some kB each, long ones a hundred.
TEXTS_AT_ONCE = 100
# Where only texts can tell, so many of the newest that hold the words are read.
MOST_READ = 2_000
# Words that no text holds, since `fold` leaves letters and digits only: every article has the first, those of which
# more than the title was known the second.
ANY, BODY = "\0any", "\0body"

# Whoever packs is alone; any number that nothing else uses ("tipwords").
PACKING_LOCK = 0x7469_7077_6F72_6473
WAIT = "INSERT INTO article_search (id) SELECT unnest(CAST(:ids AS BIGINT[]))"
COUNT_WAITING = "SELECT count(*) FROM article_search"
TRY_LOCK = "SELECT pg_try_advisory_xact_lock(:lock)"
LOCK = "SELECT pg_advisory_xact_lock(:lock)"
OLD_WAITING = (
    "SELECT 1 FROM article_search AS waiting JOIN article_text AS t ON t.article_id = waiting.id "
    "WHERE t.stored_at < :before LIMIT 1"
)
TAKE_WAITING = "DELETE FROM article_search RETURNING id"
WAITING = "SELECT id FROM article_search"
TEXTS = (
    "SELECT a.id, a.title, t.text FROM article AS a LEFT JOIN article_text AS t ON t.article_id = a.id "
    "WHERE a.id = ANY(CAST(:ids AS BIGINT[])) ORDER BY a.id"
)
NEW_SEGMENT = (
    "INSERT INTO article_search_segment (lowest, highest, articles) VALUES (:lowest, :highest, :articles) RETURNING id"
)
NEW_PART = (
    "INSERT INTO article_search_part (segment_id, first_key, packed, ends) VALUES (:segment, :first, :packed, :ends)"
)
COUNT_PACKED = (
    "SELECT (SELECT coalesce(sum(articles), 0) FROM article_search_segment) + (SELECT count(*) FROM article_search), "
    "greatest((SELECT max(highest) FROM article_search_segment), (SELECT max(id) FROM article_search), 0)"
)
# Of every segment the row that a key would stand in, and those up to the last key of a range.
PARTS = (
    "SELECT segment.lowest, part.first_key, part.packed, part.ends FROM article_search_segment AS segment "
    "CROSS JOIN LATERAL ((SELECT first_key, packed, ends FROM article_search_part "
    "WHERE segment_id = segment.id AND first_key <= :first ORDER BY first_key DESC LIMIT 1) "
    "UNION ALL SELECT first_key, packed, ends FROM article_search_part "
    "WHERE segment_id = segment.id AND first_key > :first AND first_key <= :last) AS part"
)
# The words of the title weigh as much as ten of the text, as on SQLite.
RANKED = (
    "SELECT id, vector @@ query AS is_held, ts_rank(vector, query) AS rank FROM ("
    "SELECT told.id, setweight(to_tsvector('simple', told.title), 'A') || to_tsvector('simple', told.words) AS vector "
    "FROM json_to_recordset(CAST(:told AS json)) AS told (id BIGINT, title TEXT, words TEXT)) AS vectors, "
    "to_tsquery('simple', :query) AS query"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """An article's title and words, folded; `words` is None where its text is not stored."""

    id: int
    title: str
    words: str | None

    def list_words(self) -> set[str]:
        """Every word it holds, once, and what else is asked of it."""
        words = set(self.title.split())
        known = len(words)
        words.update((self.words or "").split())
        return words | ({ANY, BODY} if len(words) > known else {ANY})


# --- putting in -----------------------------------------------------------------------------------


def await_packing(connection: Connection, ids: Collection[int]) -> None:
    """Makes articles findable by their titles and texts as they are stored."""
    connection.execute(text(WAIT), {"ids": sorted(ids)})
    if connection.execute(text(COUNT_WAITING)).scalar_one() >= MOST_WAITING:
        pack_waiting(connection)


def pack_waiting(connection: Connection, *, may_skip: bool = True) -> None:
    """Packs those that wait; `may_skip` where another is at it."""
    if may_skip and not connection.execute(text(TRY_LOCK), {"lock": PACKING_LOCK}).scalar_one():
        return
    connection.execute(text(LOCK), {"lock": PACKING_LOCK})
    if ids := connection.execute(text(TAKE_WAITING)).scalars().all():
        _pack(connection, _read_folded(connection, ids))


def pack_older(connection: Connection, before_at: datetime) -> None:
    """Packs those that wait, where the text of one was stored before a time."""
    if connection.execute(text(OLD_WAITING), {"before": to_microseconds(before_at)}).first():
        pack_waiting(connection, may_skip=False)


def pack_folded(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Makes articles findable by what is given: rows with `id`, and `title` and `words` folded."""
    _pack(
        connection, [Folded(row["id"], row["title"], row["words"]) for row in sorted(rows, key=lambda row: row["id"])]
    )


def _pack(connection: Connection, articles: Iterable[Folded]) -> None:
    """Packs articles, given by rising id, as one segment."""
    _store_segment(connection, gather((each.id, each.list_words()) for each in articles))


def _store_segment(connection: Connection, postings: Postings) -> None:
    ids = postings.of(key_of(ANY))
    if not len(ids):
        return
    lowest, highest = int(ids[0]), int(ids[-1])
    span = {"lowest": lowest, "highest": highest, "articles": len(ids)}
    segment = connection.execute(text(NEW_SEGMENT), span).scalar_one()
    rows = pack(postings, lowest)
    parts = [{"segment": segment, "first": row.first, "packed": row.packed, "ends": row.ends} for row in rows]
    connection.execute(text(NEW_PART), parts)


def count_packed(connection: Connection) -> tuple[int, int]:
    """How many articles can be found, and the highest id among them (0 where there is none)."""
    count, highest = connection.execute(text(COUNT_PACKED)).one()
    return int(count), int(highest)


def _read_folded(connection: Connection, ids: Collection[int]) -> Iterator[Folded]:
    """The articles of these ids, rising, as they are stored."""
    for chunk in in_chunks(sorted(ids), TEXTS_AT_ONCE):
        for id_, title, words in connection.execute(text(TEXTS), {"ids": chunk}):
            yield Folded(id_, fold(title), None if words is None else fold(words[:INDEXED_CHARACTERS]))


# --- finding --------------------------------------------------------------------------------------


class _Index:
    """What one query asks of the index; the articles that wait are read once, and for its words only."""

    def __init__(self, connection: Connection, terms: Sequence[Term]) -> None:
        self._connection = connection
        asked = {ANY, BODY, *(word for term in terms for word in term.words)}
        beginnings = {term.words[-1] for term in terms if term.is_beginning}
        self._waiting: dict[str, list[int]] = {word: [] for word in asked}
        self._begun: dict[str, list[int]] = {beginning: [] for beginning in beginnings}
        ids = connection.execute(text(WAITING)).scalars().all()
        for each in _read_folded(connection, ids):
            words = each.list_words()
            for word in asked & words:
                self._waiting[word].append(each.id)
            for beginning in beginnings:
                if any(word.startswith(beginning) for word in words):
                    self._begun[beginning].append(each.id)

    def holding(self, word: str) -> Numbers:
        """Ids of the articles that hold a word, rising."""
        key = key_of(word)
        packed = [part.of(key) for part in self._parts(key, key)]
        return np.union1d(_concatenate(packed), np.array(self._waiting[word], np.int64))

    def holding_beginning(self, beginning: str) -> Numbers:
        """Ids of the articles that hold a word that begins so, rising."""
        packed = [part.beginning(beginning) for part in self._parts(*range_of(beginning))]
        return np.union1d(_concatenate(packed), np.array(self._begun[beginning], np.int64))

    def _parts(self, first: int, last: int) -> Iterator[Postings]:
        """The rows of all segments in which words between two keys stand."""
        for lowest, *part in self._connection.execute(text(PARTS), {"first": first, "last": last}):
            yield unpack(Row(*part), lowest)


def _concatenate(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def find_packed(connection: Connection, terms: Sequence[Term], query: str, limit: int) -> list[int]:
    """Ids of the articles that hold these terms, the best first; `query` are the terms for `to_tsquery`."""
    index = _Index(connection, terms)
    held, needs_text = _ask(index, terms)
    found = [int(id_) for id_ in held[::-1][: MOST_READ if needs_text else limit]]
    if len(found) < 2 and not needs_text:
        return found
    return _rank(connection, index, found, query, needs_text=needs_text)[:limit]


def _ask(index: _Index, terms: Sequence[Term]) -> tuple[Numbers, bool]:
    """The articles that hold what is wanted and nothing that is not, and whether their texts must be asked too."""
    needs_text = False
    held: Numbers | None = None
    unwanted: list[Numbers] = []
    for term in terms:
        needs_text |= len(term.words) > 1
        if len(term.words) > 1 and not term.is_wanted:
            continue  # only the text tells whether they follow each other
        whole = term.words[:-1] if term.is_beginning else term.words
        asked = [index.holding(word) for word in whole]
        if term.is_beginning:
            asked.append(index.holding_beginning(term.words[-1]))
        for ids in asked:
            if not term.is_wanted:
                unwanted.append(ids)
            else:
                held = ids if held is None else np.intersect1d(held, ids, assume_unique=True)
    if held is None:
        held = index.holding(ANY)
    return np.setdiff1d(held, _concatenate(unwanted), assume_unique=False), needs_text


def _rank(connection: Connection, index: _Index, ids: Sequence[int], query: str, *, needs_text: bool) -> list[int]:
    articles = list(_read_folded(connection, ids))
    told = [{"id": each.id, "title": each.title, "words": each.words or ""} for each in articles]
    forgotten = {each.id for each in articles if each.words is None}
    if needs_text and forgotten:
        forgotten &= set(index.holding(BODY).tolist())
    ranked = connection.execute(text(RANKED), {"told": json.dumps(told), "query": query})
    ranks = {id_: rank for id_, is_held, rank in ranked if is_held or not needs_text or id_ in forgotten}
    return sorted(ranks, key=lambda id_: (-ranks[id_], -id_))
