"""Which digests are due, and what span each covers: slots claimed in the database, once.

Only the daily digest moves a subscription's memory on. What is sent at once and a week's summary are claimed with the
span of no length at the last daily cut-off, so that the next daily digest begins where the last one ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts.digest.filters import is_immediate
from alerts.digest.slots import Period, Slot, immediate_key, kind_of, latest_slot, weekly_key
from alerts.settings import SubscriptionSettings
from storage.database.engine import Database
from storage.digests.announcements import unannounced_ids
from storage.digests.coverage import has_read_anything, read_memory
from storage.digests.digests import DigestRecord, last_slot
from storage.digests.outbox import claim_digest
from storage.digests.sent import SentDigest
from storage.projects.projects import stream_projects

# How far before the last digest's cut-off is looked for projects that were never announced: a transaction that ended
# late, a project that only now has a country the subscription asks for. What was announced is known for itself.
LOOK_BEHIND = timedelta(days=7)


async def claim_due(
    database: Database, subscription: SubscriptionSettings, now: datetime, forgotten: Sequence[SentDigest] = ()
) -> None:
    """Claims what is due: the latest slot with the summary that follows it, and what is to be sent at once.

    `forgotten` are digests of this subscription that were sent and that the database does not know.
    """
    slot = await claim_due_slot(database, subscription, now, forgotten)
    week = weekly_key(subscription, slot) if slot is not None else None
    if week is not None:
        await _claim_beside(database, subscription, week, now)
    if subscription.immediate is not None and await database.read(_has_immediate, subscription, now):
        await _claim_beside(database, subscription, immediate_key(now), now)


async def claim_due_slot(
    database: Database, subscription: SubscriptionSettings, now: datetime, forgotten: Sequence[SentDigest] = ()
) -> Slot | None:
    """Claims the latest slot and gives it; None where it, or a later one, was claimed before. Days of downtime are one
    slot.

    A new subscription's first slot waits until anything was read: else the first digest of a new installation would be
    an empty one, and its news a day late.
    """
    slot = latest_slot(subscription, now)
    before = await database.read(last_slot, subscription.name, now)
    sent_at = [one.slot_at for one in forgotten if one.slot_at <= now]
    before = max([*sent_at, before] if before is not None else sent_at, default=None)
    if before is not None and before >= slot.at:
        return None
    if before is None and not await database.read(has_read_anything):
        return None

    def claim(connection: Connection) -> int | None:
        period = plan_period(connection, subscription, slot, now)
        span = (period.from_at, period.to_at)
        return claim_digest(connection, subscription.name, slot.key, slot.at, period=span, now=now)

    return slot if await database.write(claim) is not None else None


async def _claim_beside(database: Database, subscription: SubscriptionSettings, key: str, now: datetime) -> None:
    def claim(connection: Connection) -> None:
        memory = read_memory(connection, subscription.name, now)
        if memory is not None:
            cut_off = min(memory.covered_until_at, now)  # not now: a daily slot between the two must stay due
            claim_digest(connection, subscription.name, key, cut_off, now=now)

    await database.write(claim)


def _has_immediate(connection: Connection, subscription: SubscriptionSettings, now: datetime) -> bool:
    """Whether a project waits that is to be sent at once; never before a subscription's first digest."""
    memory = read_memory(connection, subscription.name, now)
    if memory is None:
        return False
    since_at = max(memory.began_at, memory.covered_until_at - LOOK_BEHIND)
    waiting = stream_projects(
        connection, unannounced_ids(connection, subscription.name, since_at=since_at, until_at=now)
    )
    return any(is_immediate(subscription, one) for one in waiting)


def plan_period(connection: Connection, subscription: SubscriptionSettings, slot: Slot, now: datetime) -> Period:
    """The period of a digest made now: from the last one's cut-off, or as far back as a new one looks, until now."""
    memory = read_memory(connection, subscription.name, now)
    if memory is None:
        began = now - timedelta(days=subscription.lookback_days)
        return Period(slot, began, now, began)
    from_at = min(memory.covered_until_at, now)
    return Period(slot, from_at, now, max(memory.began_at, from_at - LOOK_BEHIND))


async def find_period(database: Database, subscription: SubscriptionSettings, waiting: DigestRecord) -> Period:
    """The period of a digest that was claimed, now or by a process that died."""
    slot, from_at, to_at = Slot(waiting.slot_at, waiting.slot_key), waiting.period_from_at, waiting.period_to_at
    if kind_of(slot.key) == "immediate":
        to_at = waiting.claimed_at  # what it announces came after the last cut-off
    memory = await database.read(read_memory, subscription.name, to_at)
    since_at = from_at if memory is None else min(from_at, max(memory.began_at, from_at - LOOK_BEHIND))
    return Period(slot, from_at, to_at, since_at)
