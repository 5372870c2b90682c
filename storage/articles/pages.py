"""Pages waiting to be fetched: which are next, what became of those that failed, and those parked for good reason.

A page is one canonical URL with every entry that leads to it. Everything here is found through indexes of the entries
that wait or are parked, so a million entries that are done cost nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, not_, null, select, text, update

from storage.database.statements import one_of, read_record
from storage.records import PageFailure, PendingPage
from storage.tables.schema import article, entry, source
from storage.tables.types import to_microseconds

# Entries that wait, due by now, one of each host after another: the first of every host, then the second of every host,
# and so on until :wanted are found. Each step is one seek in ix_entry_waiting (host, next_at, id), whose rows are in
# just that order; a host whose entries are used up gives NULL and ends there. Only scalar subqueries, no join:
# PostgreSQL would read the whole table to hash it.
ROUND_ROBIN = """
WITH RECURSIVE {hosts},
turn (host, id, round) AS (
    SELECT hosts.host, (
        SELECT first.id FROM entry AS first
        WHERE first.state = 'waiting' AND first.host = hosts.host AND first.next_at <= :now
        ORDER BY first.next_at, first.id LIMIT 1
    ), 1
    FROM hosts WHERE hosts.host IS NOT NULL
    UNION ALL
    SELECT turn.host, (
        SELECT following.id FROM entry AS following
        WHERE following.state = 'waiting' AND following.host = turn.host AND following.next_at <= :now
          AND (following.next_at, following.id)
              > ((SELECT last.next_at FROM entry AS last WHERE last.id = turn.id), turn.id)
        ORDER BY following.next_at, following.id LIMIT 1
    ), turn.round + 1
    FROM turn WHERE turn.id IS NOT NULL
)
SELECT id, round FROM turn WHERE id IS NOT NULL LIMIT :wanted
"""

# Every host with a waiting entry, by one seek a host instead of reading all that wait.
ALL_HOSTS = """hosts (host) AS (
    SELECT min(host) FROM entry WHERE state = 'waiting'
    UNION ALL
    SELECT (SELECT min(other.host) FROM entry AS other WHERE other.state = 'waiting' AND other.host > hosts.host)
    FROM hosts WHERE hosts.host IS NOT NULL
)"""


def pending_pages(
    connection: Connection,
    now: datetime,
    *,
    limit: int,
    hosts: Collection[str] | None = None,
    exclude_entry_ids: Collection[int] = (),
) -> list[PendingPage]:
    """At most `limit` pages to fetch now, taking turns over hosts, each host's in the order they came.

    Entries whose page has become an article meanwhile are attached to it on the way and not given, so this needs a
    writing transaction. `hosts` limits it to pages on those; `exclude_entry_ids` leaves out pages being fetched
    already.
    """
    if hosts is not None and not hosts:
        return []
    wanted = limit + len(exclude_entry_ids)
    named = sorted(set(hosts)) if hosts is not None else []
    listed = ", ".join(f"(:host_{number})" for number in range(len(named)))
    query = text(ROUND_ROBIN.format(hosts=f"hosts (host) AS (VALUES {listed})" if named else ALL_HOSTS))
    values = {f"host_{number}": host for number, host in enumerate(named)}
    found = connection.execute(query, {"now": to_microseconds(now), "wanted": wanted, **values}).all()
    order = {row.id: place for place, row in enumerate(sorted(found, key=lambda row: row.round))}
    pages = group_by_page(entries_of_pages(connection, list(order)), order, set(exclude_entry_ids))
    known = known_articles(connection, [page.canonical_url for page in pages])
    if known:
        mark_done(
            connection, {id_: known[p.canonical_url] for p in pages if p.canonical_url in known for id_ in p.entry_ids}
        )
    return [page for page in pages if page.canonical_url not in known][:limit]


_IS_NAMED = (source.c.host == entry.c.host) & not_(source.c.name.startswith(source.c.host))
OUTLET = func.coalesce(entry.c.outlet, case((_IS_NAMED, source.c.name))).label("outlet")
"""What the entry says it is of, else its source's name, where it is the source's own page and its name not its address.
"""


def entries_of_pages(connection: Connection, entry_ids: Sequence[int]) -> list[Any]:
    """The waiting entries of the pages these lead to, theirs and those of other sources, the first seen first."""
    urls = select(entry.c.canonical_url).where(one_of(entry.c.id, entry_ids))
    asked = select(
        entry.c.id, entry.c.url, entry.c.canonical_url, entry.c.host, entry.c.title, entry.c.summary,
        entry.c.published_at, entry.c.language, OUTLET, entry.c.attempts, source.c.name.label("source_name"),
    ).join(source, source.c.id == entry.c.source_id)  # fmt: skip
    found = connection.execute(asked.where(WAITS, one_of(entry.c.canonical_url, connection.execute(urls).scalars())))
    return sorted(found, key=lambda row: row.id)


WAITS = text("entry.state = 'waiting'")
"""Literal, since an index of part of a table serves only a query that visibly asks for that part."""


def group_by_page(rows: Sequence[Any], order: dict[int, int], excluded: set[int]) -> list[PendingPage]:
    """One page a canonical URL, in the order of the first of its entries in `order`; none with an excluded entry."""
    by_url: dict[str, list[Any]] = {}
    for row in rows:
        by_url.setdefault(row.canonical_url, []).append(row)
    pages: list[tuple[int, PendingPage]] = []
    for its in by_url.values():
        if any(row.id in excluded for row in its):
            continue
        ids, attempts = tuple(row.id for row in its), max(row.attempts for row in its)
        page = read_record(PendingPage, its[0], entry_ids=ids, attempts=attempts)
        pages.append((min(order[row.id] for row in its if row.id in order), page))
    return [page for _, page in sorted(pages, key=lambda pair: pair[0])]


def known_articles(connection: Connection, canonical_urls: Collection[str]) -> dict[str, int]:
    """Of these canonical URLs those that are articles, with the article's id."""
    asked = select(article.c.canonical_url, article.c.id).where(one_of(article.c.canonical_url, canonical_urls))
    return dict(connection.execute(asked).all())


