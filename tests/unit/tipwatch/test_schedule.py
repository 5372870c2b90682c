"""The schedule follows the configuration: local times over changes of the clock, and only what changed is planned
anew."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tipwatch.config.load import read_config
from tipwatch.config.settings import Settings
from tipwatch.daemon.schedule import Schedule, digest_trigger


class Recorder:
    """An engine that only remembers what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def submit_poll(self) -> None:
        self.asked.append("poll")

    async def submit_digest(self, slot: str) -> None:
        self.asked.append(f"digest {slot}")

    async def run(self, stop: asyncio.Event) -> None:
        await stop.wait()


def settings(*subscriptions: str, every: str = "1h") -> Settings:
    listed = "".join(f"\n  - {{recipients: [a@b.org], {each}}}" for each in subscriptions) or " []"
    text = f"contact: a@b.org\ncrawler: {{every: {every}}}\nsubscriptions:{listed}\n"
    return read_config(text.encode(), Path("c.yaml"), {}).settings


def fires(subscription: str, after: datetime, count: int) -> list[datetime]:
    trigger = digest_trigger(settings(subscription).subscriptions[0])
    found: list[datetime] = []
    at: datetime | None = None
    for _ in range(count):
        at = trigger.get_next_fire_time(at, after if at is None else at + timedelta(seconds=1))
        assert at is not None
        found.append(at)
    return found


def test_a_digest_is_at_its_local_time_on_both_sides_of_summer_time() -> None:
    spring = fires("name: x, time: 07:00, timezone: Europe/Vienna", datetime(2026, 3, 28, tzinfo=UTC), 3)
    assert [(at.day, at.hour, at.astimezone(UTC).hour) for at in spring] == [(28, 7, 6), (29, 7, 5), (30, 7, 5)]


def test_days_are_the_days_that_are_named() -> None:
    days = fires("name: x, time: 07:00, days: [mon, wed]", datetime(2026, 11, 21, tzinfo=UTC), 4)  # a Saturday
    assert [at.strftime("%a") for at in days] == ["Mon", "Wed", "Mon", "Wed"]


async def test_only_what_changed_is_planned_anew() -> None:
    schedule = Schedule(Recorder())
    schedule.apply(settings("name: a, time: 07:00", "name: b, time: 08:00"))
    schedule.start()
    try:
        before = schedule.next_runs()
        assert set(before) == {"poll", "deliveries", "digest:a", "digest:b"}
        schedule.apply(settings("name: a, time: 07:00", "name: b, time: 09:00", "name: c, time: 10:00"))
        after = schedule.next_runs()
        assert set(after) == {"poll", "deliveries", "digest:a", "digest:b", "digest:c"}
        assert after["poll"] == before["poll"]
        assert after["digest:a"] == before["digest:a"]
        assert after["digest:b"].hour == 9
        schedule.apply(settings(every="2h"))
        assert set(schedule.next_runs()) == {"poll", "deliveries"}
        assert schedule.next_runs()["poll"] != before["poll"]
    finally:
        schedule.stop()


async def test_jobs_only_signal_the_engine() -> None:
    recorder = Recorder()
    schedule = Schedule(recorder)
    schedule.apply(settings("name: a, time: 07:00"))
    schedule.start()
    try:
        for job in schedule._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC) - timedelta(hours=5))  # long missed: still run, once
        schedule._scheduler.wakeup()
        async with asyncio.timeout(5):
            while len(recorder.asked) < 3:
                await asyncio.sleep(0.01)
        schedule.pause()
    finally:
        schedule.stop()
    assert sorted(recorder.asked) == ["digest a", "digest waiting", "poll"]
