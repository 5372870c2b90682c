"""The front of alerts: makes the digests that are due and sends what waits in the outbox.

What enters are the database, the subscriptions and the mail settings; what leaves is a `DeliverySummary`. May be called
at any time and by any number of processes: a slot is claimed once, its projects are announced in the transaction that
freezes its messages, and a delivery is tried under a lease.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from alerts.compose import Composition, Findings, compose
from alerts.deliver import DeliveryCounts, deliver_pending
from alerts.message import RenderedDigest, make_message
from alerts.render import render_digest
from alerts.settings import MailSettings, SubscriptionSettings
from alerts.slots import Slot, latest_slot
from storage.coverage import count_articles_read, has_read_anything, read_memory
from storage.engine import Database
from storage.errors import AlreadyAnnounced
from storage.health import list_source_health
from storage.outbox import (
    FrozenDelivery,
    claim_digest,
    freeze_digest,
    last_slot,
    maybe_articles,
    other_stories,
    unannounced_projects,
    unfinished_digests,
    updated_projects,
)

logger = logging.getLogger(__name__)

# How far before the last digest's cut-off is looked for projects that were never announced: a transaction that ended
# late, a project that only now has a country the subscription asks for. What was announced is known for itself.
LOOK_BEHIND = timedelta(days=7)
COMPOSE_TRIES = 3  # another process announcing at the same moment is rare; three times in a row it does not happen
MAYBE_SHOWN = 20  # more doubtful lines than this nobody reads


@dataclass(frozen=True, slots=True)
class Period:
    """The slot and the span of one digest; `searched_from_at` reaches further back, never before the subscription."""

    slot: Slot
    from_at: datetime
    to_at: datetime
    searched_from_at: datetime


@dataclass(frozen=True, slots=True)
class MadeDigest:
    """One digest that was made: its counts, and to how many recipients it goes (none where it was empty)."""

    subscription: str
    slot_key: str
    subject: str
    new_projects: int
    updates: int
    recipients: int


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """What one call of `deliver_due` did."""

    digests: tuple[MadeDigest, ...] = ()
    deliveries: DeliveryCounts = field(default_factory=DeliveryCounts)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


async def deliver_due(
    database: Database,
    subscriptions: Sequence[SubscriptionSettings],
    mail: MailSettings,
    *,
    outbox_folder: Path,
    clock: Callable[[], datetime],
) -> DeliverySummary:
    """Makes the digests whose slot has come, then sends every delivery that is due.

    Raises:
        StorageError: the database failed; what was frozen before stays, and the next call goes on.
    """
    made: list[MadeDigest] = []
    for subscription in subscriptions:
        await claim_due_slot(database, subscription, clock())
        for waiting in await database.read(unfinished_digests, subscription.name):
            period = Period(
                Slot(waiting.slot_at, waiting.slot_key),
                waiting.period_from_at,
                waiting.period_to_at,
                await searched_from(database, subscription, waiting.period_from_at),
            )
            digest = await make_digest(database, subscription, mail, digest_id=waiting.id, period=period, clock=clock)
            if digest is not None:
                made.append(digest)
    return DeliverySummary(tuple(made), await deliver_pending(database, mail, outbox_folder, clock=clock))


def preview(database: Database, subscription: SubscriptionSettings, now: datetime) -> RenderedDigest:
    """The digest this subscription would get now, without claiming, announcing or sending anything."""
    with database.reading() as connection:
        period = plan_period(connection, subscription, latest_slot(subscription, now), now)
        composition = compose_now(connection, subscription, period, now)
    return render_digest(composition.content)


async def claim_due_slot(database: Database, subscription: SubscriptionSettings, now: datetime) -> None:
    """Claims the latest slot, unless it, or a later one, was claimed before. Days of downtime are one slot.

    A new subscription's first slot waits until anything was read: else the first digest of a new installation would be
    an empty one, and its news a day late.
    """
    slot = latest_slot(subscription, now)
    before = await database.read(last_slot, subscription.name)
    if before is not None and before >= slot.at:
        return
    if before is None and not await database.read(has_read_anything):
        return

    def claim(connection: Connection) -> int | None:
        period = plan_period(connection, subscription, slot, now)
        return claim_digest(
            connection,
            subscription=subscription.name,
            slot_key=slot.key,
            slot_at=slot.at,
            period_from_at=period.from_at,
            period_to_at=period.to_at,
            now=now,
        )

    await database.write(claim)


def plan_period(connection: Connection, subscription: SubscriptionSettings, slot: Slot, now: datetime) -> Period:
    """The period of a digest made now: from the last one's cut-off, or as far back as a new one looks, until now."""
    memory = read_memory(connection, subscription.name)
    if memory is None:
        began = now - timedelta(days=subscription.lookback_days)
        return Period(slot, began, now, began)
    from_at = min(memory.covered_until_at, now)
    return Period(slot, from_at, now, max(memory.began_at, from_at - LOOK_BEHIND))


