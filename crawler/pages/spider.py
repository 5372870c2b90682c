"""Fetches the pages of waiting entries, has them read and judged, and hands each on.

In: `PendingPage`s, pulled a few at a time from where they wait, so that memory does not grow with what waits. Out:
`PageReading` and `PageFailure` items, which the pipeline stores in batches. Promises: every page pulled ends as one of
them, or stays waiting in the database untouched; hosts are visited side by side, each by as many lanes as it allows;
pages in flight at a stop are finished.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

from crawler.http.client import Response, page_options
from crawler.http.failures import FetchError
from crawler.pages.read import judge_page, read_page
from crawler.pages.records import FetchedPage, PageReading, PassedPage
from crawler.pages.retry_decision import decide_retry
from crawler.pages.store import PageStore
from crawler.politeness.rate_limiter import HostPaused
from crawler.scrapy.spider import TaskSpider
from crawler.workers.errors import CallTimeout, PoolClosed, WorkerCrashed, WorkersUnavailable
from crawler.workers.internal_errors import FAULT, is_internal, log_internal_error
from storage.articles.made_address import is_made, make_address
from storage.records import PageFailure, PendingPage

HELD_PAGES = 300
"""Pages held at most (a row with its summary is some 2 kB)."""

LOW_PAGES = 100
"""More are pulled when fewer than this are held."""

WAITING_BODIES = 16
"""Bodies that may wait for a worker beyond the requests under way."""

READ_SECONDS = 10.0
"""Longest time for reading and judging one page; the slowest real pages take under one."""

SLOW_PAGES = 3
"""So many pages of a host in a row that did not come, or could not be read, in time, and its others are left for the
next crawl: at half a minute each, a few hundred of them would keep everybody else's pages waiting for hours."""


