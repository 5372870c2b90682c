"""What was read: articles with their verdicts, and their texts."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text

from storage.tables.base import key, partial_index, table
from storage.tables.types import Flag, ForeignText, Millionths, PackedJson, UtcTime, WideInteger

article = table(
    "article",
    key(),
    Column("canonical_url", ForeignText, nullable=False, unique=True),
    Column("url", ForeignText, nullable=False),
    Column("host", ForeignText, nullable=False),
    Column("title", ForeignText, nullable=False),
    Column("language", ForeignText, nullable=False),
    Column("outlet", ForeignText, nullable=False),
    Column("published_at", UtcTime),
    Column("published_precision", Text, nullable=False),
    Column("registered_at", UtcTime, nullable=False),
    Column("read_from", Text, nullable=False),
    Column("read_note", ForeignText),
    Column("is_news", Flag, nullable=False),  # published lately, and no history: what readers are told of
    # the verdict: what is asked for by column, the rest as JSON
    Column("is_relevant", Flag, nullable=False),
    Column("relevance", Millionths, nullable=False),
    Column("relevance_band", Text, nullable=False),
    Column("is_new_project", Flag, nullable=False),
    Column("new_project_probability", Millionths, nullable=False),
    Column("new_project_band", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("verdict", PackedJson, nullable=False),
    # what the register made of it
    Column("outcome", Text, nullable=False),
    Column("reason", ForeignText),
    Column("copy_of_id", WideInteger, ForeignKey("article.id")),
    Column("project_id", WideInteger, ForeignKey("project.id")),
    Column("story_id", WideInteger, ForeignKey("story.id")),
    CheckConstraint("published_precision IN ('year', 'month', 'day')", name="published_precision"),
    CheckConstraint("read_from IN ('page', 'summary', 'import')", name="read_from"),
    CheckConstraint("relevance_band IN ('yes', 'maybe', 'no')", name="relevance_band"),
    CheckConstraint("new_project_band IN ('yes', 'maybe', 'no')", name="new_project_band"),
    # what is read daily is a small part of what is seen: relevant ones by time, members of a project or story by it
    partial_index("ix_article_relevant", "registered_at", where="is_relevant = 1"),
    partial_index("ix_article_maybe", "registered_at", where="relevance_band = 'maybe' OR new_project_band = 'maybe'"),
    partial_index("ix_article_project", "project_id", "registered_at", where="project_id IS NOT NULL"),
    partial_index("ix_article_project_time", "registered_at", where="project_id IS NOT NULL"),
    partial_index("ix_article_story", "story_id", "registered_at", where="story_id IS NOT NULL"),
    partial_index("ix_article_copy", "copy_of_id", where="copy_of_id IS NOT NULL"),
    Index("ix_article_registered", "registered_at"),
)

# Text lives apart, so that lists of articles never page through it and retention only deletes here.
article_text = table(
    "article_text",
    Column("article_id", WideInteger, ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("stored_at", UtcTime, nullable=False),
    Column("text", ForeignText, nullable=False),
    Index("ix_article_text_stored", "stored_at"),
)
