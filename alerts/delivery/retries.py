"""When a delivery is tried again, and when it is given up: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from alerts.delivery.transports.transport import Attempt

# Greylisting servers want some minutes, an outage is over within hours; longer waits gain nothing for a daily letter.
WAITS_MINUTES = (1, 5, 15, 60)
GIVE_UP_AFTER = timedelta(days=2)  # by then two newer digests have come; RFC 5321 (4.5.4.1) gives up after 4 to 5 days
UNAUTHORISED_WAIT = timedelta(minutes=15)  # a wrong password tried in a burst locks accounts


@dataclass(frozen=True, slots=True)
class NextStep:
    """What becomes of a delivery after an attempt: done, or again at `retry_at`."""

    result: Literal["sent", "retry", "failed"]
    retry_at: datetime | None = None


def decide_next(
    attempt: Attempt, *, attempts: int, first_at: datetime, now: datetime, may_expire: bool = True
) -> NextStep:
    """The step after `attempt`, the `attempts`-th of a delivery that was frozen at `first_at`.

    `may_expire` is False while the clock is not trusted: then nothing is given up for its age.
    """
    if attempt.result == "sent":
        return NextStep("sent")
    if attempt.result == "stopped":  # at the next start, with nothing to wait for
        return NextStep("retry", now)
    if attempt.result == "refused" or (may_expire and now - first_at >= GIVE_UP_AFTER):
        return NextStep("failed")
    if attempt.result == "unauthorised":
        return NextStep("retry", now + UNAUTHORISED_WAIT)
    wait = WAITS_MINUTES[min(max(attempts, 1), len(WAITS_MINUTES)) - 1]
    return NextStep("retry", now + timedelta(minutes=wait))
