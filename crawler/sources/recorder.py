"""Stores the outcomes of visits in batches, and counts them for the summary and for whoever follows the progress."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine, Mapping, Sequence
from typing import Any

from crawler.batch_writer import BatchWriter
from crawler.context import CrawlContext
from crawler.politeness.rate_limiter import HostPaused
from crawler.progress import FailedSource
from crawler.sources.due import DueSource
from crawler.workers.internal_errors import FAULT, log_internal_error
from storage.records import PollOutcome
from storage.sources.sources import known_entries, postpone_sources, record_polls

log = logging.getLogger(__name__)

WRITE_SECONDS = 0.2
"""Outcomes wait for others to share a transaction, but not so long that a crash costs much asking again."""


class OutcomeRecorder:
    """Takes the outcomes of the visits that `record` makes."""

    def __init__(self, context: CrawlContext) -> None:
        self._context = context
        self._writer = BatchWriter(self._store, self._store_faulty, self._give_up, WRITE_SECONDS)
        self._visits: asyncio.Future[list[Any]] | None = None
        self._error: Exception | None = None
        self._done = 0

    async def record(self, visits: Sequence[Coroutine[Any, Any, Any]]) -> None:
        """Makes these visits side by side, and has stored what they bring when it ends.

        Raises what the first of them raised that failed, or StorageError, upon which the visits are cancelled.
        """
        tasks = [asyncio.create_task(one) for one in visits]
        self._visits = asyncio.gather(*tasks)
        try:
            await self._visits
        except asyncio.CancelledError:
            if self._error is None:
                raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._writer.close()
        if self._error is not None:
            raise self._error

    async def add(self, source: DueSource, outcome: PollOutcome) -> None:
        """Takes the outcome of a visit."""
        _log(source, outcome)
        summary = self._context.summary
        if outcome.status == "changed":
            summary.changed += 1
        elif outcome.status == "unchanged":
            summary.unchanged += 1
        else:
            name, kind, text = source.state.name, outcome.error_kind or outcome.status, outcome.error_text or ""
            summary.failed_sources.append(FailedSource(name, kind, text))
            self._context.progress.failed(name, kind, text)
        self._report(1)
        await self._writer.add(outcome)

    async def postpone(self, sources: Sequence[DueSource], paused: HostPaused) -> None:
        """Puts off what a host does not want now; stored, so that a restart does not forget it."""
        until = paused.until
        log.info("host.paused", extra={"host": paused.host, "until": until.isoformat(), "sources": len(sources)})
        ids = [source.state.id for source in sources]
        await self._context.database.write(postpone_sources, ids, until, now=self._context.now(), reason=str(paused))
        self._context.summary.postponed += len(sources)
        self._report(len(sources))

    async def known(self, source: DueSource, identities: Collection[str]) -> Mapping[str, str]:
        """Of these identities, those that the source had before."""
        return await self._context.database.read(known_entries, source.state.id, identities)

    async def _store(self, batch: list[PollOutcome]) -> None:
        self._context.summary.entries += await self._context.database.write(record_polls, batch)

    async def _store_faulty(self, outcome: PollOutcome, error: Exception) -> None:
        """Stores a visit whose news our code stumbles over as failed, without them."""
        await self._store([as_fault(outcome, log_internal_error(error, f"source {outcome.source_id}"))])

    def _give_up(self, error: Exception) -> None:
        """Ends the visits, which would be for nothing."""
        self._error = error
        if self._visits is not None:
            self._visits.cancel()

    def _report(self, count: int) -> None:
        self._done += count
        self._context.progress.sources(self._done, self._context.summary.sources)


def _log(source: DueSource, outcome: PollOutcome) -> None:
    if not log.isEnabledFor(logging.DEBUG):
        return
    values = {
        "source": source.state.name,
        "status": outcome.status,
        "http_status": outcome.http_status,
        "entries": len(outcome.entries) or None,
        "error_kind": outcome.error_kind,
        "reason": outcome.error_text,
        "note": outcome.note,
        "due_at": outcome.next_due_at.isoformat(),
    }
    log.debug("source.polled", extra={key: value for key, value in values.items() if value is not None})


def as_fault(outcome: PollOutcome, text: str) -> PollOutcome:
    """The outcome of a visit whose news cannot be stored: failed, its validators left as they were."""
    return PollOutcome(
        outcome.source_id,
        outcome.polled_at,
        "failed",
        outcome.next_due_at,
        outcome.interval_seconds,
        http_status=outcome.http_status,
        error_kind=FAULT,
        error_text=text,
    )