def mark_done(connection: Connection, articles: dict[int, int]) -> None:
    """Makes entries (by id) done whose article (by id) is there. One done already keeps its article."""
    gained: dict[int, set[int]] = {}
    rows = []
    asked = select(entry.c.id, entry.c.source_id).where(entry.c.state != "done", one_of(entry.c.id, articles))
    for entry_id, source_id in connection.execute(asked.order_by(entry.c.id)):
        rows.append({"of_entry": entry_id, "new_article": articles[entry_id]})
        gained.setdefault(source_id, set()).add(articles[entry_id])
    if rows:
        connection.execute(DONE, rows)
        count_articles(connection, gained)


def count_articles(connection: Connection, gained: Mapping[int, Collection[int]]) -> None:
    """Adds to the number of articles of sources (by id) what they newly reported (by id)."""
    if gained:
        counts = [{"of_source": id_, "more": len(its)} for id_, its in sorted(gained.items())]
        connection.execute(MORE_ARTICLES, counts)


DONE = (
    update(entry)
    .where(entry.c.id == bindparam("of_entry"))
    .values(state="done", article_id=bindparam("new_article"), error_kind=null(), error_text=null())
)
MORE_ARTICLES = (
    update(source).where(source.c.id == bindparam("of_source")).values(articles=source.c.articles + bindparam("more"))
)
FAILED = (
    update(entry)
    .where(entry.c.id == bindparam("of_entry"), entry.c.state == "waiting")
    .values(
        attempts=entry.c.attempts + 1,
        article_id=func.coalesce(bindparam("new_article", type_=entry.c.article_id.type), entry.c.article_id),
    )
)


def record_page_failures(connection: Connection, failures: Sequence[PageFailure], now: datetime) -> None:
    """Stores that these pages could not be read: to be tried again at `retry_at`, or parked with the reason and with
    the article that stands in for them, where that is registered."""
    stand_ins = {one.stand_in[0].canonical_url for one in failures if one.stand_in is not None}
    registered = known_articles(connection, stand_ins) if stand_ins else {}
    rows: list[dict[str, Any]] = [
        {
            "of_entry": entry_id,
            "state": "parked" if failure.retry_at is None else "waiting",
            "next_at": failure.retry_at or now,
            "error_kind": failure.error_kind,
            "error_text": failure.error_text,
            "new_article": registered.get(failure.stand_in[0].canonical_url) if failure.stand_in else None,
        }
        for failure in failures
        for entry_id in failure.entry_ids
    ]
    if rows:
        gained = articles_gained(
            connection, {row["of_entry"]: row["new_article"] for row in rows if row["new_article"]}
        )
        connection.execute(FAILED, sorted(rows, key=lambda row: row["of_entry"]))
        count_articles(connection, gained)


