"""PostgreSQL keeps the words of a thousand articles at once, packed: two fifths of the database was hashes of them.

SQLite's index is its own; nothing changes there.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from alembic import op
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from storage.search.postings import gather, pack
from storage.search.search import fold

revision = "0003"
down_revision = "0002"

# As `schema.py` had it then; a migration does not change with it.
MADE = (
    "ALTER TABLE article_search RENAME TO article_search_hashed",
    "ALTER TABLE article_search_hashed DROP CONSTRAINT fk_article_search_id",
    "ALTER TABLE article_search_hashed RENAME CONSTRAINT pk_article_search TO pk_article_search_hashed",
    "CREATE TABLE article_search (id BIGINT NOT NULL CONSTRAINT fk_article_search_id REFERENCES article (id))",
    "CREATE TABLE article_search_segment (id BIGINT GENERATED ALWAYS AS IDENTITY "
    "CONSTRAINT pk_article_search_segment PRIMARY KEY, lowest BIGINT NOT NULL, highest BIGINT NOT NULL, "
    "articles INTEGER NOT NULL)",
    "CREATE TABLE article_search_part (segment_id BIGINT CONSTRAINT fk_article_search_part_segment_id "
    "REFERENCES article_search_segment (id), first_key BIGINT, packed BYTEA NOT NULL, ends BYTEA NOT NULL, "
    "CONSTRAINT pk_article_search_part PRIMARY KEY (segment_id, first_key))",
    "ALTER TABLE article_search_part ALTER packed SET STORAGE EXTERNAL, ALTER ends SET STORAGE EXTERNAL, "
    "ALTER packed SET STATISTICS 0, ALTER ends SET STATISTICS 0",
    "ALTER INDEX ix_project_search_words SET (gin_pending_list_limit = 64)",
)
WORDS = "SELECT word FROM article_search_word WHERE word > :last ORDER BY word LIMIT :most"
READ = (
    "SELECT s.id, s.words, a.title FROM article_search_hashed AS s JOIN article AS a ON a.id = s.id "
    "WHERE s.id > :last ORDER BY s.id LIMIT :most"
)
SEGMENT = (
    "INSERT INTO article_search_segment (lowest, highest, articles) VALUES (:lowest, :highest, :articles) RETURNING id"
)
PART = "INSERT INTO article_search_part (segment_id, first_key, packed, ends) VALUES (:segment, :first, :packed, :ends)"
SEGMENT_ARTICLES = 1_024
CHUNK_WORDS = 10_000
ANY, BODY = "\0any", "\0body"


def upgrade() -> None:
    """Finds by its hash which word it was, and packs the articles by their words."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    for statement in MADE:
        connection.exec_driver_sql(statement)
    hashes, words = _read_words(connection)
    last = 0
    while rows := connection.execute(text(READ), {"last": last, "most": SEGMENT_ARTICLES}).all():
        _store(connection, rows, hashes, words)
        last = rows[-1].id
    for gone in ("article_search_hashed", "article_search_word"):
        connection.exec_driver_sql(f"DROP TABLE {gone}")


def hash_word(word: str) -> int:
    return zlib.crc32(word.encode()) - 2**31


def _read_words(connection: Connection) -> tuple[NDArray[np.int64], list[str]]:
    """All words by their hashes, rising; those of words that share one are there twice."""
    words: list[str] = []
    while (
        chunk := connection.execute(text(WORDS), {"last": words[-1] if words else "", "most": CHUNK_WORDS})
        .scalars()
        .all()
    ):
        words += chunk
    hashes = np.fromiter(map(hash_word, words), np.int64, len(words))
    order = np.argsort(hashes, kind="stable")
    return hashes[order], [words[at] for at in order]


def _store(connection: Connection, rows: Any, hashes: NDArray[np.int64], words: list[str]) -> None:
    lowest, highest = rows[0].id, rows[-1].id
    postings = gather((id_, _list_words(held, title, hashes, words)) for id_, held, title in rows)
    span = {"lowest": lowest, "highest": highest, "articles": len(rows)}
    segment = connection.execute(text(SEGMENT), span).scalar_one()
    parts = [
        {"segment": segment, "first": row.first, "packed": row.packed, "ends": row.ends}
        for row in pack(postings, lowest)
    ]
    connection.execute(text(PART), parts)


def _list_words(held: list[int], title: str, hashes: NDArray[np.int64], words: list[str]) -> set[str]:
    first, until = (np.searchsorted(hashes, held, side=side) for side in ("left", "right"))
    found = {word for at, end in zip(first, until, strict=True) for word in words[at:end]}
    is_more = not {hash_word(word) for word in fold(title).split()}.issuperset(held)
    return found | ({ANY, BODY} if is_more else {ANY})
