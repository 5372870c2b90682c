"""What is watched: the sources as configured, what their last polls left, and the entries they reported.

The configuration says which sources there are (`sync_sources`); the database remembers the rest. `due_sources` gives
those to poll, `known_entries` tells what is news to us, `record_polls` stores many polls with their entries at once. A
poll that found nothing new costs one UPDATE by key, whatever is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    and_,
    bindparam,
    case,
    cast,
    func,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from storage.articles.made_address import make_address
from storage.articles.pages import WAITS, known_articles
from storage.database.statements import in_chunks, insert, one_of
from storage.records import LEAST_PROSE, EntrySeen, PollOutcome, SourceSpec, SourceState
from storage.tables.schema import article, entry, source
from storage.tables.types import WideInteger

# What a source is polled at until its own rhythm is known; the crawler decides from its first poll on.
FIRST_INTERVAL = timedelta(hours=1)

# The lock under which PostgreSQL makes sources known one after another; any number that no other lock of ours has:
# "planning" read as bytes, cut to 63 bits.
PLANNING_LOCK = int.from_bytes(b"planning", "big") >> 1

# Pairs of values go in one by one, and SQLite takes 32,766: as many as cost least.
PAIRS_A_STATEMENT = 500

EntryKey = tuple[int, str]
"""Source and identity, by which an entry is known."""

STATE_COLUMNS = [source.c[name] for name in SourceState.__dataclass_fields__]

FORGOTTEN_WITH_URL: dict[str, Any] = {
    "etag": None, "last_modified": None, "content_hash": None, "fingerprints": None, "redirect_to": None,
    "redirects_seen": 0, "failures": 0,
    "failing_since_at": None, "status": None, "http_status": None, "error_kind": None, "error_text": None, "note": None,
}  # fmt: skip
"""What no longer holds once a source has another address: validators, and the troubles of the old one."""


def sync_sources(connection: Connection, specs: Sequence[SourceSpec], now: datetime) -> None:
    """Makes the watched sources those of the configuration.

    New ones are due at once. One whose `url` or `kind` changed keeps what was seen, drops its validators and is due at
    once. One that is no longer configured is kept, inactive; named again it goes on where it was, due at once.

    Raises:
        ValueError: two sources have one name.
    """
    by_name = {spec.name: spec for spec in specs}
    if len(by_name) != len(specs):
        twice = sorted(name for name, count in Counter(spec.name for spec in specs).items() if count > 1)
        raise ValueError(f"two sources have one name: {', '.join(twice)}")
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(select(func.pg_advisory_xact_lock(bindparam("lock", PLANNING_LOCK))))
    known = {row.name: row for row in connection.execute(select(source))}
    fresh = [spec for name, spec in by_name.items() if name not in known]
    if fresh:
        begun = {"added_at": now, "next_due_at": now, "interval_seconds": int(FIRST_INTERVAL.total_seconds())}
        connection.execute(source.insert(), [{**configured(spec), "name": spec.name, **begun} for spec in fresh])
    for name, row in known.items():
        changes = changes_of(row, by_name.get(name), now)
        if changes:
            connection.execute(update(source).where(source.c.id == row.id).values(changes))


def configured(spec: SourceSpec) -> dict[str, Any]:
    return {
        "kind": spec.kind, "url": spec.url, "host": spec.host, "tags": list(spec.tags),
        "languages": list(spec.languages),
    }  # fmt: skip


def changes_of(row: Any, spec: SourceSpec | None, now: datetime) -> dict[str, Any]:
    """The columns to set for a known source, empty where nothing changed."""
    if spec is None:
        return {"is_active": False} if row.is_active else {}
    wanted = configured(spec)
    changes = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if "url" in changes or "kind" in changes:
        changes |= FORGOTTEN_WITH_URL | {"next_due_at": now}
    if not row.is_active:
        changes |= {"is_active": True, "next_due_at": now}
    return changes


def due_sources(
    connection: Connection,
    now: datetime,
    *,
    names: Collection[str] | None = None,
    hosts: Collection[str] | None = None,
    is_forced: bool = False,
) -> list[SourceState]:
    """The active sources to poll now, longest due first; of these names and hosts only, where given.

    `is_forced` also gives those that are not due yet. An empty list of names or hosts gives nothing.
    """
    asked = select(*STATE_COLUMNS).where(source.c.is_active == bindparam("active", True, type_=source.c.is_active.type))
    if not is_forced:
        asked = asked.where(source.c.next_due_at <= now)
    if names is not None:
        asked = asked.where(one_of(source.c.name, list(names)))
    if hosts is not None:
        asked = asked.where(one_of(source.c.host, list(hosts)))
    return [SourceState(*row) for row in connection.execute(asked.order_by(source.c.next_due_at, source.c.id))]


def next_due_source(connection: Connection) -> tuple[str, datetime] | None:
    """The active source that is due first, and when; None where no source is active."""
    active = source.c.is_active == bindparam("active", True, type_=source.c.is_active.type)
    asked = select(source.c.name, source.c.next_due_at).where(active).order_by(source.c.next_due_at, source.c.id)
    row = connection.execute(asked.limit(1)).first()
    return None if row is None else (row.name, row.next_due_at)


def known_entries(connection: Connection, source_id: int, identities: Collection[str]) -> dict[str, str]:
    """Of these identities those this source reported before, each with the content hash it last had."""
    asked = select(entry.c.identity, entry.c.content_hash).where(entry.c.source_id == source_id)
    return dict(connection.execute(asked.where(one_of(entry.c.identity, identities))).all())


def postpone_sources(
    connection: Connection, source_ids: Collection[int], until: datetime, *, now: datetime, reason: str
) -> None:
    """Makes these sources due no earlier than `until`: they were not asked, because their host wants to be left alone.

    That is a failure too, of kind `paused`, which begins `now` and ends with the next visit that goes well: a source
    that is put off again and again must not pass for a healthy one. It does not count as a visit, and another failure
    that is known already keeps its reason.
    """
    put_off = {
        "status": "failed",
        "failing_since_at": func.coalesce(source.c.failing_since_at, bindparam("now", now, type_=POLLED_AT.type)),
        "error_kind": "paused",
        "error_text": reason,
    }
    has_no_other_failure = or_(source.c.failing_since_at.is_(None), source.c.error_kind == "paused")
    of_these = update(source).where(one_of(source.c.id, source_ids))
    connection.execute(of_these.where(source.c.next_due_at < until).values(next_due_at=until))
    connection.execute(of_these.where(has_no_other_failure).values(put_off))


def record_polls(connection: Connection, outcomes: Sequence[PollOutcome]) -> int:
    """Stores these polls, each with its entries, and gives the number of entries that are new.

    A new entry waits to be fetched, or is done at once where its canonical URL already is an article. A known entry
    whose content hash changed takes the new title and summary but is not fetched again: outlets touch up headlines for
    days, and what was read already says what the entry is about. Only where a title or little more was read, and the
    entry has prose by now, that becomes an article too. A crash before the commit leaves validators and
    entries as before, so the next poll sees the same again.
    """
    for status, change in UPDATES.items():
        rows = [poll_row(outcome) for outcome in outcomes if outcome.status == status]
        if rows:
            connection.execute(change, rows)
    seen = {
        (outcome.source_id, one.identity): (one, outcome.polled_at) for outcome in outcomes for one in outcome.entries
    }
    if not seen:
        return 0
    fresh, touched = news_among(connection, seen)
    if fresh:
        attach_known_articles(connection, fresh)
    if touched:
        connection.execute(TOUCHED, touched)
    if fresh:
        connection.execute(insert(connection, entry).on_conflict_do_nothing(), fresh)
        news = Counter(row["source_id"] for row in fresh)
        attached = Counter(row["source_id"] for row in fresh if row["article_id"] is not None)
        polled_at = {outcome.source_id: outcome.polled_at for outcome in outcomes}
        rows = [
            {"of_source": id_, "polled_at": polled_at[id_], "new_entries": count, "new_articles": attached[id_]}
            for id_, count in sorted(news.items())
        ]
        connection.execute(NEWS, rows)
    return len(fresh)


def poll_row(outcome: PollOutcome) -> dict[str, Any]:
    """The columns that a poll sets, for `UPDATES[outcome.status]`."""
    row: dict[str, Any] = {
        "of_source": outcome.source_id,
        "polled_at": outcome.polled_at,
        "last_polled_at": outcome.polled_at,
        "status": outcome.status,
        **{name: getattr(outcome, name) for name in ALWAYS_SET},
    }
    if outcome.status in {"failed", "gone"}:
        row |= {"error_kind": outcome.error_kind or outcome.status, "error_text": outcome.error_text}
    elif outcome.status == "changed":
        row |= {name: getattr(outcome, name) for name in SET_WHEN_CHANGED}
    return row


ALWAYS_SET = ("next_due_at", "interval_seconds", "http_status", "redirect_to", "redirects_seen")
SET_WHEN_CHANGED = ("etag", "last_modified", "content_hash", "entries_in_last", "note", "fingerprints")


def news_among(
    connection: Connection, seen: Mapping[EntryKey, tuple[EntrySeen, datetime]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Of the entries seen, rows for the new ones, and what changed of known ones."""
    known = stored_entries(connection, seen)
    seen = dict(part_reused(known, key, *told) for key, told in seen.items())
    known |= stored_entries(connection, [key for key in seen if key not in known])
    fresh, touched = [], []
    for (source_id, identity), (one, polled_at) in seen.items():
        before = known.get((source_id, identity))
        if before is None:
            fresh.append(entry_row(source_id, one, polled_at))
        elif before.content_hash != one.content_hash:
            changed = {"title": one.title, "summary": one.summary, "content_hash": one.content_hash}
            touched.append({"of_source": source_id, "of_identity": identity, **changed, "changed_at": polled_at})
            if before.is_short and len(one.summary) >= LEAST_PROSE:
                fresh.append(entry_row(source_id, under_own_identity(one), polled_at))
    return fresh, touched


