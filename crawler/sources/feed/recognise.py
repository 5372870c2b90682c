"""Tells whether an address is that of a feed, or of a page that names feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.feeds.document import FeedError, ParsedFeed
from crawler.feeds.links import FeedLink, find_feed_links, usual_places
from crawler.feeds.parse import parse_feed
from crawler.http.client import Response
from crawler.http.failures import FetchError
from crawler.politeness.rate_limiter import HostPaused
from crawler.sources.trial import SourceReport, Trial

TRIED_FEEDS = 5
"""Of the feeds that a page names: the first are those of the site, the others of topics and comments."""


async def recognise(trial: Trial, url: str, response: Response) -> SourceReport | None:
    """See `crawler.sources.trial.Recognise`. Raises FeedError for what is neither a feed nor a page."""
    try:
        return trial.report(url, "feed", response, await trial.read(parse_feed, response))
    except FeedError as error:
        if error.kind != "not-a-feed":
            raise
    _, links = await trial.run(find_feed_links, response.body, response.content_type, response.url)
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
        except (FetchError, FeedError, HostPaused):
            continue  # what a page names is often dead; the sound ones are reported
    return sorted(sound, key=lambda one: _is_comments(one[0]))


def _is_comments(link: FeedLink) -> bool:
    return "comment" in f"{link.url} {link.title}".lower()
