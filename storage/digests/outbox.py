"""What goes out, once: digests claimed by slot, projects announced once a subscription, deliveries leased and fenced.

    digest    claimed ──▶ rendered ──▶ done          delivery  pending ──▶ sending ──▶ sent
              (unique subscription and slot)                      ▲  retry    │   └───▶ failed
                                                                  └───────────┘
What a person makes of a delivery (again, or never) is in `deliveries`.

Every arrow is one transaction. A digest claimed by a process that died is found again (`unfinished_digests`) and
composed anew; `freeze_digest` lets only the first through. The bytes of a message are frozen before the first try and
never change. What a digest should hold is asked of `announcements`, what was made of `digests`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, case, exists, null, select, text, update

from storage.database.errors import AlreadyAnnounced
from storage.database.statements import add_to_counters, insert
from storage.digests.announcements import announced_families, note_announced
from storage.digests.deliveries import close_digests
from storage.digests.digests import DELIVERY_COLUMNS, OPEN, DeliveryRecord
from storage.tables.schema import delivery, digest

# Built once: every connection of every round asks for it, and an alias costs more than the query.
EARLIER = delivery.alias("earlier")
OVERTAKES = exists().where(
    text("earlier.state IN ('pending', 'sending')"),
    EARLIER.c.subscription == delivery.c.subscription,
    EARLIER.c.recipient == delivery.c.recipient,
    EARLIER.c.digest_id < delivery.c.digest_id,
)


@dataclass(frozen=True, slots=True)
class FrozenDelivery:
    """One message to be sent: the bytes as they will go out, with their Message-ID."""

    recipient: str
    message_id: str
    message: bytes


@dataclass(frozen=True, slots=True)
class LeasedDelivery(DeliveryRecord):
    """A delivery that this process may try now, with its bytes."""

    message: bytes


def claim_digest(
    connection: Connection,
    subscription: str,
    slot_key: str,
    slot_at: datetime,
    *,
    period: tuple[datetime, datetime] | None = None,
    now: datetime,
) -> int | None:
    """Takes a slot for this process: the new digest's id, or None where the slot was claimed before, by whomever.

    Args:
        slot_key: the local date of the slot: whatever clocks and zones do, one digest a subscription and day.
        period: from when until when the digest reports; of no length, at `slot_at`, unless it is given.
    """
    from_at, to_at = period or (slot_at, slot_at)
    row = {"subscription": subscription, "slot_key": slot_key, "slot_at": slot_at, "state": "claimed"}
    new = insert(connection, digest).values(**row, period_from_at=from_at, period_to_at=to_at, claimed_at=now)
    return connection.execute(new.on_conflict_do_nothing().returning(digest.c.id)).scalar_one_or_none()


def freeze_digest(
    connection: Connection,
    digest_id: int,
    *,
    summary: Mapping[str, Any],
    deliveries: Collection[FrozenDelivery],
    now: datetime,
    project_ids: Collection[int] = (),
    article_ids: Collection[int] = (),
) -> bool:
    """Makes a claimed digest final: its projects announced, its messages in the outbox, all in this transaction.

    Args:
        project_ids: the projects announced as new (internal ids).
        article_ids: the articles announced, of new and updated projects.

    Returns:
        False, with nothing stored, where the digest is not waiting for it (another process was first).

    Raises:
        AlreadyAnnounced: one of the projects, or one merged into it, reached the subscription meanwhile; undo and
            compose again.
    """
    found = connection.execute(
        update(digest)
        .where(digest.c.id == digest_id, digest.c.state == "claimed")
        .values(
            state="rendered" if deliveries else "done",
            rendered_at=now,
            done_at=None if deliveries else now,
            summary=dict(summary),
        )
        .returning(digest.c.subscription)
    ).scalar_one_or_none()
    if found is None:
        return False
    known = announced_families(connection, found, project_ids)
    new = note_announced(connection, found, digest_id, project_ids=project_ids, article_ids=article_ids, now=now)
    if known or new < len(set(project_ids)):
        raise AlreadyAnnounced(f"another digest announced a project to {found} meanwhile")
    for one in deliveries:  # one by one: a message may have megabytes, and there may be many
        row = {"digest_id": digest_id, "subscription": found, "next_at": now, "created_at": now, **asdict(one)}
        connection.execute(insert(connection, delivery), row)
    return True


def goes_to(channel: str | None) -> ColumnElement[bool]:
    """Deliveries to a channel, or (None) to mail addresses: the name of a channel holds no @."""
    return delivery.c.recipient.contains("@") if channel is None else delivery.c.recipient == channel


def lease_delivery(
    connection: Connection, now: datetime, *, lease_seconds: float, channel: str | None = None
) -> LeasedDelivery | None:
    """Takes a delivery to a channel, or to mail addresses, that is due for `lease_seconds`, which must be longer than
    any try takes; None where none is due.

    One whose lease ran out (its process died or hung) is given again, marked as perhaps repeated. A later digest waits
    until every earlier one to the same recipient and subscription has arrived or failed for good, so that none
    overtakes another. What was tried less often comes first: whoever's server hangs at every try waits behind the rest.
    """
    due: Select[int] = (
        select(delivery.c.id)
        .where(OPEN, delivery.c.next_at <= now, goes_to(channel), ~OVERTAKES)
        .order_by(delivery.c.attempts, delivery.c.next_at, delivery.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    leased = (
        update(delivery)
        .where(delivery.c.id.in_(due))
        .values(
            attempts=delivery.c.attempts + 1,
            next_at=now + timedelta(seconds=lease_seconds),
            may_be_repeated=case((delivery.c.state == "sending", 1), else_=delivery.c.may_be_repeated),
            state="sending",
        )
        .returning(*DELIVERY_COLUMNS, delivery.c.message)
    )
    row = connection.execute(leased).one_or_none()
    return None if row is None else LeasedDelivery(*row)


def finish_delivery(
    connection: Connection,
    delivery_id: int,
    *,
    attempts: int,
    result: Literal["sent", "retry", "failed"],
    error: str | None,
    retry_at: datetime | None,
    now: datetime,
    is_uncertain: bool = False,
) -> bool:
    """Stores what came of a try; the last delivery to end makes its digest done.

    Args:
        attempts: as leased; where it does not match, the lease was lost to another process and nothing is stored.
        retry_at: when to try again; needed for `retry`.
        is_uncertain: the message may have arrived all the same (connection lost after DATA).

    Returns:
        Whether it was stored.
    """
    if result == "retry" and retry_at is None:
        raise ValueError("a delivery to be tried again needs the time of it")
    state = {"sent": "sent", "retry": "pending", "failed": "failed"}[result]
    values: dict[str, Any] = {"state": state, "error": error}
    values |= {"next_at": retry_at} if result == "retry" else {"finished_at": now}
    if is_uncertain:
        values["may_be_repeated"] = True
    mine = (delivery.c.id == delivery_id, delivery.c.attempts == attempts, delivery.c.state == "sending")
    digest_id = connection.execute(
        update(delivery).where(*mine).values(values).returning(delivery.c.digest_id)
    ).scalar_one_or_none()
    if digest_id is None:
        return False
    if result == "sent":
        add_to_counters(connection, {"deliveries_sent": 1})
    if result != "retry":
        close_digests(connection, {digest_id}, now)
    return True


def postpone_deliveries(
    connection: Connection, *, until_at: datetime, error: str | None, channel: str | None = None
) -> int:
    """Puts off every delivery that waits for a channel, or for mail, to a time at the earliest: its server refuses us,
    whatever is sent. Gives how many."""
    waiting = update(delivery).where(
        text("delivery.state = 'pending'"), goes_to(channel), delivery.c.next_at < until_at
    )
    return connection.execute(waiting.values(next_at=until_at, error=error)).rowcount


def forget_messages(connection: Connection, before_at: datetime) -> int:
    """Drops the bytes of messages of digests done before a time; the record of them stays. Gives how many."""
    long_done = select(digest.c.id).where(digest.c.state == "done", digest.c.done_at < before_at)
    dropped = update(delivery).where(delivery.c.digest_id.in_(long_done), delivery.c.message.is_not(None))
    return connection.execute(dropped.values(message=null())).rowcount
