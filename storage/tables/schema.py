"""All tables, for SQLite and PostgreSQL alike: what is remembered, and the indexes that keep every question cheap.

This is the map; the tables are described by subject. Every change of them is a migration (`migrations/versions`); a
test holds the two together.
"""

from __future__ import annotations

from storage.tables.articles import article, article_text
from storage.tables.base import metadata
from storage.tables.digests import announced_article, announcement, delivery, digest
from storage.tables.program import counter, daemon, run, setting
from storage.tables.register import BANDS, decision, match_key, project, project_relation, signature, story
from storage.tables.search import SEARCH_TABLES, search_ddl
from storage.tables.sources import entry, source

__all__ = [
    "BANDS",
    "SEARCH_TABLES",
    "announced_article",
    "announcement",
    "article",
    "article_text",
    "counter",
    "daemon",
    "decision",
    "delivery",
    "digest",
    "entry",
    "match_key",
    "metadata",
    "project",
    "project_relation",
    "run",
    "search_ddl",
    "setting",
    "signature",
    "source",
    "story",
]
