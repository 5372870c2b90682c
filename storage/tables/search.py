"""The full-text tables, which SQLAlchemy's metadata cannot describe for both databases.

The words go in folded (see `storage.search`), so no content is kept a second time: SQLite's index is contentless.
"""

from __future__ import annotations

SEARCH_TABLES = ("article_search", "project_search")


# PostgreSQL's, of articles (see `search_packed`): those that wait, and the packed words of all others. What is
# packed cannot be compressed and is compared with nothing: neither is tried.
ARTICLE_SEARCH = (
    "CREATE TABLE article_search (id BIGINT NOT NULL CONSTRAINT fk_article_search_id REFERENCES article (id))",
    "CREATE TABLE article_search_segment (id BIGINT GENERATED ALWAYS AS IDENTITY "
    "CONSTRAINT pk_article_search_segment PRIMARY KEY, lowest BIGINT NOT NULL, highest BIGINT NOT NULL, "
    "articles INTEGER NOT NULL)",
    "CREATE TABLE article_search_part (segment_id BIGINT CONSTRAINT fk_article_search_part_segment_id "
    "REFERENCES article_search_segment (id), first_key BIGINT, packed BYTEA NOT NULL, ends BYTEA NOT NULL, "
    "CONSTRAINT pk_article_search_part PRIMARY KEY (segment_id, first_key))",
    "ALTER TABLE article_search_part ALTER packed SET STORAGE EXTERNAL, ALTER ends SET STORAGE EXTERNAL, "
    "ALTER packed SET STATISTICS 0, ALTER ends SET STATISTICS 0",
)


# Words of changed projects wait in a list that every query reads through: the least that PostgreSQL lets it grow to.
PENDING = "WITH (gin_pending_list_limit = 64)"


def search_ddl(dialect: str) -> list[str]:
    """The statements that make the full-text tables, which SQLAlchemy's metadata cannot describe for both."""
    statements = []
    for name in SEARCH_TABLES:
        owner = name.removesuffix("_search")
        if dialect == "sqlite":
            statements.append(
                f"CREATE VIRTUAL TABLE {name} USING fts5("
                "title, words, content='', tokenize=\"unicode61 remove_diacritics 2\")"
            )
        elif name == "article_search":
            statements += ARTICLE_SEARCH
        else:
            statements.append(
                f"CREATE TABLE {name} (id BIGINT CONSTRAINT pk_{name} PRIMARY KEY "
                f"CONSTRAINT fk_{name}_id REFERENCES {owner} (id), words TSVECTOR NOT NULL)"
            )
            statements.append(f"CREATE INDEX ix_{name}_words ON {name} USING gin (words) {PENDING}")
    return statements
