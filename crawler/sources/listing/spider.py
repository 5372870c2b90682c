"""Watches pages of links: sites that have no feed."""

from __future__ import annotations

from crawler.http.client import Response
from crawler.sources.listing.read import ListingJob, read_listing
from crawler.sources.outcomes import Visit
from crawler.sources.spider import Site, SiteSpider, charset_of
from storage.records import PollOutcome


class ListingSpider(SiteSpider):
    """The links of each page that were not there before are its news; a page without any is a fault (`no-links`)."""

    name = "listing"

    async def poll(self, site: Site, visit: Visit) -> PollOutcome:
        """One conditional request."""

        def job(response: Response) -> ListingJob:
            return ListingJob(
                body=response.body,
                charset=charset_of(response.content_type),
                url=response.url,
                seen_at=visit.at,
                # `links:` says where a listing's links are; a feed that falls back on a listing has no such word
                rule=site.source.links,
                languages=site.source.languages,
                max_entries=self.most_entries(site),
            )

        return await self.poll_document(site, visit, site.address, read_listing, job)
