"""Visits the feeds that are due, then the fallback listings of those that failed."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.context import CrawlContext
from crawler.sources.due import DueSource
from crawler.sources.feed.fallback import FallbackRecorder
from crawler.sources.feed.poll import FeedPoller
from crawler.sources.recorder import Recorder


async def visit(context: CrawlContext, recorder: Recorder, feeds: Sequence[DueSource]) -> None:
    """See `crawler.sources.visit.VisitKind`."""
    holding = FallbackRecorder(recorder)
    try:
        await FeedPoller(context, holding).poll(feeds)
        if holding.listings and not context.stop.is_set():
            from crawler.sources.listing.spider import ListingSpider  # Scrapy takes a quarter of a second

            await ListingSpider.visit(context, holding, holding.listings)
    finally:
        holding.record_rest()
