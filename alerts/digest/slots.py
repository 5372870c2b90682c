"""When a digest is due: pure arithmetic on days, times and zones.

A slot is named by its local date, so that a day has one digest whatever the clock does: a time that daylight saving
leaves out falls on the instant it would have been (02:30 becomes 03:30), one that happens twice on its first. What was
sent is known by the name, so a clock set back sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from alerts.settings import DAYS, SubscriptionSettings

Kind = Literal["daily", "immediate", "weekly"]
DAYS_AROUND = 8  # a week and a day: every weekday occurs at least once on either side of now


@dataclass(frozen=True, slots=True)
class Slot:
    """A scheduled digest: the instant it is due, and its name, the local date."""

    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Period:
    """The slot and the span of one digest; `searched_from_at` reaches further back, never before the subscription."""

    slot: Slot
    from_at: datetime
    to_at: datetime
    searched_from_at: datetime


def slots_around(subscription: SubscriptionSettings, now: datetime) -> Iterator[Slot]:
    """All slots within about a week of `now`, oldest first."""
    zone = ZoneInfo(subscription.timezone)
    today = now.astimezone(zone).date()
    for offset in range(-DAYS_AROUND, DAYS_AROUND + 1):
        day = today + timedelta(days=offset)
        if DAYS[day.weekday()] in subscription.days:
            local = datetime.combine(day, subscription.time, tzinfo=zone)
            yield Slot(at=local.astimezone(UTC), key=day.isoformat())


def latest_slot(subscription: SubscriptionSettings, now: datetime) -> Slot:
    """The newest slot at or before `now`: the one digest that is due after any downtime, if it was not made yet."""
    return max((slot for slot in slots_around(subscription, now) if slot.at <= now), key=lambda slot: slot.at)


def kind_of(key: str) -> Kind:
    """What a slot's name says it is: a digest of its day, what was sent at once, or a week's summary."""
    if "T" in key:
        return "immediate"
    return "weekly" if "W" in key else "daily"


def immediate_key(now: datetime) -> str:
    """The name of what is sent at once: the minute, in UTC, so that two processes at a time send it once."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H%MZ}"


def weekly_key(subscription: SubscriptionSettings, slot: Slot) -> str | None:
    """The name (ISO 8601 week) of the summary that follows the digest of `slot`; None on other days than its own."""
    day = date.fromisoformat(slot.key)
    if subscription.weekly_summary is None or DAYS[day.weekday()] != subscription.weekly_summary:
        return None
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
