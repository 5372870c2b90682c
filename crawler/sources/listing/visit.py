"""Watches pages of links: sites that have no feed. The links that were not there before are a page's news."""

from __future__ import annotations

from dataclasses import replace

from crawler.feeds.document import FeedError
from crawler.http.client import Response
from crawler.sources.due import Visit
from crawler.sources.listing.kind import ListingSettings
from crawler.sources.listing.read import read_listing
from crawler.sources.trial import SourceReport, Trial
from crawler.sources.visitor import Visitor
from storage.records import PollOutcome


async def poll(visitor: Visitor, visit: Visit) -> PollOutcome:
    """One conditional request. A page without links is a fault (`no-links`)."""
    settings = visit.source.settings
    assert isinstance(settings, ListingSettings)
    return await visitor.poll_document(visit, visit.source.address, read_listing, settings.links)


async def recognise(trial: Trial, url: str, response: Response) -> SourceReport | None:
    """See `crawler.sources.trial.Recognise`. Raises FeedError for a page without links to articles."""
    rule = trial.source.links if isinstance(trial.source, ListingSettings) else None
    try:
        listing = await trial.read(read_listing, response, rule)
    except FeedError as error:
        raise FeedError(error.kind, f"no feed was found, and {error.text}") from None
    report = trial.report(url, "listing", response, listing)
    return replace(report, problems=(*report.problems, *await trial.objections(response.url)))
