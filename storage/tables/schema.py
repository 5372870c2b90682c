"""All tables, for SQLite and PostgreSQL alike: what is remembered, and the indexes that keep every question cheap.

Nothing enters or leaves here: this is the map. Every change of it is a migration of its own (`migrations/versions`); a
test holds the two together. Rules: only Text, Integer and LargeBinary (through `types`), STRICT on SQLite, CHECKs at
table level (a migration that rebuilds a table keeps only those), no cascades, no triggers (rebuilding drops them
silently).
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.sql.schema import SchemaItem

from storage.database.types import Flag, ForeignText, Json, Millionths, PackedJson, UtcTime, WideInteger

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *items: SchemaItem, has_rowid: bool = True) -> Table:
    """A table with this project's options: STRICT, and without a rowid where the key itself is all there is."""
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=has_rowid)


def key() -> Column[int]:
    return Column("id", WideInteger, primary_key=True)


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that `where` (literal SQL) holds for: as big as the work to do, not as what is stored."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


# --- what is watched ------------------------------------------------------------------------------------------------

source = table(
    "source",
    key(),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("tags", Json, nullable=False),
    Column("languages", Json, nullable=False),
    Column("is_active", Flag, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    # what the last polls left, for the next
    Column("etag", ForeignText),
    Column("last_modified", ForeignText),
    Column("content_hash", Text),
    Column("next_due_at", UtcTime, nullable=False),
    Column("interval_seconds", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since_at", UtcTime),
    Column("last_polled_at", UtcTime),
    Column("last_success_at", UtcTime),
    Column("last_news_at", UtcTime),
    Column("news_gap_seconds", Integer),  # usual time between news, a moving mean: how long a silence is odd
    Column("entries_in_last", Integer),
    Column("redirect_to", ForeignText),
    Column("redirects_seen", Integer, nullable=False),
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
    Column("entries", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    CheckConstraint("kind IN ('feed', 'listing', 'sitemap', 'spider')", name="kind"),
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
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
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

# --- what was read --------------------------------------------------------------------------------------------------

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
    Column("registered_at", UtcTime, nullable=False),
    Column("read_from", Text, nullable=False),
    Column("read_note", ForeignText),
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
    Column(
        "published_precision",
        Text,
        CheckConstraint("published_precision IN ('year', 'month', 'day')", name="published_precision"),
        nullable=False,
        server_default="day",
    ),
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

# --- the register: same article, same story, same project -----------------------------------------------------------

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
    Column("last_seen_at", UtcTime, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("facts", Json, nullable=False),
    Index("ix_story_first_seen", "first_seen_at"),
    Index("ix_story_last_seen", "last_seen_at"),
)

project = table(
    "project",
    key(),
    Column("public_id", Text, nullable=False, unique=True),
    Column("title", ForeignText, nullable=False),
    Column("sentence", ForeignText, nullable=False),
    Column("language", ForeignText, nullable=False),
    Column("band", Text, nullable=False),
    Column("confidence", Millionths, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("confirmed_at", UtcTime),  # when it first was held to be a new project for sure (band yes)
    Column("articles", Integer, nullable=False),
    Column("facts", PackedJson, nullable=False),  # merged from claims, kept for lists
    Column("iati_id", ForeignText),
    Column("merged_into_id", WideInteger, ForeignKey("project.id")),
    Column("merged_at", UtcTime),
    Column("merge_reason", ForeignText),
    CheckConstraint("band IN ('yes', 'maybe')", name="band"),
    CheckConstraint("merged_into_id <> id", name="not_into_itself"),
    Index("ix_project_confirmed", "confirmed_at"),
    Index("ix_project_last_seen", "last_seen_at"),
    partial_index("ix_project_merged", "merged_into_id", where="merged_into_id IS NOT NULL"),
)

# Every id a project ever had; those of projects merged into it answer with it.
project_alias = table(
    "project_alias",
    Column("public_id", Text, primary_key=True),
    Column("project_id", WideInteger, ForeignKey("project.id"), nullable=False),
    Index("ix_project_alias_project", "project_id"),
)

# A fact as one article states it. `value` is the normalised form claims are compared by, `shown` the words for people.
claim = table(
    "claim",
    key(),
    Column("project_id", WideInteger, ForeignKey("project.id"), nullable=False),
    Column("article_id", WideInteger, ForeignKey("article.id"), nullable=False),
    Column("field", Text, nullable=False),
    Column("value", ForeignText, nullable=False),
    Column("shown", ForeignText, nullable=False),
    Column("details", Json),
    Column("evidence", Json),
    Column("stated_at", UtcTime, nullable=False),
    Index("ix_claim_project", "project_id", "field"),
    Index("ix_claim_article", "article_id"),
    Index("ix_claim_value", "field", "value"),
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
    CheckConstraint("kind IN ('perhaps-same', 'apart', 'follows', 'part-of', 'supplements')", name="kind"),
    CheckConstraint("project_id <> other_id", name="not_to_itself"),
    Index("ix_project_relation_other", "other_id"),
)

# --- what people are told -------------------------------------------------------------------------------------------

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

# Articles of announced projects that this subscription was told of; one that is missing here is an update.
told_article = table(
    "told_article",
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
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),  # pending: when to try; sending: when the lease ends
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("may_be_repeated", Flag, nullable=False),
    Column("error", ForeignText),
    Column("message", LargeBinary),  # last, so that reading the others leaves its pages alone; NULL once forgotten
    UniqueConstraint("digest_id", "recipient"),
    CheckConstraint("state IN ('pending', 'sending', 'sent', 'failed')", name="state"),
    partial_index("ix_delivery_open", "next_at", where="state IN ('pending', 'sending')"),
    partial_index(
        "ix_delivery_order", "subscription", "recipient", "digest_id", where="state IN ('pending', 'sending')"
    ),
    partial_index("ix_delivery_failed", "finished_at", where="state = 'failed'"),
)

# --- the program's own ----------------------------------------------------------------------------------------------

run = table(
    "run",
    key(),
    Column("kind", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("outcome", Text),
    Column("pid", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("summary", Json),
    CheckConstraint("outcome IN ('done', 'stopped', 'failed')", name="outcome"),
    Index("ix_run_kind", "kind", "id"),
)

daemon = table(
    "daemon",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("pid", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("since_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("info", Json, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)

# Totals counted as they come (articles, relevant, …), so that `tipwatch status` counts no rows.
counter = table(
    "counter",
    Column("name", Text, primary_key=True),
    Column("value", WideInteger, nullable=False),
    has_rowid=False,
)

setting = table(
    "setting",
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
    has_rowid=False,
)

# Full text. The words go in folded (see `search`), so no content is kept here a second time: SQLite's index is
# contentless.
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
