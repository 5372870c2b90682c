"""Tries an address before it is watched: an address in, a report of what it is and how to write it down out.

Each kind of source is asked whether it recognises what is there: a sitemap, a feed or a page that names one, a page of
links. The request is one that a person makes, so robots.txt is only reported, not obeyed; all else is as in a crawl:
the same client, rate limiter, limits and parsers, these in a worker process that can be ended.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import itemgetter

from crawler.context import CrawlSession, utc_now
from crawler.feeds.document import FeedError
from crawler.http.failures import FetchError, outcome_of
from crawler.politeness.rate_limiter import HostPaused
from crawler.settings import CrawlerSettings
from crawler.sources.registry import source_kinds
from crawler.sources.settings import SourceSettings, check_address
from crawler.sources.trial import Recognise, SourceReport, Trial
from crawler.workers.pool import WorkerPool


async def check_source(
    url: str,
    settings: CrawlerSettings,
    *,
    source: SourceSettings | None = None,
    now: Callable[[], datetime] = utc_now,
) -> SourceReport:
    """Tries `url`, and reports.

    Args:
        url: http or https.
        settings: limits, user agent, fixed hosts.
        source: its configuration where it has one: credentials, languages, the rule for links.
        now: the time.

    Raises:
        ValueError: `url` is no address that may be watched; the message says why.
    """
    url = check_address(url)
    async with CrawlSession(settings, WorkerPool(1), now=now) as session:
        return await _check(Trial(session, source), url)


async def _check(trial: Trial, url: str) -> SourceReport:
    try:
        response = await trial.fetch(url)
    except (FetchError, HostPaused) as error:
        return SourceReport(url, None, url, problems=(str(error),))
    if not response.is_ok:
        text = outcome_of(response.kind).text or "the server does not give it"
        return SourceReport(url, None, url, problems=(f"{response.kind}: {text}",))
    reason = "nothing that can be watched is there"
    try:
        ranked = [(kind.rank, kind) for kind in source_kinds().values() if kind.rank is not None]
        for _, kind in sorted(ranked, key=itemgetter(0)):
            recognise: Recognise = kind.visits.recognise
            report = await recognise(trial, url, response)
            if report is not None:
                return report
    except FeedError as error:
        reason = f"{error.kind}: {error.text}"
    return SourceReport(url, None, response.url, problems=(reason,))
