"""Tells whether an address is that of a sitemap."""

from __future__ import annotations

from dataclasses import replace

from crawler.feeds.document import FeedError
from crawler.http.client import Response
from crawler.http.failures import FetchError
from crawler.politeness.rate_limiter import HostPaused
from crawler.sources.sitemap.read import Sitemap, read_sitemap
from crawler.sources.trial import SourceReport, Trial


async def recognise(trial: Trial, url: str, response: Response) -> SourceReport | None:
    """See `crawler.sources.trial.Recognise`."""
    try:
        sitemap = await trial.read(read_sitemap, response)
    except FeedError:
        return None
    notes: list[str] = []
    if sitemap.is_index:
        notes.append(f"an index of {len(sitemap.children)} sitemaps; the newest are read at each visit")
        sitemap = await _first_child(trial, sitemap)
    report = trial.report(url, "sitemap", response, sitemap.feed)
    return replace(report, problems=(*notes, *report.problems, *await trial.objections(response.url)))


async def _first_child(trial: Trial, index: Sitemap) -> Sitemap:
    """The newest sitemap of an index, as a sample; the index itself where it cannot be read."""
    try:
        return await trial.read(read_sitemap, await trial.fetch(index.children[0]))
    except (IndexError, FetchError, FeedError, HostPaused):
        return index
