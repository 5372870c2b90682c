"""The full-text tables, which SQLAlchemy's metadata cannot describe for both databases.

The words go in folded (see `storage.search`), so no content is kept a second time: SQLite's index is contentless.
"""

from __future__ import annotations

# By table: kB of new words that wait in a list, which every query reads through, before PostgreSQL sorts them into the
# index. Articles come a hundred at a time; of projects the least that PostgreSQL allows.
PENDING_KB = {"article_search": 1024, "project_search": 64}
SEARCH_TABLES = tuple(PENDING_KB)


def search_ddl(dialect: str) -> list[str]:
    """The statements that make the full-text tables."""
    if dialect == "sqlite":
        options = "title, words, content='', tokenize=\"unicode61 remove_diacritics 2\""
        return [f"CREATE VIRTUAL TABLE {name} USING fts5({options})" for name in SEARCH_TABLES]
    statements = []
    for name, pending in PENDING_KB.items():
        statements += [
            f"CREATE TABLE {name} (id BIGINT CONSTRAINT pk_{name} PRIMARY KEY "
            f"CONSTRAINT fk_{name}_id REFERENCES {name.removesuffix('_search')} (id), words TSVECTOR NOT NULL)",
            f"CREATE INDEX ix_{name}_words ON {name} USING gin (words) WITH (gin_pending_list_limit = {pending})",
        ]
    return statements


def is_described(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Whether the metadata describes a thing, as Alembic asks: all but the full-text tables and those that FTS5 keeps
    behind them."""
    return kind != "table" or name is None or not name.startswith(SEARCH_TABLES)
