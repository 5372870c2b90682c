"""Joins the failures of feeds with what their fallback listings tell: the entries are the feed's, its failure stays."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from crawler.politeness.rate_limiter import HostPaused
from crawler.sources.due import DueSource
from crawler.sources.feed.kind import FeedSettings
from crawler.sources.recorder import Recorder
from crawler.text.one_line import one_line
from storage.records import PollOutcome, SourceState

log = logging.getLogger(__name__)


class FallbackRecorder:
    """A `Recorder` of feeds and then of their fallback listings.

    The failure of a feed that has a listing is `held` (by the source's id) until that has been visited too; `listings`
    are those to visit.

    Args:
        recorder: takes all that is not held.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.known = recorder.known
        self.listings: list[DueSource] = []
        self.held: dict[int, PollOutcome] = {}

    def add(self, source: DueSource, outcome: PollOutcome) -> None:
        """Takes the outcome of a feed, or of the listing of one whose failure is held."""
        fallback = source.settings.fallback if isinstance(source.settings, FeedSettings) else None
        failure = self.held.pop(source.state.id, None)
        if failure is not None:
            self._recorder.add(source, _join(failure, outcome))
        elif fallback is not None and outcome.status in ("failed", "gone"):
            self.held[source.state.id] = outcome
            self.listings.append(DueSource(_without_memory(source.state), source.settings, fallback))
        else:
            self._recorder.add(source, outcome)

    async def postpone(self, sources: Sequence[DueSource], paused: HostPaused) -> None:
        """Puts off feeds; a listing is not, since its feed is due again by its own failure."""
        feeds = [source for source in sources if source.state.id not in self.held]
        if feeds:
            await self._recorder.postpone(feeds, paused)
        else:
            values = {"host": paused.host, "until": paused.until.isoformat(), "sources": len(sources)}
            log.info("fallback.postponed", extra=values)

    def record_rest(self) -> None:
        """Records the failures whose listings could not be asked for."""
        for listing in self.listings:
            if (failure := self.held.pop(listing.state.id, None)) is not None:
                self._recorder.add(listing, failure)


def _join(failure: PollOutcome, listing: PollOutcome) -> PollOutcome:
    if listing.entries:
        return replace(failure, entries=listing.entries)
    if listing.status in ("failed", "gone"):
        text = f"{failure.error_text}; its fallback listing failed too: {listing.error_text}"
        return replace(failure, error_text=one_line(text))
    return failure


def _without_memory(state: SourceState) -> SourceState:
    """The state of a source at another address than its own: nothing known of that one's documents."""
    return replace(state, etag=None, last_modified=None, content_hash=None, redirect_to=None, redirects_seen=0)
