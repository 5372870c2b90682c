from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.digest.slots import latest_slot, slots_around
from alerts.settings import DAYS, SubscriptionSettings

EARLIEST, LATEST = datetime(2020, 1, 1), datetime(2035, 1, 1)  # noqa: DTZ001  hypothesis takes naive bounds


def subscribe(**changes: object) -> SubscriptionSettings:
    return SubscriptionSettings.model_validate(
        {"name": "morning", "recipients": ["analyst@example.org"], "timezone": "Europe/Vienna"} | changes
    )


def vienna(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo("Europe/Vienna"))


def test_a_slot_keeps_its_local_time_on_both_sides_of_daylight_saving() -> None:
    subscription = subscribe(time="07:00")
    assert latest_slot(subscription, vienna(2026, 3, 28, 12)).at == datetime(2026, 3, 28, 6, tzinfo=UTC)
    assert latest_slot(subscription, vienna(2026, 3, 29, 12)).at == datetime(2026, 3, 29, 5, tzinfo=UTC)


def test_a_time_that_does_not_exist_that_day_still_has_one_slot() -> None:
    subscription = subscribe(time="02:30")
    slot = latest_slot(subscription, vienna(2026, 3, 29, 12))
    assert (slot.key, slot.at) == ("2026-03-29", datetime(2026, 3, 29, 1, 30, tzinfo=UTC))


def test_a_time_that_happens_twice_has_one_slot_at_its_first() -> None:
    subscription = subscribe(time="02:30")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert latest_slot(subscription, first).at == first
    assert latest_slot(subscription, first + timedelta(hours=1)).key == "2026-10-25"
    assert latest_slot(subscription, first + timedelta(days=1, hours=1)).key == "2026-10-26"


def test_days_of_downtime_leave_one_slot_due() -> None:
    subscription = subscribe(time="07:00", days=["mon"])
    assert latest_slot(subscription, vienna(2026, 11, 25, 9)).key == "2026-11-23"


def test_the_slot_is_due_at_its_very_instant_and_not_before() -> None:
    subscription = subscribe(time="07:00")
    due = vienna(2026, 11, 25, 7)
    assert latest_slot(subscription, due).key == "2026-11-25"
    assert latest_slot(subscription, due - timedelta(microseconds=1)).key == "2026-11-24"


@given(
    now=st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    zone=st.sampled_from(
        ["UTC", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"]
    ),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    days=st.sets(st.sampled_from(DAYS), min_size=1),
)
def test_the_newest_slot_is_at_most_a_week_old_and_none_lies_between(
    now: datetime, zone: str, hour: int, minute: int, days: set[str]
) -> None:
    subscription = subscribe(timezone=zone, time=f"{hour:02d}:{minute:02d}", days=sorted(days))
    latest = latest_slot(subscription, now)
    assert latest.at <= now <= latest.at + timedelta(days=7, hours=2)
    assert not [slot for slot in slots_around(subscription, now) if latest.at < slot.at <= now]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"time": 450}, 'in quotes: "07:30"'),
        ({"time": "7am"}, "07:00"),
        ({"timezone": "Europe/Wien"}, "unknown time zone"),
        ({"countries": [False]}, '"NO"'),
        ({"countries": ["Norway"]}, "did you mean NO"),
        ({"languages": [False]}, '"no"'),
        ({"recipients": ["nobody"]}, "not a mail address"),
        ({"recipients": ["a@example.org\nBcc: b@example.org"]}, "control characters"),
        ({"recipients": ["a@example.org", "A <a@example.org>"]}, "listed twice"),
    ],
)
def test_a_wrong_subscription_is_refused_with_a_way_out(changes: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        subscribe(**changes)