async def searched_from(database: Database, subscription: SubscriptionSettings, from_at: datetime) -> datetime:
    memory = await database.read(read_memory, subscription.name)
    return from_at if memory is None else min(from_at, max(memory.began_at, from_at - LOOK_BEHIND))


def compose_now(
    connection: Connection, subscription: SubscriptionSettings, period: Period, now: datetime
) -> Composition:
    """Reads what the digest may hold, from one snapshot, and composes it."""
    searched = {"since_at": period.searched_from_at, "until_at": period.to_at}
    span = {"since_at": period.from_at, "until_at": period.to_at}
    findings = Findings(
        projects=unannounced_projects(connection, subscription.name, **searched),
        updates=updated_projects(connection, subscription.name, **searched),
        maybe=maybe_articles(connection, limit=MAYBE_SHOWN, **span),
        # Languages are chosen afterwards: ask for enough to choose from.
        stories=other_stories(connection, limit=10 * subscription.other_news, **span)
        if subscription.other_news
        else (),
        health=list_source_health(connection, now),
        articles_read=count_articles_read(connection, **span),
    )
    return compose(
        subscription,
        findings,
        slot_key=period.slot.key,
        slot_at=period.slot.at,
        period_from_at=period.from_at,
        period_to_at=period.to_at,
    )


async def make_digest(
    database: Database,
    subscription: SubscriptionSettings,
    mail: MailSettings,
    *,
    digest_id: int,
    period: Period,
    clock: Callable[[], datetime],
) -> MadeDigest | None:
    """Composes, renders and freezes one claimed digest; None where another process did so first."""
    for tries_left in range(COMPOSE_TRIES - 1, -1, -1):
        now = clock()
        composition = await database.read(compose_now, subscription, period, now)
        rendered = await asyncio.to_thread(render_digest, composition.content)
        is_sent = subscription.send_empty or not composition.content.is_empty
        frozen = freeze_messages(rendered, subscription, mail, period.slot.key, now) if is_sent else []
        digest = MadeDigest(
            subscription=subscription.name,
            slot_key=period.slot.key,
            subject=rendered.subject,
            new_projects=len(composition.content.new_projects),
            updates=len(composition.content.updates),
            recipients=len(frozen),
        )
        try:
            is_mine = await database.write(
                freeze_digest,
                digest_id,
                summary=asdict(digest),
                project_ids=composition.project_ids,
                article_ids=composition.article_ids,
                deliveries=frozen,
                now=now,
            )
        except AlreadyAnnounced:
            if not tries_left:
                raise
            continue
        if not is_mine:
            return None
        logger.info(
            "digest.made subscription=%s slot=%s new=%s updates=%s recipients=%s",
            digest.subscription, digest.slot_key, digest.new_projects, digest.updates, digest.recipients,
        )  # fmt: skip
        return digest
    return None


def freeze_messages(
    rendered: RenderedDigest, subscription: SubscriptionSettings, mail: MailSettings, slot_key: str, now: datetime
) -> list[FrozenDelivery]:
    """One message a recipient, as bytes."""
    frozen = []
    for recipient in subscription.recipients:
        message = make_message(
            rendered,
            subscription=subscription.name,
            slot_key=slot_key,
            sender=mail.sender,
            recipient=recipient,
            composed_at=now,
        )
        frozen.append(FrozenDelivery(recipient, message["Message-ID"], message.as_bytes()))
    return frozen
