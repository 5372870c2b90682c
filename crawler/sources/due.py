"""A source that is due, and a visit to it: what is remembered, how it is configured, which address is asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

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


@dataclass(frozen=True, slots=True)
class Visit:
    """A source at one visit, which is made at this time; `bounds` are those of its intervals."""

    source: DueSource
    at: datetime
    bounds: IntervalSettings
