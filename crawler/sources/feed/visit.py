"""Watches feeds; of one that fails its fallback listing is read: the entries are then the feed's, its failure stays."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from crawler.feeds.document import FeedError, ParsedFeed, join_notes
from crawler.feeds.links import FeedLink, find_feed_links, usual_places
from crawler.feeds.parse import parse_feed
from crawler.http.client import Response
from crawler.http.failures import FetchError
from crawler.politeness.rate_limiter import HostPaused
from crawler.sources.due import DueSource, Visit
from crawler.sources.feed.kind import FeedSettings
from crawler.sources.listing.kind import ListingSettings
from crawler.sources.listing.visit import poll as poll_listing
from crawler.sources.outcomes import changed
from crawler.sources.trial import SourceReport, Trial
from crawler.sources.visitor import Stopped, Visitor
from crawler.text.one_line import one_line
from storage.records import PollOutcome

log = logging.getLogger(__name__)

TRIED_FEEDS = 5
"""Of the feeds that a page names: the first are those of the site, the others of topics and comments."""


async def poll(visitor: Visitor, visit: Visit) -> PollOutcome:
    """One conditional request, and one for the fallback listing where that fails."""
    settings = visit.source.settings
    assert isinstance(settings, FeedSettings)
    outcome = await visitor.attempt(visit, _poll_feed)
    if settings.fallback is None or outcome.status not in ("failed", "gone"):
        return outcome
    try:
        listing = await visitor.attempt(_visit_of_listing(visit, settings, settings.fallback), poll_listing)
    except Stopped:
        return outcome
    except HostPaused as paused:  # the feed is due again by its own failure
        log.info("fallback.postponed", extra={"host": paused.host, "until": paused.until.isoformat()})
        return outcome
    if listing.status in ("failed", "gone"):
        text = f"{outcome.error_text}; its fallback listing failed too: {listing.error_text}"
        return replace(outcome, error_text=one_line(text))
    return replace(outcome, entries=listing.entries)


async def _poll_feed(visitor: Visitor, visit: Visit) -> PollOutcome:
    found = await visitor.read_changed(visit, visit.source.address, parse_feed)
    if isinstance(found, PollOutcome):
        return found
    response, feed = found
    if not feed.total:  # unlike what lists what is new: at times nothing
        feed = replace(feed, note=join_notes([*filter(None, [feed.note]), "holds no entries"]))
    return changed(visit, response, feed)


def _visit_of_listing(visit: Visit, settings: FeedSettings, address: str) -> Visit:
    """A visit to a feed's fallback listing, of whose documents nothing is known."""
    listing = ListingSettings(
        url=address,
        languages=settings.languages,
        max_entries=settings.max_entries,
        credentials=settings.credentials if settings.credentials_for(address) is not None else None,
    )
    state = replace(
        visit.source.state, etag=None, last_modified=None, content_hash=None, redirect_to=None, redirects_seen=0
    )
    return replace(visit, source=DueSource(state, listing, address))


async def recognise(trial: Trial, url: str, response: Response) -> SourceReport | None:
    """See `crawler.sources.trial.Recognise`. Raises FeedError for what is neither a feed nor a page."""
    try:
        return trial.report(url, "feed", response, await trial.read(parse_feed, response))
    except FeedError as error:
        if error.kind != "not-a-feed":
            raise
    links = await trial.run(find_feed_links, response.body, response.content_type, response.url)
    sound = await _try_feeds(trial, links or [FeedLink(place, "") for place in usual_places(response.url)])
    if not sound:
        return None
    (link, answer, feed), *others = sound
    report = trial.report(link.url, "feed", answer, feed)
    return replace(report, url=url, feeds=tuple(other for other, _, _ in others))


async def _try_feeds(trial: Trial, links: Sequence[FeedLink]) -> list[tuple[FeedLink, Response, ParsedFeed]]:
    sound = []
    for link in links[: TRIED_FEEDS + 1]:
        try:
            answer = await trial.fetch(link.url)
            if answer.is_ok:
                feed = await trial.read(parse_feed, answer)
                sound.append((FeedLink(link.url, link.title or feed.title), answer, feed))
        except (FetchError, HostPaused):
            continue  # what a page names is often dead; the sound ones are reported
    return sorted(sound, key=lambda one: "comment" in f"{one[0].url} {one[0].title}".lower())
