"""What people receive: digests, what each announced, and the messages to deliver."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint

from storage.tables.base import key, partial_index, table
from storage.tables.types import Flag, ForeignText, Json, UtcTime, WideInteger

digest = table(
    "digest",
    key(),
    Column("subscription", Text, nullable=False),
    Column("slot_key", Text, nullable=False),  # local date of the slot: one digest a day whatever clocks do
    Column("slot_at", UtcTime, nullable=False),
    Column("period_from_at", UtcTime, nullable=False),
    Column("period_to_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("claimed_at", UtcTime, nullable=False),
    Column("rendered_at", UtcTime),
    Column("done_at", UtcTime),
    Column("summary", Json),
    UniqueConstraint("subscription", "slot_key"),
    CheckConstraint("state IN ('claimed', 'rendered', 'done')", name="state"),
    Index("ix_digest_slot", "subscription", "slot_at"),
    partial_index("ix_digest_open", "id", where="state <> 'done'"),
)

# A project is new to a subscription once: the key says so.
announcement = table(
    "announcement",
    Column("subscription", Text, primary_key=True),
    Column("project_id", WideInteger, ForeignKey("project.id"), primary_key=True, autoincrement=False),
    Column("digest_id", WideInteger, ForeignKey("digest.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_announcement_project", "project_id"),
    Index("ix_announcement_digest", "digest_id"),
    has_rowid=False,
)

# Articles of announced projects that this subscription has got; one that is missing here is an update.
announced_article = table(
    "announced_article",
    Column("subscription", Text, primary_key=True),
    Column("article_id", WideInteger, ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("digest_id", WideInteger, ForeignKey("digest.id"), nullable=False),
    has_rowid=False,
)

delivery = table(
    "delivery",
    key(),
    Column("digest_id", WideInteger, ForeignKey("digest.id"), nullable=False),
    Column("subscription", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("state", Text, nullable=False, default="pending"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", UtcTime, nullable=False),  # pending: when to try; sending: when the lease ends
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("may_be_repeated", Flag, nullable=False, default=False),
    Column("error", ForeignText),
    Column("message", LargeBinary),  # last, so that reading the others leaves its pages alone; NULL once forgotten
    UniqueConstraint("digest_id", "recipient"),
    CheckConstraint("state IN ('pending', 'sending', 'sent', 'failed', 'cancelled')", name="state"),
    partial_index("ix_delivery_open", "next_at", where="state IN ('pending', 'sending')"),
    partial_index(
        "ix_delivery_order", "subscription", "recipient", "digest_id", where="state IN ('pending', 'sending')"
    ),
    partial_index("ix_delivery_failed", "finished_at", where="state = 'failed'"),
)
