"""The front of alerts: makes the digests that are due and sends what waits in the outbox.

What enters are the database, the subscriptions and the mail settings; what leaves is a `DeliverySummary`. May be called
at any time and by any number of processes: a slot is claimed once, its projects are announced in the transaction that
freezes its messages, and a delivery is tried under a lease.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from alerts.delivery.deliver import DeliveryCounts, deliver_pending
from alerts.delivery.sending import transfer
from alerts.delivery.sent_log import SentLog
from alerts.delivery.transports.registry import list_routes, make_transport
from alerts.delivery.transports.transport import Attempt
from alerts.digest.build import BuiltDigest, build_digest, render_within_size
from alerts.digest.compose import compose_now
from alerts.digest.periods import claim_due, find_period, plan_period
from alerts.digest.slots import latest_slot
from alerts.i18n.phrases import one_line
from alerts.render.message import Heading, RenderedDigest, make_message
from alerts.settings import ChannelSettings, MailSettings, SubscriptionSettings
from storage.database.engine import Database
from storage.database.errors import StorageError
from storage.digests.digests import DigestRecord, unfinished_digests
from storage.digests.sent import SentDigest, recall_announcements

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """What one call of `deliver_due` did. `faults` are sentences on digests that our own code could not make."""

    digests: tuple[BuiltDigest, ...] = ()
    deliveries: DeliveryCounts = field(default_factory=DeliveryCounts)
    faults: tuple[str, ...] = ()

    @property
    def needs_a_person(self) -> bool:
        """Whether something was given up, refused, or went wrong inside tipwatch."""
        return bool(self.faults) or self.deliveries.needs_a_person


async def deliver_due(
    database: Database,
    subscriptions: Sequence[SubscriptionSettings],
    mail: MailSettings,
    *,
    channels: Sequence[ChannelSettings] = (),
    clock: Callable[[], datetime],
    make_room: Callable[[], None] = lambda: None,
    may_expire: bool = True,
    sent_log: SentLog | None = None,
    stop: asyncio.Event | None = None,
) -> DeliverySummary:
    """Makes the digests whose slot has come, then sends every delivery that is due. A digest that our own code cannot
    make is logged and tried again at the next call; the others are made and sent all the same.

    Args:
        make_room: called before each digest that is made, to give back memory that nothing needs just now.
        may_expire: False while the clock is not trusted: then no delivery is given up for its age.
        sent_log: what was sent, whatever the database knows: that is not announced again.
        stop: ends it early, once set, with what is under way stored.

    Raises:
        StorageError: the database failed; what was frozen before stays, and the next call goes on.
    """
    made: list[BuiltDigest] = []
    faults: list[str] = []
    forgotten = await sent_log.find_forgotten(database) if sent_log is not None else []
    for subscription in subscriptions:
        if stop is not None and stop.is_set():
            break
        waiting: Sequence[DigestRecord] = ()
        with _noting_faults(faults, subscription):
            mine = [one for one in forgotten if one.subscription == subscription.name]
            await claim_due(database, subscription, clock(), mine)
            waiting = await database.read(unfinished_digests, subscription.name)
        for one in waiting:
            with _noting_faults(faults, subscription):
                make_room()
                digest = await make_claimed(database, subscription, mail, one, clock=clock, forgotten=mine)
                made += [digest] if digest is not None else []
    deliveries = await deliver_pending(
        database, list_routes(mail, channels), clock=clock, may_expire=may_expire, sent_log=sent_log, stop=stop
    )
    return DeliverySummary(tuple(made), deliveries, tuple(faults))


@contextmanager
def _noting_faults(faults: list[str], subscription: SubscriptionSettings) -> Iterator[None]:
    """Keeps a fault of our own code to the one digest it befalls."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        logger.exception("digest.internal_error", extra={"subscription": subscription.name})
        reason = one_line(f"{type(error).__name__}: {error}")
        faults.append(f"the digest {subscription.name} cannot be made ({reason}); the log has the details")


async def make_claimed(
    database: Database,
    subscription: SubscriptionSettings,
    mail: MailSettings,
    waiting: DigestRecord,
    *,
    clock: Callable[[], datetime],
    forgotten: Sequence[SentDigest],
) -> BuiltDigest | None:
    """Makes a digest that is claimed and not made; None where another process did so first.

    What the `forgotten` digests announced, and the database does not know of, is noted as announced.
    """
    period = await find_period(database, subscription, waiting)
    if urls := [url for one in forgotten for url in one.urls]:
        await database.write(
            recall_announcements, digest_id=waiting.id, subscription=subscription.name, urls=urls, now=clock()
        )
    return await build_digest(database, subscription, mail, digest_id=waiting.id, period=period, clock=clock)


def preview(database: Database, subscription: SubscriptionSettings, now: datetime) -> RenderedDigest:
    """The digest this subscription would get now, without claiming, announcing or sending anything."""
    with database.reading() as connection:
        period = plan_period(connection, subscription, latest_slot(subscription, now), now)
        composition = compose_now(connection, subscription, period, now)
    return render_within_size(composition, limit=subscription.limit)


async def send_trial(
    database: Database,
    subscription: SubscriptionSettings,
    mail: MailSettings,
    *,
    recipient: str,
    now: datetime,
) -> Attempt:
    """Sends the digest as it would be now to one address, marked as a test; nothing is claimed, announced or kept."""
    rendered = preview(database, subscription, now)
    marked = replace(rendered, subject=f"[test] {rendered.subject}")
    slot_key = f"test-{now:%Y%m%dT%H%M%S%f}"  # each test is a message of its own
    heading = Heading(subscription.name, slot_key, mail.sender, now, mail.unsubscribe_url)
    message = make_message(marked, heading, recipient, is_text_only=subscription.format == "text")
    transport = make_transport(mail)
    try:
        return await transfer(transport, message.as_bytes(), recipient=recipient, message_id=message["Message-ID"])
    finally:
        await transport.close()
