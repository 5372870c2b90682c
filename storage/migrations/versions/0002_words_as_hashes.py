"""PostgreSQL keeps of an article's words their hashes and no longer their places: half of the database was these.

SQLite's index was without content from the beginning; nothing changes there.
"""

from __future__ import annotations

import zlib

from alembic import op
from sqlalchemy import Connection, text

revision = "0002"
down_revision = "0001"

# As `schema.py` had it then; a migration does not change with it.
MADE = (
    "CREATE TABLE article_search_hashed (id BIGINT CONSTRAINT pk_article_search_hashed PRIMARY KEY, "
    "words INTEGER[] NOT NULL)",
    'CREATE TABLE article_search_word (word TEXT COLLATE "C" CONSTRAINT pk_article_search_word PRIMARY KEY)',
)
READ = "SELECT id, tsvector_to_array(words) FROM article_search WHERE id > :last ORDER BY id LIMIT :most"
HASHED = "INSERT INTO article_search_hashed (id, words) VALUES (:id, CAST(:words AS INTEGER[]))"
WORDS = "INSERT INTO article_search_word (word) SELECT unnest(CAST(:words AS TEXT[])) ON CONFLICT DO NOTHING"
TAKEN_OVER = (
    "DROP TABLE article_search",
    "ALTER TABLE article_search_hashed RENAME TO article_search",
    "ALTER TABLE article_search RENAME CONSTRAINT pk_article_search_hashed TO pk_article_search",
    "ALTER TABLE article_search ADD CONSTRAINT fk_article_search_id FOREIGN KEY (id) REFERENCES article (id)",
    "CREATE INDEX ix_article_search_words ON article_search USING gin (words) WITH (gin_pending_list_limit = 1024)",
)
CHUNK_ROWS = 1_000


def upgrade() -> None:
    """Reads every article's words from the old table, hashed into the new one."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    for statement in MADE:
        connection.exec_driver_sql(statement)
    last = 0
    while (reached := _carry_over(connection, last)) is not None:
        last = reached
    for statement in TAKEN_OVER:
        connection.exec_driver_sql(statement)


def hash_words(folded: str) -> list[int]:
    """The words of a folded text as signed 32-bit numbers, each once, rising."""
    return sorted({zlib.crc32(word.encode()) - 2**31 for word in folded.split()})


def _carry_over(connection: Connection, last: int) -> int | None:
    """Carries the next articles over; gives the id reached, None where none was left."""
    rows = connection.execute(text(READ), {"last": last, "most": CHUNK_ROWS}).all()
    if not rows:
        return None
    hashed = [{"id": id_, "words": hash_words(" ".join(words))} for id_, words in rows]
    connection.execute(text(HASHED), hashed)
    connection.execute(text(WORDS), {"words": sorted({word for _, words in rows for word in words})})
    return int(rows[-1][0])