def stored_entries(connection: Connection, keys: Iterable[EntryKey]) -> dict[EntryKey, Any]:
    """Of these entries those that are stored, each with its canonical URL and content hash, and whether its own words
    are its article and too short for one."""
    is_short = and_(article.c.read_from == "summary", func.length(entry.c.summary) < LEAST_PROSE).label("is_short")
    asked = select(entry.c.source_id, entry.c.identity, entry.c.canonical_url, entry.c.content_hash, is_short)
    asked = asked.outerjoin(article, article.c.id == entry.c.article_id)
    pair = tuple_(entry.c.source_id, entry.c.identity)
    # over all sources at once: a statement costs as much as looking up fifty rows
    return {
        (row.source_id, row.identity): row
        for chunk in in_chunks(keys, PAIRS_A_STATEMENT)
        for row in connection.execute(asked.where(pair.in_(chunk)))
    }


def part_reused(
    known: Mapping[EntryKey, Any], key: EntryKey, one: EntrySeen, polled_at: datetime
) -> tuple[EntryKey, tuple[EntrySeen, datetime]]:
    """The entry under an identity of its own where its source gave the one it has to another: a page elsewhere that
    says something else is no touched-up headline. Feeds that number their items from the top do so."""
    before = known.get(key)
    if before is None or before.canonical_url == one.canonical_url or before.content_hash == one.content_hash:
        return key, (one, polled_at)
    other = under_own_identity(one)
    return (key[0], other.identity), (other, polled_at)


