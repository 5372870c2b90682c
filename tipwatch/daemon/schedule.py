"""When what is asked for: the configuration as jobs of APScheduler that only signal the engine.

The configuration is the schedule and the database knows what was done, so jobs are kept in memory only: what a
sleeping or stopped machine missed is found by the engine's next delivery, which asks each subscription for its latest
slot. Jobs run late rather than not at all, once rather than five times.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from alerts.settings import SubscriptionSettings
from tipwatch.config.settings import Settings
from tipwatch.engine.base import Engine

log = logging.getLogger(__name__)

RETRY_SECONDS = (
    60  # waiting deliveries and missed slots are looked for this often: a digest is at most so late after a wake-up
)


class Schedule:
    """Signals an engine at the configured times.

    Args:
        engine: is asked; the jobs themselves do nothing else.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)

    def apply(self, settings: Settings) -> None:
        """Makes the jobs those of `settings`; a job whose times did not change keeps its next run. Applying again
        changes nothing."""
        wanted = {f"digest:{each.name}": digest_trigger(each) for each in settings.subscriptions}
        wanted |= {
            "poll": IntervalTrigger(seconds=settings.crawler.every),
            "deliveries": IntervalTrigger(seconds=RETRY_SECONDS),
        }
        planned = {job.id: job for job in self._scheduler.get_jobs()}
        for job_id, job in planned.items():
            if job_id not in wanted or _times(job.trigger) != _times(wanted[job_id]):
                job.remove()
            else:
                del wanted[job_id]
        for job_id, trigger in wanted.items():
            self._scheduler.add_job(self._signal, trigger, args=(job_id,), id=job_id)

    def start(self) -> None:
        """Begins to signal; needs a running loop."""
        self._scheduler.start()

    def pause(self) -> None:
        """Signals nothing more; the first step of a stop."""
        if self._scheduler.running:
            self._scheduler.pause()

    def stop(self) -> None:
        """Ends it. Only after the work has ended: it would cancel a signal that is under way."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def next_runs(self) -> dict[str, datetime]:
        """Job id to its next run, soonest first; ids are `poll`, `deliveries` and `digest:NAME`."""
        runs = {job.id: job.next_run_time for job in self._scheduler.get_jobs() if job.next_run_time}
        return dict(sorted(runs.items(), key=lambda item: item[1]))

    async def _signal(self, job_id: str) -> None:
        if job_id == "poll":
            await self._engine.submit_poll()
        else:
            await self._engine.submit_digest("waiting" if job_id == "deliveries" else job_id.removeprefix("digest:"))


def digest_trigger(subscription: SubscriptionSettings) -> CronTrigger:
    """Fires at the subscription's local time on its days, on both sides of a change to or from summer time.

    A time inside the change fires at another hour or twice that day; the digest's name, its local date, makes it one.
    """
    return CronTrigger(
        day_of_week=",".join(subscription.days),
        hour=subscription.time.hour,
        minute=subscription.time.minute,
        timezone=ZoneInfo(subscription.timezone),
    )


def _times(trigger: Any) -> str:
    """When a trigger fires, whenever it was made."""
    return f"{trigger} {trigger.timezone}"


def _tell(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_MAX_INSTANCES:
        log.warning("schedule.skipped", extra={"job": event.job_id, "reason": "the previous one is still running"})
    else:
        log.error("schedule.failed", extra={"job": event.job_id}, exc_info=event.exception)
