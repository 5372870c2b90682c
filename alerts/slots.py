"""When a digest is due: pure arithmetic on days, times and zones.

A slot is named by its local date, so that a day has one digest whatever the clock does: a time that daylight saving
leaves out falls on the instant it would have been (02:30 becomes 03:30), one that happens twice on its first. What was
sent is known by the name, so a clock set back sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.settings import DAYS, SubscriptionSettings

DAYS_AROUND = 8  # a week and a day: every weekday occurs at least once on either side of now


@dataclass(frozen=True, slots=True)
class Slot:
    """A scheduled digest: the instant it is due, and its name, the local date."""

    at: datetime
    key: str


def slot_on(subscription: SubscriptionSettings, day: date) -> Slot:
    """The subscription's slot on local date `day`, whether or not `day` is one of its days."""
    local = datetime.combine(day, subscription.time, tzinfo=ZoneInfo(subscription.timezone))
    return Slot(at=local.astimezone(UTC), key=day.isoformat())


def slots_around(subscription: SubscriptionSettings, now: datetime) -> Iterator[Slot]:
    """All slots within about a week of `now`, oldest first."""
    today = now.astimezone(ZoneInfo(subscription.timezone)).date()
    for offset in range(-DAYS_AROUND, DAYS_AROUND + 1):
        day = today + timedelta(days=offset)
        if DAYS[day.weekday()] in subscription.days:
            yield slot_on(subscription, day)


def latest_slot(subscription: SubscriptionSettings, now: datetime) -> Slot:
    """The newest slot at or before `now`: the one digest that is due after any downtime, if it was not made yet."""
    return max((slot for slot in slots_around(subscription, now) if slot.at <= now), key=lambda slot: slot.at)


def next_slot(subscription: SubscriptionSettings, now: datetime) -> Slot:
    """The first slot after `now`."""
    return min((slot for slot in slots_around(subscription, now) if slot.at > now), key=lambda slot: slot.at)
