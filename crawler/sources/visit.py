"""Visits the sources that are due, and stores the outcomes."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any

from crawler.context import CrawlContext
from crawler.sources.due import DueSource
from crawler.sources.recorder import OutcomeRecorder
from crawler.sources.registry import DEFAULT_KIND
from crawler.sources.visitor import Visitor


async def visit_sources(context: CrawlContext, due: Sequence[DueSource]) -> None:
    """Visits all sources and stores the outcomes. Raises StorageError, WorkerError."""
    feeds = [source for source in due if source.settings.kind == DEFAULT_KIND]
    others = [source for source in due if source.settings.kind != DEFAULT_KIND]
    recorder = OutcomeRecorder(context)
    visits: list[Coroutine[Any, Any, Any]] = [Visitor(context, recorder, context.client.fetch).run(feeds)]
    if others:
        from crawler.scrapy.run import run_spider  # Scrapy takes a quarter of a second
        from crawler.sources.spider import SourceSpider

        visits.append(run_spider(SourceSpider, context, sources=others, recorder=recorder))
    await recorder.record(visits)
