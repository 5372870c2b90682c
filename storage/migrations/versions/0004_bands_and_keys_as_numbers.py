"""Bands stand in the signature's row and match keys are numbers: PostgreSQL kept each in a row and an index of its own.

Both databases change alike. What an article was found by stays: bands are made of its signature again, keys are hashed.
Of the 32 numbers of a signature the lower halves are kept, which tell as well which of them two texts share.
"""

from __future__ import annotations

import zlib

import numpy as np
from alembic import op
from sqlalchemy import Connection, text

revision = "0004"
down_revision = "0003"

# As `schema.py` had it then; a migration does not change with it.
BANDS = tuple(f"band_{number}" for number in range(8))
TYPES = {
    "sqlite": {"wide": "INTEGER", "bytes": "BLOB", "strict": " STRICT", "no_rowid": " WITHOUT ROWID, STRICT"},
    "postgresql": {"wide": "BIGINT", "bytes": "BYTEA", "strict": "", "no_rowid": ""},
}
SIGNATURE = (
    "CREATE TABLE signature (article_id {wide} NOT NULL, "
    + "".join(f"{name} INTEGER, " for name in BANDS)
    + "minhash {bytes} NOT NULL, details TEXT NOT NULL, claims TEXT, "
    "CONSTRAINT pk_signature PRIMARY KEY (article_id), "
    "CONSTRAINT fk_signature_article_id FOREIGN KEY(article_id) REFERENCES article (id)){strict}"
)
MATCH_KEY = (
    'CREATE TABLE match_key ("key" INTEGER NOT NULL, owner INTEGER NOT NULL, '
    'CONSTRAINT pk_match_key PRIMARY KEY ("key", owner)){no_rowid}'
)
# On PostgreSQL a key's index keeps its name, and would stand in the way.
SET_ASIDE = {
    "sqlite": ("DROP INDEX ix_match_key_owner",),
    "postgresql": (
        "DROP INDEX ix_match_key_owner",
        "ALTER TABLE signature_before RENAME CONSTRAINT pk_signature TO pk_signature_before",
        "ALTER TABLE match_key_before RENAME CONSTRAINT pk_match_key TO pk_match_key_before",
    ),
}
INDEXES = (
    *(f"CREATE INDEX ix_signature_{name} ON signature ({name})" for name in BANDS),
    "CREATE INDEX ix_match_key_owner ON match_key (owner)",
)
# No condition asks for these, so nothing need be known of their values: what PostgreSQL gathers was up to 100 kB each.
UNCOUNTED = {
    "article": ("verdict", "reason"),
    "project": ("facts", "sentence"),
    "signature": ("minhash", "details", "claims"),
    "claim": ("details", "evidence", "shown"),
}
READ_SIGNATURES = (
    "SELECT article_id, minhash FROM signature_before WHERE article_id > :last ORDER BY article_id LIMIT :most"
)
STORE_SIGNATURE = (
    f"INSERT INTO signature (article_id, minhash, details, claims, {', '.join(BANDS)}) "  # noqa: S608 (our names)
    f"SELECT article_id, :minhash, details, claims, {', '.join(f'CAST(:{name} AS INTEGER)' for name in BANDS)} "
    "FROM signature_before WHERE article_id = :id"
)
READ_KEYS = (
    'SELECT owner, "key", owner_id FROM match_key_before WHERE (owner, "key", owner_id) > (:owner, :key, :id) '
    'ORDER BY owner, "key", owner_id LIMIT :most'
)
STORE_KEY = 'INSERT INTO match_key ("key", owner) VALUES (:key, :owner) ON CONFLICT DO NOTHING'
CHUNK_ROWS = 5_000


def upgrade() -> None:
    """Carries signatures and keys over into tables of the new form."""
    connection = op.get_bind()
    types = TYPES[connection.dialect.name]
    for name in ("signature", "match_key"):
        connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {name}_before")
    for statement in (*SET_ASIDE[connection.dialect.name], SIGNATURE.format(**types), MATCH_KEY.format(**types)):
        connection.exec_driver_sql(statement)
    _carry_signatures(connection)
    _carry_keys(connection)
    for gone in ("signature_before", "match_key_before", "near_copy_band"):
        connection.exec_driver_sql(f"DROP TABLE {gone}")
    for statement in INDEXES:
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql":
        for name, columns in UNCOUNTED.items():
            uncounted = ", ".join(f"ALTER {column} SET STATISTICS 0" for column in columns)
            connection.exec_driver_sql(f"ALTER TABLE {name} {uncounted}")


def _carry_signatures(connection: Connection) -> None:
    last = 0
    while rows := connection.execute(text(READ_SIGNATURES), {"last": last, "most": CHUNK_ROWS}).all():
        connection.execute(text(STORE_SIGNATURE), [_halve(id_, bytes(stored)) for id_, stored in rows])
        last = rows[-1][0]


def _halve(id_: int, stored: bytes) -> dict[str, object]:
    minhash = np.frombuffer(stored, np.uint32).astype(np.uint16).tobytes()
    width = len(minhash) // len(BANDS)
    parts = (minhash[number * width : (number + 1) * width] for number in range(len(BANDS)))
    bands = {name: zlib.crc32(part) - 2**31 if part else None for name, part in zip(BANDS, parts, strict=True)}
    return {"id": id_, "minhash": minhash, **bands}


def _carry_keys(connection: Connection) -> None:
    last: tuple[int, str, int] = (-1, "", 0)
    while True:
        given = {"owner": last[0], "key": last[1], "id": last[2], "most": CHUNK_ROWS}
        rows = connection.execute(text(READ_KEYS), given).all()
        if not rows:
            return
        # projects count from 0, stories from the lowest number
        kept = [{"key": zlib.crc32(k.encode()) - 2**31, "owner": id_ - owner * 2**31} for owner, k, id_ in rows]
        connection.execute(text(STORE_KEY), kept)
        owner, key, id_ = rows[-1]
        last = (owner, key, id_)
