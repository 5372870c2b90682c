"""Deliveries as an operator handles them: listed, tried now, sent again, cancelled.

    pending ──▶ cancelled ──▶ pending          failed ──▶ cancelled          failed ──▶ pending

What a person asks for here is one transaction; the bytes of a message never change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select, text, update

from storage.database.statements import one_of
from storage.digests.digests import FAILED, OPEN, DeliveryRecord, DeliveryState, find_deliveries
from storage.tables.schema import delivery, digest


def list_deliveries(
    connection: Connection,
    *,
    state: DeliveryState | None = None,
    subscription: str | None = None,
    limit: int = 20,
) -> list[DeliveryRecord]:
    """Deliveries, the latest first; of one state and one subscription where these are given."""
    asked = [
        column == value
        for column, value in ((delivery.c.state, state), (delivery.c.subscription, subscription))
        if value is not None
    ]
    return find_deliveries(connection, *asked, order=delivery.c.id.desc(), limit=limit)


def get_deliveries(connection: Connection, ids: Collection[int]) -> list[DeliveryRecord]:
    """The deliveries of these ids, by id; those that are not there are left out."""
    return find_deliveries(connection, one_of(delivery.c.id, ids))


def list_waiting(connection: Connection, late_from_at: datetime, *, limit: int = 20) -> list[DeliveryRecord]:
    """The deliveries that have neither arrived nor been given up and were tried in vain, or were frozen before a time;
    the oldest first."""
    is_in_trouble = delivery.c.error.is_not(None) | (delivery.c.created_at < late_from_at)
    return find_deliveries(connection, OPEN, is_in_trouble, limit=limit)


def hasten_deliveries(connection: Connection, subscriptions: Collection[str] | None, *, now: datetime) -> int:
    """Makes due now what waits for another try, of these subscriptions or (None) of all; gives how many. What is just
    being sent is left alone."""
    waiting = update(delivery).where(text("delivery.state = 'pending'"), delivery.c.next_at > now)
    if subscriptions is not None:
        waiting = waiting.where(one_of(delivery.c.subscription, subscriptions))
    return connection.execute(waiting.values(next_at=now)).rowcount


def resend_deliveries(connection: Connection, ids: Sequence[int], *, now: datetime) -> list[int]:
    """Lets deliveries that were given up or cancelled be tried again, as if they were new; gives the ids of those.

    A message whose bytes were forgotten cannot be sent again.
    """
    again = (
        update(delivery)
        .where(
            one_of(delivery.c.id, ids),
            delivery.c.state.in_(("failed", "cancelled")),
            delivery.c.message.is_not(None),
        )
        .values(state="pending", attempts=0, next_at=now, created_at=now, finished_at=None, error=None)
        .returning(delivery.c.id, delivery.c.digest_id)
    )
    rows = connection.execute(again).all()
    reopened = update(digest).where(one_of(digest.c.id, {row.digest_id for row in rows}))
    connection.execute(reopened.values(state="rendered", done_at=None))
    return sorted(row.id for row in rows)


def cancel_deliveries(connection: Connection, ids: Sequence[int], *, now: datetime) -> list[int]:
    """Ends deliveries that wait or were given up, for good; gives the ids of those. What is just being sent, or has
    arrived, is left alone. The reason of the last failure stays."""
    cancelled = (
        update(delivery)
        .where(one_of(delivery.c.id, ids), delivery.c.state.in_(("pending", "failed")))
        .values(state="cancelled", finished_at=now)
        .returning(delivery.c.id, delivery.c.digest_id)
    )
    rows = connection.execute(cancelled).all()
    close_digests(connection, {row.digest_id for row in rows}, now)
    return sorted(row.id for row in rows)


def cancel_unwanted(connection: Connection, is_wanted: Callable[[str, str], bool], *, now: datetime) -> list[int]:
    """Cancels what waits for, or could not reach, recipients that are not wanted any more; gives the ids.

    Args:
        is_wanted: of a subscription and a recipient, as they stand in the outbox.
    """
    asked = select(delivery.c.id, delivery.c.subscription, delivery.c.recipient)
    rows = [
        *connection.execute(asked.where(OPEN, delivery.c.state == "pending")),
        *connection.execute(asked.where(FAILED)),
    ]
    unwanted = [row.id for row in rows if not is_wanted(row.subscription, row.recipient)]
    return cancel_deliveries(connection, unwanted, now=now) if unwanted else []


def close_digests(connection: Connection, ids: Collection[int], now: datetime) -> None:
    """Makes those of these digests done of which no delivery is open."""
    still_open = exists().where(OPEN, delivery.c.digest_id == digest.c.id)
    ended = update(digest).where(one_of(digest.c.id, ids), digest.c.state == "rendered", ~still_open)
    connection.execute(ended.values(state="done", done_at=now))
