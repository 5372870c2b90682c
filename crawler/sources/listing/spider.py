"""Watches pages of links: sites that have no feed."""

from __future__ import annotations

from crawler.sources.due import DueSource, Visit
from crawler.sources.listing.kind import ListingSettings
from crawler.sources.listing.read import read_listing
from crawler.sources.spider import SourceSpider
from storage.records import PollOutcome


class ListingSpider(SourceSpider):
    """The links of each page that were not there before are its news; a page without any is a fault (`no-links`)."""

    name = "listing"

    async def poll(self, source: DueSource, visit: Visit) -> PollOutcome:
        """One conditional request."""
        # a feed that falls back on a listing cannot say where its links are
        rule = source.settings.links if isinstance(source.settings, ListingSettings) else None
        return await self.poll_document(source, visit, source.address, read_listing, rule)
