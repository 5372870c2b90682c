"""The one crawler of a process: opened at the first crawl, shared by crawls of different hosts, replaced when its
settings change."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from tipwatch.config.load import Configuration

if TYPE_CHECKING:
    from crawler.http.robots import SharedRobotsCache
    from crawler.politeness.rate_limiter import SharedLimiterStore
    from crawler.service import Crawler


class SharedCrawler:
    """Holds it; `close` it at the end."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._crawler: Crawler | None = None
        self._settings: object = None
        self._shared: tuple[SharedLimiterStore, SharedRobotsCache] | None = None
        self._opening = asyncio.Lock()
        self._crawls = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    def share(self, ledger: SharedLimiterStore, shelf: SharedRobotsCache) -> None:
        """From now on the turns of hosts, and what their robots.txt say, are shared with other processes."""
        self._shared = ledger, shelf
        if self._crawler is not None:
            self._share_with(self._crawler)

    def times_elsewhere(self) -> list[datetime]:
        """What web servers said it is now."""
        return self._crawler.client.server_times.now_elsewhere() if self._crawler is not None else []

    @contextlib.asynccontextmanager
    async def using(self, configuration: Configuration) -> AsyncIterator[Crawler]:
        """The crawler, which nobody closes meanwhile."""
        async with self._opening:
            crawler = await self._open(configuration)
            self._crawls += 1
            self._is_idle.clear()
        try:
            yield crawler
        finally:
            self._crawls -= 1
            if not self._crawls:
                self._is_idle.set()

    def make_room(self) -> None:
        """Ends worker processes that have nothing to do; starting others costs the next crawl a second."""
        if self._crawler is not None and not self._crawls:
            self._crawler.pool.end_idle()

    async def close(self) -> None:
        """Ends its session and its worker processes."""
        crawler, self._crawler = self._crawler, None
        if crawler is not None:
            await crawler.__aexit__(None, None, None)

    async def _open(self, configuration: Configuration) -> Crawler:
        from crawler.service import Crawler

        settings = configuration.crawler, configuration.classifier
        if self._crawler is None or self._settings != settings:
            await self._is_idle.wait()  # for crawls that go by the older ones
            await self.close()
            crawler = Crawler(configuration.crawler, classifier_settings=configuration.classifier, now=self._now)
            self._share_with(crawler)
            self._crawler = await crawler.__aenter__()
            self._settings = settings
        return self._crawler

    def _share_with(self, crawler: Crawler) -> None:
        if self._shared is not None:
            ledger, shelf = self._shared
            crawler.limiter.share(ledger)
            crawler.robots.share(shelf)