def articles_gained(connection: Connection, articles: Mapping[int, int]) -> dict[int, set[int]]:
    """Of entries (by id) that get these articles (by id) and had none: by source what it newly reported."""
    gained: dict[int, set[int]] = {}
    asked = select(entry.c.id, entry.c.source_id).where(entry.c.article_id.is_(None), one_of(entry.c.id, articles))
    for entry_id, source_id in connection.execute(asked):
        gained.setdefault(source_id, set()).add(articles[entry_id])
    return gained


@dataclass(frozen=True, slots=True)
class PendingCounts:
    """Entries not done: `waiting` to be fetched now, `delayed` until their next try, `parked` with a reason; `faults`
    of these because our own code stumbled over them.
    """

    waiting: int
    delayed: int
    parked: int
    faults: int = 0


def count_pending(connection: Connection, now: datetime) -> PendingCounts:
    """How many entries are not done; reads only the indexes of those."""
    due = func.count().filter(entry.c.next_at <= now)
    waiting, all_waiting = connection.execute(select(due, func.count()).select_from(entry).where(WAITS)).one()
    fault = func.count().filter(entry.c.error_kind == "fault")
    parked, faults = connection.execute(select(func.count(), fault).select_from(entry).where(PARKED)).one()
    return PendingCounts(waiting=waiting, delayed=all_waiting - waiting, parked=parked, faults=faults)


PARKED = text("entry.state = 'parked'")


@dataclass(frozen=True, slots=True)
class ParkedEntry:
    """An entry that is not tried again by itself: what it is, why it was parked, and when."""

    id: int
    source_name: str
    url: str
    title: str
    error_kind: str
    error_text: str | None
    attempts: int
    seen_at: datetime
    parked_at: datetime


def list_parked(connection: Connection, *, limit: int = 100, offset: int = 0) -> list[ParkedEntry]:
    """The parked entries, the latest seen first."""
    asked = parked_entries().where(PARKED).order_by(entry.c.id.desc()).limit(limit).offset(offset)
    return [ParkedEntry(*row) for row in connection.execute(asked)]


def parked_entries() -> Select[Any]:
    """What is asked of each entry that is parked."""
    return select(
        entry.c.id, source.c.name, entry.c.url, entry.c.title, entry.c.error_kind, entry.c.error_text,
        entry.c.attempts, entry.c.seen_at, entry.c.next_at,
    ).join(source, source.c.id == entry.c.source_id)  # fmt: skip


def list_parked_between(
    connection: Connection, *, since_at: datetime, until_at: datetime, limit: int
) -> tuple[list[ParkedEntry], int]:
    """The entries that were parked from `since_at` on and before `until_at`, the latest first, and how many there are;
    one a page, whoever reported it."""
    during = and_(PARKED, entry.c.next_at >= since_at, entry.c.next_at < until_at)
    first = select(func.min(entry.c.id)).where(during).group_by(entry.c.canonical_url)
    count = connection.execute(select(func.count(entry.c.canonical_url.distinct())).where(during)).scalar_one()
    asked = parked_entries().where(PARKED, entry.c.id.in_(first)).order_by(entry.c.next_at.desc(), entry.c.id.desc())
    return [ParkedEntry(*row) for row in connection.execute(asked.limit(limit))], count


def retry_parked(
    connection: Connection, now: datetime, *, entry_ids: Collection[int] | None = None, error_kind: str | None = None
) -> int:
    """Lets parked entries wait again as if never tried: of these ids, of this kind of error, or all. Gives how many."""
    change = update(entry).where(PARKED)
    if error_kind is not None:
        change = change.where(entry.c.error_kind == error_kind)
    change = change.values(state="waiting", attempts=0, next_at=now, error_kind=null(), error_text=null())
    if entry_ids is not None:
        change = change.where(one_of(entry.c.id, entry_ids))
    return connection.execute(change).rowcount