def under_own_identity(one: EntrySeen) -> EntrySeen:
    """The entry, told from the one that has its identity already."""
    mark = blake2b(f"{one.identity}\0{one.canonical_url}".encode(), digest_size=16).hexdigest()
    return replace(one, identity=f"reused:{mark}")


def entry_row(source_id: int, one: EntrySeen, polled_at: datetime) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in EntrySeen.__dataclass_fields__},
        "source_id": source_id,
        "seen_at": polled_at,
        "state": "waiting",
        "next_at": polled_at,
        "article_id": None,
    }


def attach_known_articles(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Marks rows of new entries done whose page has been read already, by another source or under another identity.

    Not so where the same source gave that very link to an entry that said something else, and this one has prose: a
    link that everything has in its turn leads to no page of its own, so the entry's own words are its article.
    """
    by_url: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_url.setdefault(row["canonical_url"], []).append(row)
    known = known_articles(connection, by_url)
    asked = select(entry.c.source_id, entry.c.url, entry.c.content_hash).distinct()
    others: dict[tuple[int, str], set[str]] = {}
    for which in (one_of(entry.c.article_id, known.values()), and_(WAITS, one_of(entry.c.canonical_url, by_url))):
        for source_id, url, content_hash in connection.execute(asked.where(which)):
            others.setdefault((source_id, url), set()).add(content_hash)
    for url, rows_of_url in by_url.items():
        for row in rows_of_url:
            said_before = others.get((row["source_id"], row["url"]), set())
            if said_before - {row["content_hash"]} and len(row["summary"]) >= LEAST_PROSE:
                row["canonical_url"] = make_address(row["url"], row["identity"])
            elif url in known:
                row["state"], row["article_id"] = "done", known[url]


POLLED_AT = bindparam("polled_at", type_=source.c.last_polled_at.type)
WAS_FAILING = source.c.failing_since_at.is_not(None)
WELL: dict[str, Any] = {
    "last_success_at": POLLED_AT,
    "failures": 0,
    "failing_since_at": null(),
    "error_kind": null(),
    "error_text": null(),
    "recovered_at": case((WAS_FAILING, POLLED_AT), else_=source.c.recovered_at),
    "failed_from_at": case((WAS_FAILING, source.c.failing_since_at), else_=source.c.failed_from_at),
}
ILL: dict[str, Any] = {
    "failures": source.c.failures + 1,
    "failing_since_at": func.coalesce(source.c.failing_since_at, POLLED_AT),
}
# Executed with rows of `poll_row`, which say the other columns.
OF_SOURCE = update(source).where(source.c.id == bindparam("of_source"))
UPDATES = {
    status: OF_SOURCE.values(WELL if status in {"unchanged", "changed"} else ILL)
    for status in ("unchanged", "changed", "failed", "gone")
}
TOUCHED = update(entry).where(entry.c.source_id == bindparam("of_source"), entry.c.identity == bindparam("of_identity"))

# The usual time between news, as a mean that forgets: three parts what it was, one part the latest gap. Cast to whole
# seconds: division gives a fraction, which a STRICT column refuses.
GAP = cast(
    (type_coerce(POLLED_AT, WideInteger) - type_coerce(source.c.last_news_at, WideInteger)) / 1_000_000,
    Integer,
)
NEWS = OF_SOURCE.values(
    entries=source.c.entries + bindparam("new_entries"),
    articles=source.c.articles + bindparam("new_articles"),
    last_news_at=POLLED_AT,
    news_gap_seconds=case(
        (source.c.last_news_at.is_(None), source.c.news_gap_seconds),
        (source.c.news_gap_seconds.is_(None), GAP),
        else_=cast((source.c.news_gap_seconds * 3 + GAP) / 4, Integer),
    ),
)
