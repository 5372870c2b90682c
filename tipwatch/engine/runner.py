"""The two coroutines that do the work under every engine: crawl what is due, deliver what is due.

Each takes all it needs from the database and the configuration in force, and leaves all it did in the database: each
crawl is a run that `tipwatch status` tells of, also when it fails.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawler.progress import CrawlSummary, Found, Progress, SilentProgress
from crawler.workers.allocator import return_large_blocks, trim_heap
from tipwatch.config.load import Configuration
from tipwatch.engine.clock_check import ClockCheck
from tipwatch.engine.shared_crawler import SharedCrawler

if TYPE_CHECKING:
    from alerts.delivery.sent_log import SentLog
    from alerts.service import DeliverySummary
    from alerts.settings import SubscriptionSettings
    from crawler.http.robots import SharedRobotsCache
    from crawler.politeness.rate_limiter import SharedLimiterStore
    from storage.database.engine import Database

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# The bytes of sent mail: a quarter to look something up; that it was sent stays known.
MESSAGES_KEPT = timedelta(days=90)

SENT_LOG = "sent.jsonl"  # in the data folder; see `alerts.delivery.sent_log`


class LogProgress(SilentProgress):
    """Reports to the daemon's log what was found; the crawl's end with its numbers is logged below."""

    def failed(self, source: str, kind: str, text: str) -> None:
        """One line a source."""
        log.warning("source.failed", extra={"source": source, "kind": kind, "reason": text})

    def found(self, kind: Found, title: str) -> None:
        """One line a project; a relevant article alone is not news to an operator."""
        if kind != "relevant":
            log.info("project.found", extra={"kind": kind, "title": title})


class Runner:
    """Crawls and delivers on one database; `close` it at the end.

    Crawls of different hosts may run at the same time; they share one crawler.

    Args:
        database: open; its daemon lock is the caller's.
        configuration: in force; `use` replaces it.
        now: the clock.
        progress: is told of each crawl as it goes.
    """

    def __init__(
        self, database: Database, configuration: Configuration, *, now: Clock, progress: Progress | None = None
    ) -> None:
        return_large_blocks()
        self.doing: list[str] = []
        self._crawl_fault: str | None = None
        self._digest_fault: str | None = None
        self._database = database
        self._configuration = configuration
        self._now = now
        self._clock = ClockCheck(configuration.data_folder, now)
        self._progress = progress or LogProgress()
        self._sent_log: SentLog | None = None
        self._crawler = SharedCrawler(now)

    def share(self, ledger: SharedLimiterStore, shelf: SharedRobotsCache) -> None:
        """From now on the turns of hosts, and what their robots.txt say, are shared with other processes."""
        self._crawler.share(ledger, shelf)

    def use(self, configuration: Configuration) -> None:
        """Takes up another configuration from the next crawl or delivery on."""
        self._configuration = configuration

    @property
    def last_fault(self) -> str | None:
        """What went wrong inside tipwatch in the last crawl or delivery; None where nothing did."""
        return self._crawl_fault or self._digest_fault

    @property
    def clock_doubt(self) -> str | None:
        """Why this machine's clock is not trusted, in a sentence; None while it is."""
        return self._clock.doubt

    def _is_clock_trusted(self) -> bool:
        return self._clock.is_trusted(self._crawler.times_elsewhere())

    async def close(self) -> None:
        """Ends the crawler's session and its worker processes."""
        await self._crawler.close()

    async def prepare_sources(self) -> None:
        """Makes the watched sources those of the configuration, undoes what a wrong clock put off, and forgets what is
        old: for crawls of some hosts, which leave all that to us."""
        from storage.clock import forget_future
        from storage.sources.sources import sync_sources

        await self._database.write(forget_future, self._now())
        specs = [source.as_spec() for source in self._configuration.sources]
        await self._database.write(sync_sources, specs, self._now())
        await self._forget_old()

    async def crawl(
        self,
        stop: asyncio.Event,
        hosts: Sequence[str] | None = None,
        *,
        names: Sequence[str] | None = None,
        is_forced: bool = False,
    ) -> CrawlSummary:
        """See `engine.base.Work`. The run is noted with its outcome, and what it raises is raised."""
        from storage.clock import forget_future
        from storage.runs import finish_run, start_run

        if hosts is None:  # it looks at all sources, which a visit of one host must not: the planner sees to it
            await self._database.write(forget_future, self._now())
        run_id = await self._database.write(start_run, "crawl", self._now(), is_only=hosts is None)
        self.doing.append("crawling")
        outcome: Any = "failed"
        summary: dict[str, Any] = {}
        try:
            async with self._crawler.using(self._configuration) as crawler:
                done = await crawler.crawl(
                    self._database,
                    self._configuration.sources,
                    progress=self._progress,
                    stop=stop,
                    hosts=hosts,
                    names=names,
                    is_forced=is_forced,
                    is_clock_trusted=self._is_clock_trusted(),
                )
            outcome, summary = "stopped" if done.is_stopped else "done", done.as_json()
            self._crawl_fault = None
        except Exception as error:
            summary = {"error": f"{type(error).__name__}: {error}"}
            self._crawl_fault = f"the crawl failed ({type(error).__name__}: {error}); the log has the details"
            raise
        finally:
            self.doing.remove("crawling")
            trim_heap()
            await asyncio.shield(
                self._database.write(finish_run, run_id, outcome=outcome, summary=summary, now=self._now())
            )
        log.info("crawl.done", extra={key: n for key, n in summary.items() if isinstance(n, (int, float)) and n})
        if hosts is None:
            await self._forget_old()
        return done

    async def deliver(
        self,
        stop: asyncio.Event | None = None,
        subscriptions: Sequence[SubscriptionSettings] | None = None,
        *,
        is_forced: bool = False,
    ) -> DeliverySummary:
        """Makes the digests that are due (of these subscriptions, else of all) and sends what waits; ends early, with
        what is under way stored, when `stop` is set. What waits for another try gets it now where it `is_forced`. What
        was for recipients who are not configured any more is cancelled."""
        from alerts.delivery.sent_log import SentLog
        from alerts.service import deliver_due
        from storage.clock import correct_future_dates, forget_future
        from storage.digests.deliveries import cancel_unwanted, hasten_deliveries

        await self._database.write(forget_future, self._now())
        is_clock_trusted = self._is_clock_trusted()
        if is_clock_trusted:
            await self._database.write(correct_future_dates, self._now())
        configuration = self._configuration
        await self._database.write(cancel_unwanted, configuration.is_recipient, now=self._now())
        await self._alert_operator()
        if is_forced:
            names = None if subscriptions is None else [each.name for each in subscriptions]
            await self._database.write(hasten_deliveries, names, now=self._now())
        if self._sent_log is None:
            self._sent_log = SentLog(configuration.data_folder / SENT_LOG)
        self.doing.append("delivering")
        try:
            summary = await deliver_due(
                self._database,
                configuration.settings.subscriptions if subscriptions is None else subscriptions,
                configuration.mail,
                channels=configuration.settings.channels,
                clock=self._now,
                make_room=self._make_room,
                may_expire=is_clock_trusted,
                sent_log=self._sent_log,
                stop=stop,
            )
        finally:
            self.doing.remove("delivering")
        self._digest_fault = summary.faults[0] if summary.faults else None
        if summary.digests:
            trim_heap()
        return summary

    async def _alert_operator(self) -> None:
        """Whatever goes wrong in it holds up no digest."""
        from alerts.operator import alert_operator
        from storage.database.errors import StorageError

        configuration = self._configuration
        if configuration.settings.operator is None:
            return
        try:
            await alert_operator(
                self._database,
                configuration.settings.operator,
                configuration.mail,
                free_bytes=shutil.disk_usage(configuration.data_folder).free,
                crawl_every_seconds=configuration.settings.crawler.every,
                now=self._now(),
            )
        except StorageError:
            raise
        except Exception:
            log.exception("operator.internal_error")

    def _make_room(self) -> None:
        """For a digest of thousands, which needs memory."""
        self._crawler.make_room()
        trim_heap()

    async def _forget_old(self) -> None:
        """What retention asks to forget: raw texts where configured, bytes of old mail. Nothing while the clock is
        not trusted: what is dropped is gone."""
        from storage.articles.store import forget_texts
        from storage.digests.outbox import forget_messages

        if not self._is_clock_trusted():
            return
        days = self._configuration.settings.storage.keep_text_days
        if days is not None:
            await self._database.write(forget_texts, self._now() - timedelta(days=days))
        await self._database.write(forget_messages, self._now() - MESSAGES_KEPT)
