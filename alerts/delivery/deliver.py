"""Sends what lies in the outbox over a few connections: each delivery under a lease, its outcome stored at once.

Whatever a try comes to, a stop of ours included, is stored: only a process that dies while sending leaves its lease to
run out. The delivery is then tried again with the same bytes and Message-ID. Only what is cut off after DATA can make a
message arrive twice, and then it is marked so.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from alerts.delivery.retries import UNAUTHORISED_WAIT, decide_next
from alerts.delivery.sending import transfer
from alerts.delivery.sent_log import SentLog
from alerts.delivery.transports.registry import Route
from alerts.delivery.transports.transport import Attempt, Transport
from storage.database.engine import Database
from storage.digests.outbox import LeasedDelivery, finish_delivery, lease_delivery, postpone_deliveries

logger = logging.getLogger(__name__)

# What a lease has beyond the longest conversation: time to store its outcome, while the database may be busy.
LEASE_MARGIN_SECONDS = 60.0

EVENTS = {"sent": "delivery.sent", "retry": "delivery.postponed", "failed": "delivery.given_up"}

STOPPED = Attempt("stopped", "tipwatch was stopped meanwhile")


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
    routes: Sequence[Route],
    *,
    clock: Callable[[], datetime],
    may_expire: bool = True,
    sent_log: SentLog | None = None,
    stop: asyncio.Event | None = None,
) -> DeliveryCounts:
    """Tries every delivery that is due now, once, by all routes at a time. A route ends when nothing is left for it,
    when its server refuses us as a whole, or, with what is under way, when `stop` is set. See
    `alerts.service.deliver_due`.

    Raises:
        StorageError: the database failed; the next call goes on.
    """
    ends = stop or asyncio.Event()
    rounds = [Round(database, route, clock, may_expire, sent_log, ends) for route in routes]
    try:
        async with asyncio.TaskGroup() as group:
            for each in rounds:
                group.create_task(each.run())
    except BaseExceptionGroup as errors:
        raise first_of(errors) from errors
    counts = sum((each.counts for each in rounds), Counter[str]())
    error = next((each.error for each in reversed(rounds) if each.error is not None), None)
    return DeliveryCounts(counts["sent"], counts["retry"], counts["failed"], counts["unauthorised"], error)


def first_of(errors: BaseException) -> BaseException:
    """The first error of all that a group, or groups in it, gathered."""
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return errors


@dataclass(slots=True)
class Round:
    """One round of deliveries by one route: its connections, and what became of its messages.

    The door is held by a connection until the server has taken it in, so that a wrong password is tried once.
    """

    database: Database
    route: Route
    clock: Callable[[], datetime]
    may_expire: bool
    sent_log: SentLog | None
    stop: asyncio.Event
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_refused: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    error: str | None = None

    async def run(self) -> None:
        first = self.route.make_transport()
        others = [self.route.make_transport() for _ in range(first.connections - 1)]
        async with asyncio.TaskGroup() as group:
            for transport in (first, *others):
                group.create_task(self.work(transport))

    async def work(self, transport: Transport) -> None:
        """Sends over one connection what no other has taken."""
        with contextlib.ExitStack() as door:
            await self.door.acquire()
            door.callback(self.door.release)
            try:
                while not (self.stop.is_set() or self.is_refused) and (
                    delivery := await self.lease(transport.limit_seconds + LEASE_MARGIN_SECONDS)
                ):
                    attempt = await self.attempt(transport, delivery, opened=door.close)
                    await finish(self.store_outcome(delivery, attempt))
                    if attempt.result == "unauthorised":
                        await self.give_up(attempt)
            finally:
                await transport.close()

    async def attempt(self, transport: Transport, delivery: LeasedDelivery, *, opened: Callable[[], None]) -> Attempt:
        try:
            return await transfer(
                transport,
                delivery.message,
                recipient=delivery.recipient,
                message_id=delivery.message_id,
                opened=opened,
            )
        except asyncio.CancelledError:
            stopped = replace(STOPPED, is_ambiguous=transport.may_have_arrived)
            await finish(self.store_outcome(delivery, stopped))
            raise

    async def give_up(self, attempt: Attempt) -> None:
        """Leaves all that waits for later: the server refuses us, and a burst of tries locks accounts."""
        self.is_refused = True
        await self.database.write(
            postpone_deliveries,
            until_at=self.clock() + UNAUTHORISED_WAIT,
            error=attempt.error,
            channel=self.route.channel,
        )

    async def lease(self, lease_seconds: float) -> LeasedDelivery | None:
        leasing = asyncio.ensure_future(
            self.database.write(lease_delivery, self.clock(), lease_seconds=lease_seconds, channel=self.route.channel)
        )
        try:
            return await asyncio.shield(leasing)
        except asyncio.CancelledError:
            if (delivery := await leasing) is not None:
                await self.store_outcome(delivery, STOPPED)
            raise

    async def store_outcome(self, delivery: LeasedDelivery, attempt: Attempt) -> None:
        """Stores what came of one attempt and counts it."""
        if attempt.result == "sent" and self.sent_log is not None:  # first: what is not noted might be announced again
            await self.sent_log.note(self.database, delivery.digest_id)
        now = self.clock()
        step = decide_next(
            attempt, attempts=delivery.attempts, first_at=delivery.created_at, now=now, may_expire=self.may_expire
        )
        is_stored = await self.database.write(
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
            logger.warning("delivery.lease_lost", extra={"delivery": delivery.id})
            return
        level = logging.INFO if step.result == "sent" else logging.WARNING
        fields = {"delivery": delivery.id, "subscription": delivery.subscription, "attempt": delivery.attempts}
        if attempt.error is not None:
            fields["reason"] = attempt.error
        logger.log(level, EVENTS[step.result], extra=fields)
        self.counts[step.result] += 1
        self.counts["unauthorised"] += step.result == "retry" and attempt.result == "unauthorised"
        self.error = attempt.error or self.error


async def finish(work: Coroutine[Any, Any, None]) -> None:
    """Waits until `work` has ended, though a cancellation comes meanwhile; raises that then."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
