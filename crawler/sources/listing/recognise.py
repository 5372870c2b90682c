"""Tells whether an address is that of a page of links to articles."""

from __future__ import annotations

from dataclasses import replace

from crawler.feeds.document import FeedError
from crawler.http.client import Response
from crawler.sources.listing.kind import ListingSettings
from crawler.sources.listing.read import read_listing
from crawler.sources.trial import SourceReport, Trial


async def recognise(trial: Trial, url: str, response: Response) -> SourceReport | None:
    """See `crawler.sources.trial.Recognise`. Raises FeedError for a page without such links."""
    rule = trial.source.links if isinstance(trial.source, ListingSettings) else None
    try:
        listing = await trial.read(read_listing, response, rule)
    except FeedError as error:
        raise FeedError(error.kind, f"no feed was found, and {error.text}") from None
    report = trial.report(url, "listing", response, listing)
    return replace(report, problems=(*report.problems, *await trial.objections(response.url)))
