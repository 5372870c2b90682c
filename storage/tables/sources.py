"""What is watched: sources with what their last polls left, and the entries that they say exist."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint

from storage.tables.base import key, partial_index, table
from storage.tables.types import Flag, ForeignText, Json, UtcTime, WideInteger

source = table(
    "source",
    key(),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("tags", Json, nullable=False),
    Column("languages", Json, nullable=False),
    Column("is_active", Flag, nullable=False, default=True),
    Column("added_at", UtcTime, nullable=False),
    # what the last polls left, for the next
    Column("etag", ForeignText),
    Column("last_modified", ForeignText),
    Column("content_hash", Text),
    Column("next_due_at", UtcTime, nullable=False),
    Column("interval_seconds", Integer, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("failing_since_at", UtcTime),
    Column("last_polled_at", UtcTime),
    Column("last_success_at", UtcTime),
    Column("last_news_at", UtcTime),
    Column("news_gap_seconds", Integer),  # usual time between news, a moving mean: how long a silence is odd
    Column("entries_in_last", Integer),
    Column("redirect_to", ForeignText),
    Column("redirects_seen", Integer, nullable=False, default=0),
    Column("fingerprints", LargeBinary),  # of the entries in the last document; the crawler's, nothing here reads them
    # health
    Column("status", Text),
    Column("http_status", Integer),
    Column("error_kind", Text),
    Column("error_text", ForeignText),
    Column("note", ForeignText),
    Column("recovered_at", UtcTime),
    Column("failed_from_at", UtcTime),  # since when it had failed, before it recovered
    # counted as they come: counting rows would cost more the more is stored
    Column("entries", Integer, nullable=False, default=0),
    Column("articles", Integer, nullable=False, default=0),
    CheckConstraint("status IN ('changed', 'unchanged', 'failed', 'gone')", name="status"),
    Index("ix_source_due", "is_active", "next_due_at"),
)

entry = table(
    "entry",
    key(),
    Column("source_id", WideInteger, ForeignKey("source.id"), nullable=False),
    Column("identity", ForeignText, nullable=False),
    Column("url", ForeignText, nullable=False),
    Column("canonical_url", ForeignText, nullable=False),
    Column("host", ForeignText, nullable=False),
    Column("title", ForeignText, nullable=False),
    Column("summary", ForeignText, nullable=False),
    Column("published_at", UtcTime),
    Column("language", ForeignText),
    Column("outlet", ForeignText),
    Column("content_hash", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime),
    Column("state", Text, nullable=False, default="waiting"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", UtcTime, nullable=False),
    Column("error_kind", Text),
    Column("error_text", ForeignText),
    Column("article_id", WideInteger, ForeignKey("article.id")),
    UniqueConstraint("source_id", "identity"),
    CheckConstraint("state IN ('waiting', 'done', 'parked')", name="state"),
    CheckConstraint("state <> 'done' OR article_id IS NOT NULL", name="done_has_article"),
    CheckConstraint("state <> 'parked' OR error_kind IS NOT NULL", name="parked_has_reason"),
    partial_index("ix_entry_waiting", "host", "next_at", "id", where="state = 'waiting'"),
    partial_index("ix_entry_waiting_url", "canonical_url", where="state = 'waiting'"),
    partial_index("ix_entry_parked", "id", where="state = 'parked'"),
    Index("ix_entry_article", "article_id"),
)