class PagesSpider(TaskSpider):
    """Reads waiting pages until none is left.

    Args:
        pages: where they wait, and what came of them is stored.
        first: those that were pulled already.
        read: what the workers run on every page; `crawler.pages.read.read_page`.
        slow: of each host, how many pages in a row did not come in time; kept over the spiders of one crawl.
    """

    name = "pages"
    custom_settings = {  # noqa: RUF012  # declared so by Scrapy
        "ITEM_PIPELINES": {"crawler.pages.pipeline.RegisterPipeline": 300}
    }

    pages: PageStore
    first: Sequence[PendingPage] = ()
    read: Callable[[FetchedPage], PageReading | PassedPage] = staticmethod(read_page)
    slow: dict[str, int]

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        arguments.setdefault("slow", {})
        super().__init__(name, **arguments)
        self._lanes: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        """By host, as many as it allows visits at once; the pages that wait for one hold it."""
        self._held = 0
        self._in_hand: set[int] = set()
        """Entries pulled and not stored yet, and those of paused hosts: not to be pulled again."""
        self._room = asyncio.Semaphore(self.context.settings.concurrency + WAITING_BODIES)
        self._options = page_options(self.context.settings, self.context.robots.require)

    async def work(self) -> None:
        """Pulls pages and has each visited in its turn, until nothing waits."""
        is_exhausted = False
        for page in self.first:
            self._hold(page)
        while not self.is_stopping:
            if not is_exhausted and self._held < LOW_PAGES:
                pages = await self.pages.pull(HELD_PAGES - self._held, self._in_hand)
                is_exhausted = not pages
                for page in pages:
                    self._hold(page)
                continue
            if not self._tasks:
                if is_exhausted:
                    return
                continue
            await self.pause()
            is_exhausted = is_exhausted and self._held > 0

    def _hold(self, page: PendingPage) -> None:
        self._in_hand.update(page.entry_ids)
        self._held += 1
        self.launch(self._visit_in_turn(page))

    async def _visit_in_turn(self, page: PendingPage) -> None:
        """Visits a page after those of its host that came before it, or leaves it waiting for a later crawl."""
        lane = self._lanes.get(page.host)
        if lane is None:
            lane = self._lanes[page.host] = asyncio.Semaphore(self.context.settings.concurrency_per_host)
        async with lane:
            self._held -= 1
            if self._held == LOW_PAGES - 1:
                self._wake.set()
            if not self.is_stopping and self.slow.get(page.host, 0) < SLOW_PAGES:
                async with self._room:
                    await self._visit(page)

    async def _visit(self, page: PendingPage) -> None:
        """Fetches a page and hands on what came of it; nothing where its host wants no visit now."""
        if is_made(page.canonical_url):
            await self._read(page, self._without_body(page, "the entry has no page of its own"))
            return
        try:
            response = await self.fetch(page.url, self._options)
        except HostPaused as paused:
            if paused.host != page.host:  # that of a redirect: the page's own host has nothing against us
                await self.emit(PageFailure(page.entry_ids, "paused", str(paused), paused.until))
        except FetchError as error:
            self._count_slow(page, is_slow=error.kind == "timeout")
            await self._settle(page, error.kind, error.text)
        except Exception as error:
            await self._park_internal_error(page, error)
        else:
            try:
                await self._take(page, response)
            finally:
                response.release()

    async def _take(self, page: PendingPage, response: Response) -> None:
        if response.is_ok:
            fetched = FetchedPage.of(page, response, self.context.now(), self.context.settings.max_body_bytes)
            await self._read(page, fetched)
            return
        self._count_slow(page, is_slow=False)
        text = f"the server answered {response.status}"
        await self._settle(page, response.kind, text, wait_seconds=response.retry_after_seconds)

    def _without_body(self, page: PendingPage, note: str | None) -> FetchedPage:
        return FetchedPage(page, page.url, None, self.context.now(), note=note)

    async def _read(self, page: PendingPage, fetched: FetchedPage) -> None:
        try:
            reading = await self._read_and_judge(fetched)
        except FetchError as error:
            await self._settle(page, error.kind, error.text)
        except PoolClosed:
            self.stop()
        except WorkersUnavailable as error:  # not the page's doing
            self.give_up(error)
        except (CallTimeout, WorkerCrashed) as error:
            if isinstance(error, CallTimeout):
                self._count_slow(page, is_slow=True)
            await self._settle(page, error.kind, f"reading the page {error}")
        except Exception as error:
            await self._park_internal_error(page, error)
        else:
            self._count_slow(page, is_slow=False)
            await self.emit(reading)

    async def _read_and_judge(self, fetched: FetchedPage) -> PageReading:
        reading = await self.context.pool.run(self.read, fetched, timeout_seconds=READ_SECONDS)
        if isinstance(reading, PassedPage):
            return await self.context.pool.run(judge_page, reading, timeout_seconds=READ_SECONDS, is_pinned=True)
        return reading

    def _count_slow(self, page: PendingPage, *, is_slow: bool) -> None:
        self.slow[page.host] = self.slow.get(page.host, 0) + 1 if is_slow else 0

    async def _park_internal_error(self, page: PendingPage, error: Exception) -> None:
        """Parks a page that our own code stumbles over; raises what is no fault of ours."""
        if not is_internal(error):
            raise error
        await self._park(page, FAULT, log_internal_error(error, page.url))

    async def _settle(self, page: PendingPage, kind: str, text: str, *, wait_seconds: int | None = None) -> None:
        decision = decide_retry(kind, text, attempts=page.attempts, now=self.context.now(), wait_seconds=wait_seconds)
        if decision.what == "summary":
            await self._read(page, self._without_body(page, decision.note))
        elif decision.what == "park":
            await self._park(page, kind, text)
        else:
            await self.emit(PageFailure(page.entry_ids, kind, text, decision.retry_at))

    async def _park(self, page: PendingPage, kind: str, text: str) -> None:
        """Hands on that a page is not tried again by itself, with what its entry's own words make."""
        try:
            stand_in = await self._read_and_judge(
                self._without_body(
                    replace(page, entry_ids=(), canonical_url=make_address(page.canonical_url)),
                    f"the page could not be read: {text}",
                )
            )
        except (PoolClosed, WorkersUnavailable) as error:  # the page waits for the next crawl
            self.give_up(error) if isinstance(error, WorkersUnavailable) else self.stop()
        except Exception:  # what befalls the page may befall the words too; that is told of the page
            await self.emit(PageFailure(page.entry_ids, kind, text, None))
        else:
            await self.emit(PageFailure(page.entry_ids, kind, text, None, (stand_in.reading, stand_in.verdict)))

    def stored(self, entry_ids: Collection[int]) -> None:
        """Told by the pipeline when entries are stored: they will not be pulled again."""
        self._in_hand.difference_update(entry_ids)
