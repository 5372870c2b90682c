"""The spider that visits sources of all kinds but feeds; a feed costs fifteen times as much through Scrapy's engine."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.scrapy.spider import TaskSpider
from crawler.sources.due import DueSource
from crawler.sources.recorder import OutcomeRecorder
from crawler.sources.visitor import Visitor


class SourceSpider(TaskSpider):
    """Visits sources, fetching through Scrapy.

    Args:
        sources: those to visit.
        recorder: takes the outcomes.
    """

    name = "sources"
    sources: Sequence[DueSource]
    recorder: OutcomeRecorder

    async def work(self) -> None:
        """Visits all of them."""
        self.launch(Visitor(self.context, self.recorder, self.fetch).run(self.sources))
        await self.settle()
