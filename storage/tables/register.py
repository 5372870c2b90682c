"""The register: same article, same story, same project; what articles claim, what people decided."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Text

from storage.tables.base import key, partial_index, table
from storage.tables.types import Flag, ForeignText, Json, Millionths, PackedJson, UtcTime, WideInteger

BANDS = tuple(f"band_{number}" for number in range(8))

signature = table(
    "signature",
    Column("article_id", WideInteger, ForeignKey("article.id"), primary_key=True, autoincrement=False),
    # hashes of the eight shares of the signature; articles that have one in common may be copies
    *(Column(name, Integer) for name in BANDS),
    Column("minhash", LargeBinary, nullable=False),  # empty where the text is too short to be a copy of anything
    Column("details", ForeignText, nullable=False),  # figures and proper names, folded, parted by spaces
    Column("claims", Json),  # what it claims of its project, as read, for comparison; NULL where no facts were read
    *(Index(f"ix_signature_{name}", name) for name in BANDS),
)

# What a project or story can be found by (country, funder, sum, name, …): the hash of a text, and the id of a project,
# or that of a story less 2^31 (see `match_keys`).
match_key = table(
    "match_key",
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("owner", Integer, primary_key=True, autoincrement=False),
    Index("ix_match_key_owner", "owner"),
    has_rowid=False,
)

story = table(
    "story",
    key(),
    Column("title", ForeignText, nullable=False),
    Column("topic", Text, nullable=False),
    Column("language", ForeignText, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Index("ix_story_first_seen", "first_seen_at"),
)

project = table(
    "project",
    key(),
    Column("public_id", Text, nullable=False, unique=True),
    Column("title", ForeignText, nullable=False),
    Column("sentence", ForeignText, nullable=False, default=""),
    Column("language", ForeignText, nullable=False),
    Column("band", Text, nullable=False, default="yes"),
    Column("confidence", Millionths, nullable=False, default=0.0),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("confirmed_at", UtcTime),  # when it first was news: a new project for sure (band yes), and not old
    Column("articles", Integer, nullable=False, default=0),
    Column("facts", PackedJson, nullable=False, default=dict),  # merged from claims, kept for lists
    Column("iati_id", ForeignText),
    Column("merged_into_id", WideInteger, ForeignKey("project.id")),
    CheckConstraint("band IN ('yes', 'maybe')", name="band"),
    CheckConstraint("merged_into_id <> id", name="not_into_itself"),
    Index("ix_project_confirmed", "confirmed_at"),
    Index("ix_project_last_seen", "last_seen_at"),
    partial_index("ix_project_merged", "merged_into_id", where="merged_into_id IS NOT NULL"),
)

# What a person, or a rule on its own, decided; a person's is never overridden.
decision = table(
    "decision",
    key(),
    Column("kind", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("who", ForeignText, nullable=False),
    Column("is_human", Flag, nullable=False),
    Column("why", ForeignText, nullable=False),
    Column("what", Json, nullable=False),
    Column("project_id", WideInteger, ForeignKey("project.id")),
    Column("article_id", WideInteger, ForeignKey("article.id")),
    partial_index("ix_decision_project", "project_id", where="project_id IS NOT NULL"),
    partial_index("ix_decision_article", "article_id", where="article_id IS NOT NULL"),
)

# Two projects that may be the same, must stay apart, or of which the first follows the other (phases), is part of it
# (an award of a programme) or adds money to it.
project_relation = table(
    "project_relation",
    Column("project_id", WideInteger, ForeignKey("project.id"), primary_key=True, autoincrement=False),
    Column("other_id", WideInteger, ForeignKey("project.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("reason", ForeignText, nullable=False),
    Column("at", UtcTime, nullable=False),
    CheckConstraint("project_id <> other_id", name="not_to_itself"),
    Index("ix_project_relation_other", "other_id"),
)
