"""A small watch over sources on loopback: a database, a clock that is moved by hand, one crawl's visits at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import select

from crawler.context import CrawlContext, CrawlSession
from crawler.progress import CrawlSummary, SilentProgress
from crawler.settings import CrawlerSettings
from crawler.sources.due import DueSource
from crawler.sources.registry import parse_source
from crawler.sources.visit import visit_sources
from crawler.workers.pool import WorkerPool
from storage.database.engine import Database
from storage.records import SourceState
from storage.sources.sources import due_sources, sync_sources
from storage.tables.schema import entry, source

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class InlinePool(WorkerPool):
    """Runs what the worker processes would run, here: fast, and it counts. The processes have tests of their own."""

    def __init__(self, before: Callable[[Any], None] | None = None) -> None:
        super().__init__(1)
        self.calls = 0
        self._before = before

    async def run(
        self, function: Callable[[*Ts], T], *args: *Ts, timeout_seconds: float = 10.0, is_pinned: bool = False
    ) -> T:
        self.calls += 1
        if self._before is not None:
            self._before(next(iter(args)))
        return function(*args)


class Watch:
    """Visits feeds as a crawl does."""

    def __init__(self, database_url: str, sources: Sequence[Any], **settings: Any) -> None:
        self.database = Database.open(database_url)
        self.sources = [parse_source(one) for one in sources]
        self.settings = CrawlerSettings.model_validate(
            {"allow_addresses": ["127.0.0.1/32"], "delay_seconds": 0, "timeout_seconds": 2, **settings}
        )
        self.now = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
        self.pool = InlinePool()
        self.stop = asyncio.Event()

    def close(self) -> None:
        self.database.close()

    async def poll(self, *, is_forced: bool = True, later: timedelta = timedelta(hours=1)) -> CrawlSummary:
        """One round over what is due; the clock is moved on afterwards. A limiter of its own, as after a restart."""
        await self.database.write(sync_sources, [one.as_spec() for one in self.sources], self.now)
        due = await self.database.read(due_sources, self.now, is_forced=is_forced)
        by_name = {one.label: one for one in self.sources}
        summary = CrawlSummary(sources=len(due))
        async with CrawlSession(self.settings, self.pool, now=lambda: self.now) as session:
            context = CrawlContext(
                settings=self.settings,
                database=self.database,
                client=session.client,
                limiter=session.limiter,
                robots=session.robots,
                pool=self.pool,
                progress=SilentProgress(),
                summary=summary,
                stop=self.stop,
                now=lambda: self.now,
            )
            await visit_sources(context, [DueSource.of(state, by_name[state.name]) for state in due])
        self.now += later
        return summary

    def states(self) -> dict[str, SourceState]:
        """What is remembered of each source, by its address."""
        with self.database.reading() as connection:
            return {one.url: one for one in due_sources(connection, self.now, is_forced=True)}

    def state(self) -> SourceState:
        """What is remembered of the only source."""
        (one,) = self.states().values()
        return one

    def health(self) -> Any:
        """The row of the only source."""
        with self.database.reading() as connection:
            return connection.execute(select(source)).one()

    def titles(self) -> list[str]:
        """Of all entries, in the order they came."""
        with self.database.reading() as connection:
            return list(connection.execute(select(entry.c.title).order_by(entry.c.id)).scalars())
