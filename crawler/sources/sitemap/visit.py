"""Watches sitemaps, news sitemaps first of all, and indexes of sitemaps: addresses that were not there are the news."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from crawler.feeds.document import FeedError, ParsedFeed, join_notes
from crawler.http.client import Response
from crawler.http.failures import FetchError
from crawler.politeness.rate_limiter import HostPaused
from crawler.sources.due import Visit
from crawler.sources.entries import collect
from crawler.sources.sitemap.read import Sitemap, read_sitemap
from crawler.sources.trial import SourceReport, Trial
from crawler.sources.visitor import Visitor
from crawler.text.one_line import one_line
from storage.records import EntrySeen, PollOutcome

MOST_CHILDREN = 5
"""Sitemaps of an index read at one visit, newest first; older ones hold no news."""

OVERLAP = timedelta(days=2)
"""A sitemap dated this long before the last visit is read again: dates without a time, and clocks that are wrong."""


async def poll(visitor: Visitor, visit: Visit) -> PollOutcome:
    """One conditional request, and for an index one for each of its newest sitemaps."""
    seconds = visitor.context.settings.source_timeout_seconds
    try:
        async with asyncio.timeout(seconds):
            return await _poll(visitor, visit)
    except TimeoutError:
        raise FetchError("timeout", f"its requests took longer than {seconds:g} seconds together") from None


async def _poll(visitor: Visitor, visit: Visit) -> PollOutcome:
    last = visit.source.state.last_success_at
    since = last - OVERLAP if last is not None else None
    found = await visitor.read_changed(visit, visit.source.address, read_sitemap, since)
    if isinstance(found, PollOutcome):
        return found
    response, sitemap = found
    if not sitemap.is_index:
        return await visitor.conclude(visit, response, sitemap.feed)
    outcome = await visitor.conclude(visit, response, await _read_children(visitor, visit, sitemap))
    if sitemap.is_dated:
        return outcome
    # an index without dates stays the same when its sitemaps change: it must be asked whole the next time
    return replace(outcome, etag=None, last_modified=None, content_hash=None)


async def _read_children(visitor: Visitor, visit: Visit, index: Sitemap) -> ParsedFeed:
    """The entries of an index's newest sitemaps; one that fails is noted, and all of them failing is an error."""
    entries: list[EntrySeen] = []
    failures: list[FetchError] = []
    asked = index.children[:MOST_CHILDREN]
    for url in asked:
        try:
            response = await visitor.ask(visit, url, is_conditional=False)
            if not response.is_ok:
                raise FetchError(response.kind, f"answered with status {response.status}")
            child = await visitor.read(visit, response, read_sitemap)
        except FetchError as error:
            error.text = f"{url}: {error.text}"
            failures.append(error)
        else:
            entries += child.feed.entries
    if failures and len(failures) == len(asked):
        raise failures[-1]
    entries.sort(key=lambda entry: entry.published_at or visit.at, reverse=True)
    note = join_notes([error.text for error in failures])
    return collect(entries, visitor.most_entries(visit), note=one_line(note) if note else None)


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
    except (IndexError, FetchError, HostPaused):
        return index
