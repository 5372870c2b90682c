"""The two coroutines that do the work under every engine: crawl what is due, deliver what is due.

Each takes all it needs from the database and the configuration in force, and leaves all it did in the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TYPE_CHECKING

from tipwatch.config import Configuration

if TYPE_CHECKING:
    from crawler.progress import Progress
    from crawler.service import Crawler

    from storage.engine import Database

__all__ = ["Work"]

log = logging.getLogger(__name__)


class Work:
    """Crawls and delivers on one database.

    Args:
        database: open; its daemon lock, where one is needed, is the caller's.
        configuration: in force; `use` replaces it.
        now: the clock.
        progress: is told of a crawl as it goes; None tells the log.
    """

    def __init__(
        self,
        database: Database,
        configuration: Configuration,
        *,
        now: Callable[[], datetime],
        progress: Progress | None = None,
    ) -> None:
        self._database = database
        self._configuration = configuration
        self._now = now
        self._progress = progress
        self._crawler: Crawler | None = None
        self._crawler_is_for: Configuration | None = None
        self._closing = AsyncExitStack()
        self.doing: list[str] = []
        self.last_fault: str | None = None

    def use(self, configuration: Configuration) -> None:
        """Takes up another configuration from the next crawl or delivery on."""
        self._configuration = configuration

    async def close(self) -> None:
        """Ends the crawler's session and worker processes."""
        await self._closing.aclose()
        self._crawler = None
