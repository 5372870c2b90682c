"""What was made and sent, for people to look at: digests, their deliveries, how many in which state. Only reads.

Apart from `outbox`, which writes them, because `tipwatch status` must not load what composing a digest needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, TextClause, func, select, text

from storage.database.statements import one_of, read_counters, read_record
from storage.tables.schema import delivery, digest

DigestState = Literal["claimed", "rendered", "done"]
DeliveryState = Literal["pending", "sending", "sent", "failed", "cancelled"]

OPEN = text("delivery.state IN ('pending', 'sending')")
FAILED = text("delivery.state = 'failed'")
"""Literal, for the indexes of deliveries that are still to be made, or were given up."""


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """A digest: what slot it is for, how far it is, and its deliveries counted by state."""

    id: int
    subscription: str
    slot_key: str
    slot_at: datetime
    period_from_at: datetime
    period_to_at: datetime
    state: DigestState
    claimed_at: datetime
    rendered_at: datetime | None
    done_at: datetime | None
    summary: Mapping[str, Any] | None
    deliveries: Mapping[DeliveryState, int]


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One message to one recipient, without its bytes (`get_message`). `may_be_repeated`: an earlier try may have
    arrived without our knowing."""

    id: int
    digest_id: int
    subscription: str
    recipient: str
    message_id: str
    state: DeliveryState
    attempts: int
    next_at: datetime
    created_at: datetime
    finished_at: datetime | None
    may_be_repeated: bool
    error: str | None


DELIVERY_COLUMNS = [delivery.c[name] for name in DeliveryRecord.__dataclass_fields__]


def find_deliveries(
    connection: Connection,
    *asked: ColumnElement[bool] | TextClause,
    order: ColumnElement[Any] = delivery.c.id,
    limit: int | None = None,
) -> list[DeliveryRecord]:
    """The deliveries that all of this holds for, in this order, at most `limit`."""
    rows = connection.execute(select(*DELIVERY_COLUMNS).where(*asked).order_by(order).limit(limit))
    return [DeliveryRecord(*row) for row in rows]


def last_slot(connection: Connection, subscription: str, now: datetime | None = None) -> datetime | None:
    """The latest slot that was ever claimed for a subscription; None where there was none.

    Slots after `now` do not count: they were claimed when the clock was wrong, and must not silence it until then.
    """
    asked = select(digest.c.slot_at).where(digest.c.subscription == subscription)
    if now is not None:
        asked = asked.where(digest.c.slot_at <= now)
    return connection.execute(asked.order_by(digest.c.slot_at.desc()).limit(1)).scalar_one_or_none()


def unfinished_digests(connection: Connection, subscription: str | None = None) -> list[DigestRecord]:
    """Digests claimed and never rendered, the oldest slot first: to be composed again, for the period they name.

    Composing one that another process is just composing does no harm: `freeze_digest` lets one through.
    """
    asked = select(digest).where(text("digest.state <> 'done'"), digest.c.state == "claimed").order_by(digest.c.slot_at)
    if subscription is not None:
        asked = asked.where(digest.c.subscription == subscription)
    return [read_record(DigestRecord, row, deliveries={}) for row in connection.execute(asked)]


def list_digests(connection: Connection, *, subscription: str | None = None, limit: int = 20) -> list[DigestRecord]:
    """Digests with their deliveries counted, the latest claimed first."""
    asked = select(digest).order_by(digest.c.id.desc()).limit(limit)
    if subscription is not None:
        asked = asked.where(digest.c.subscription == subscription)
    rows = connection.execute(asked).all()
    its = one_of(delivery.c.digest_id, [row.id for row in rows])
    by = (delivery.c.digest_id, delivery.c.state)
    counts: dict[int, dict[DeliveryState, int]] = {}
    for digest_id, state, count in connection.execute(select(*by, func.count()).where(its).group_by(*by)):
        counts.setdefault(digest_id, {})[state] = count
    return [read_record(DigestRecord, row, deliveries=counts.get(row.id, {})) for row in rows]


def get_digest(connection: Connection, digest_id: int) -> tuple[DigestRecord, list[DeliveryRecord]] | None:
    """One digest with its deliveries in the order they were made; None where there is none of this id."""
    row = connection.execute(select(digest).where(digest.c.id == digest_id)).one_or_none()
    if row is None:
        return None
    its = find_deliveries(connection, delivery.c.digest_id == digest_id)
    return read_record(DigestRecord, row, deliveries=dict(Counter(one.state for one in its))), its


def get_message(connection: Connection, delivery_id: int) -> bytes | None:
    """The frozen bytes of a delivery; None where there is none of this id or its bytes were forgotten."""
    return connection.execute(select(delivery.c.message).where(delivery.c.id == delivery_id)).scalar_one_or_none()


def delivery_counts(connection: Connection) -> dict[DeliveryState, int]:
    """Deliveries by state, but for those cancelled. Those that arrived are counted as they do, so that nothing long
    sent is read."""
    asked = select(delivery.c.state, func.count()).where(OPEN).group_by(delivery.c.state)
    still_open: dict[DeliveryState, int] = dict(connection.execute(asked).all())
    failed = select(func.count()).select_from(delivery).where(FAILED)
    return {
        "pending": still_open.get("pending", 0),
        "sending": still_open.get("sending", 0),
        "sent": read_counters(connection).get("deliveries_sent", 0),
        "failed": connection.execute(failed).scalar_one(),
    }


def list_failed_deliveries(connection: Connection, *, limit: int = 20) -> list[DeliveryRecord]:
    """The deliveries given up, the latest first, at most `limit`."""
    return find_deliveries(connection, FAILED, order=delivery.c.finished_at.desc(), limit=limit)
