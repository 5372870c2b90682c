"""Sends what lies in the outbox: one delivery at a time, under a lease, its outcome stored before the next.

A process that dies while sending loses its lease; the delivery is tried again with the same bytes and Message-ID. Only
a connection lost after DATA can make a message arrive twice, and then it is marked so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alerts.retries import UNAUTHORISED_WAIT, decide_next
from alerts.sent_log import SentLog
from alerts.settings import MailSettings
from alerts.transport import Attempt, open_transport
from storage.engine import Database
from storage.outbox import LeasedDelivery, finish_delivery, lease_deliveries, postpone_deliveries

logger = logging.getLogger(__name__)

# Answers of a server in one conversation (greeting, EHLO, STARTTLS, EHLO, AUTH twice, MAIL, RCPT, DATA, the message):
# a lease outlasts them all at the configured wait. No longer, since after a crash the delivery waits for its end: with
# the wait of 30 s unless set otherwise, five minutes of the ten in which a digest is promised.
ANSWERS = 10


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """What became of the deliveries that were due. `unauthorised`: those of `later` that wait because the server
    refuses us (a wrong password), which no waiting mends. `error` is the latest trouble in words.
    """

    sent: int = 0
    later: int = 0
    failed: int = 0
    unauthorised: int = 0
    error: str | None = None

    @property
    def needs_a_person(self) -> bool:
        """Whether something was given up, or will be unless somebody mends it."""
        return bool(self.failed or self.unauthorised)


async def deliver_pending(
    database: Database,
    mail: MailSettings,
    outbox_folder: Path,
    *,
    clock: Callable[[], datetime],
    may_expire: bool = True,
    sent_log: SentLog | None = None,
) -> DeliveryCounts:
    """Tries every delivery that is due now, once. Ends when none is left, or when the server refuses us as a whole.

    See `alerts.service.deliver_due`.
    """
    counts = DeliveryCounts()
    lease_seconds = ANSWERS * mail.timeout_seconds
    with open_transport(mail, outbox_folder) as transport:
        while leased := await database.write(lease_deliveries, clock(), limit=1, lease_seconds=lease_seconds):
            [delivery] = leased
            attempt = await asyncio.to_thread(
                transport.send, delivery.message, recipient=delivery.recipient, message_id=delivery.message_id
            )
            if attempt.result == "sent" and sent_log is not None:
                await sent_log.note(database, delivery.digest_id)
            counts = await store_outcome(database, delivery, attempt, counts, clock(), may_expire=may_expire)
            if attempt.result == "unauthorised":  # with one message or another: a burst of tries locks accounts
                await database.write(postpone_deliveries, until_at=clock() + UNAUTHORISED_WAIT, error=attempt.error)
                break
    return counts


async def store_outcome(
    database: Database,
    delivery: LeasedDelivery,
    attempt: Attempt,
    counts: DeliveryCounts,
    now: datetime,
    *,
    may_expire: bool,
) -> DeliveryCounts:
    """Stores what came of one attempt and adds it to `counts`."""
    step = decide_next(
        attempt, attempts=delivery.attempts, first_at=delivery.created_at, now=now, may_expire=may_expire
    )
    is_stored = await database.write(
        finish_delivery,
        delivery.id,
        attempts=delivery.attempts,
        result=step.result,
        error=attempt.error,
        retry_at=step.retry_at,
        now=now,
        is_uncertain=attempt.is_ambiguous,
    )
    if not is_stored:
        logger.warning("delivery.lease_lost delivery=%s", delivery.id)
        return counts
    level = logging.INFO if step.result == "sent" else logging.WARNING
    logger.log(
        level, "delivery.%s delivery=%s attempt=%s error=%s", step.result, delivery.id, delivery.attempts, attempt.error
    )
    return DeliveryCounts(
        sent=counts.sent + (step.result == "sent"),
        later=counts.later + (step.result == "retry"),
        failed=counts.failed + (step.result == "failed"),
        unauthorised=counts.unauthorised + (step.result == "retry" and attempt.result == "unauthorised"),
        error=attempt.error or counts.error,
    )
