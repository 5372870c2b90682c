"""A source that is due: what is remembered of it, how it is configured, which address is asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from crawler.context import CrawlContext
from crawler.feeds.document import FetchedDocument
from crawler.http.client import Response
from crawler.politeness.intervals import address_to_visit
from crawler.settings import IntervalSettings
from crawler.sources.settings import SourceSettings
from storage.host_names import host_of
from storage.records import SourceState


@dataclass(frozen=True, slots=True)
class DueSource:
    """A source to visit: what is remembered of it, how it is configured, and the address to ask first."""

    state: SourceState
    settings: SourceSettings
    address: str

    @classmethod
    def of(cls, state: SourceState, settings: SourceSettings) -> Self:
        """A source at its own address, or at the one it has moved to for good."""
        return cls(state, settings, settings.url if settings.is_search else address_to_visit(state))

    @property
    def host(self) -> str:
        """Whose host is asked first."""
        return host_of(self.address)

    def visit(self, context: CrawlContext) -> Visit:
        """A visit of it now."""
        return Visit(self.state, context.now(), context.settings.interval, self.settings.interval)

    def most_entries(self, context: CrawlContext) -> int:
        """Entries taken at one visit."""
        return self.settings.max_entries or context.settings.max_entries

    def document(self, response: Response, visit: Visit, context: CrawlContext) -> FetchedDocument:
        """What came at a visit, to be read in a worker process."""
        return FetchedDocument(
            body=response.body,
            content_type=response.content_type,
            url=response.url,
            seen_at=visit.at,
            fingerprints=self.state.fingerprints,
            languages=self.settings.languages,
            max_entries=self.most_entries(context),
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """One source at one visit: what is remembered of it, when it was visited and under which rules."""

    state: SourceState
    at: datetime
    bounds: IntervalSettings
    fixed_seconds: int | None = None
