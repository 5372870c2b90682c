"""The pages that wait and what becomes of them: entries out of the database, articles into the register.

What is stored is one transaction: articles, and failures with the articles that stand in for them.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.context import CrawlContext
from storage.articles.pages import pending_pages, record_page_failures
from storage.clock import time_of_news
from storage.dates import is_news
from storage.records import ArticleReading, PageFailure, PendingPage, Registration
from storage.register.registration import register_articles

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from classifier.document import Verdict
    from crawler.pages.records import PageReading

log = logging.getLogger(__name__)


class PageStore:
    """The waiting pages of some or all hosts, counted for whoever follows the crawl.

    Args:
        context: the crawl.
        hosts: pages of these hosts only; None for all.
    """

    def __init__(self, context: CrawlContext, hosts: Sequence[str] | None = None) -> None:
        self._context = context
        self._hosts = hosts
        self._done = 0
        self._total = 0
        self._put_off: set[int] = set()

    async def pull(self, limit: int, excluded: Collection[int]) -> Sequence[PendingPage]:
        """Up to so many waiting pages, none of them with an entry of the given ids or one put off in this crawl."""
        context = self._context
        pages = await context.database.write(
            pending_pages,
            context.now(),
            limit=limit,
            hosts=self._hosts,
            exclude_entry_ids=tuple({*excluded, *self._put_off}),
        )
        self._total += len(pages)
        context.progress.pages(self._done, self._total)
        return pages

    async def store(self, items: Sequence[PageReading | PageFailure]) -> None:
        """Stores what was read, and what could not be read with what stands in for it."""
        context = self._context
        failures = [one for one in items if isinstance(one, PageFailure)]
        read = [(one.reading, one.verdict) for one in items if not isinstance(one, PageFailure)]
        batch = [*read, *(one.stand_in for one in failures if one.stand_in is not None)]
        registrations = await context.database.write(
            _store, batch, failures, context.now(), context.announce_within_seconds
        )
        context.summary.pages += len(read)
        self._count_all(batch, registrations)
        parked = sum(failure.retry_at is None for failure in failures)
        context.summary.parked += parked
        context.summary.delayed += len(failures) - parked
        for failure in failures:  # due again within this very crawl where the server asks for a short pause only
            self._put_off.update(failure.entry_ids)
            entries = ",".join(map(str, failure.entry_ids))
            values = {"entries": entries, "error_kind": failure.error_kind, "reason": failure.error_text}
            log.debug("page.failed", extra=values)
        self._done += len(items)
        context.progress.pages(self._done, self._total)

    def _count_all(
        self, batch: Sequence[tuple[ArticleReading, Verdict]], registrations: Sequence[Registration]
    ) -> None:
        for (reading, verdict), registration in zip(batch, registrations, strict=True):
            values = {"url": reading.url, "outcome": registration.outcome, "read_from": reading.read_from}
            log.debug("page.read", extra=values)
            for each in (registration, *registration.others):
                self._count(reading.title, verdict, each)

    def _count(self, title: str, verdict: Verdict, registration: Registration) -> None:
        summary, progress = self._context.summary, self._context.progress
        if registration.outcome == "ruled-out":
            summary.ruled_out += 1
            return
        if registration.outcome == "known-article":
            return
        if registration.outcome == "near-copy":
            summary.near_copies += 1
        if verdict.is_relevant:
            summary.relevant += 1
            if registration.outcome == "new-project":
                summary.new_projects += 1
                progress.found("new-project", title)
            elif registration.project_id is not None:
                summary.known_projects += 1
                progress.found("known-project", title)
            else:
                progress.found("relevant", title)


def _store(
    connection: Connection,
    batch: Sequence[tuple[ArticleReading, Verdict]],
    failures: Sequence[PageFailure],
    now: datetime,
    announce_within_seconds: int,
) -> list[Registration]:
    """Registers articles with a time that does not go back where the clock does, and stores the failures; what was
    published too long ago is no news."""
    dated = [
        (
            replace(one, is_news=is_news(one.published_at, one.published_precision, now, announce_within_seconds)),
            verdict,
        )
        for one, verdict in batch
    ]
    registrations = register_articles(connection, dated, time_of_news(connection, now)) if dated else []
    record_page_failures(connection, failures, now)
    return registrations
