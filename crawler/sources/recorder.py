"""Stores the outcomes of visits in batches, and counts them for the summary and for whoever follows the progress."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from crawler.progress import CrawlSummary, FailedSource, Progress
from crawler.workers.internal_errors import FAULT, is_internal, log_internal_error
from storage.records import PollOutcome
from storage.sources.sources import record_polls

if TYPE_CHECKING:
    from storage.database.engine import Database

OUTCOMES_A_WRITE = 50
WRITE_SECONDS = 0.2
"""Outcomes wait for others to share a transaction, but not so long that a crash costs much asking again."""


class OutcomeRecorder:
    """Takes outcomes with `add`; `run` stores them until `close` was called and nothing is left.

    Nothing is lost silently: where storing fails, `run` raises what it raised.
    """

    def __init__(self, database: Database, summary: CrawlSummary, progress: Progress) -> None:
        self._database = database
        self._summary = summary
        self._progress = progress
        self._waiting: list[PollOutcome] = []
        self._is_closed = False
        self._has_some = asyncio.Event()
        self._has_many = asyncio.Event()
        self._done = 0

    def add(self, name: str, outcome: PollOutcome) -> None:
        """Takes the outcome of the source called `name`."""
        self._waiting.append(outcome)
        if outcome.status == "changed":
            self._summary.changed += 1
        elif outcome.status == "unchanged":
            self._summary.unchanged += 1
        else:
            kind, text = outcome.error_kind or outcome.status, outcome.error_text or ""
            self._summary.failed_sources.append(FailedSource(name, kind, text))
            self._progress.failed(name, kind, text)
        self._tell()
        self._has_some.set()
        if len(self._waiting) >= OUTCOMES_A_WRITE:
            self._has_many.set()

    def postpone(self) -> None:
        """Counts a source that was left for later."""
        self._summary.postponed += 1
        self._tell()

    def close(self) -> None:
        """Lets `run` end once all is stored."""
        self._is_closed = True
        self._has_some.set()
        self._has_many.set()

    async def run(self) -> None:
        """Stores what is added. Raises StorageError."""
        while True:
            await self._has_some.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(WRITE_SECONDS):
                    await self._has_many.wait()
            batch, self._waiting = self._waiting, []
            if not self._is_closed:
                self._has_some.clear()
                self._has_many.clear()
            if batch:
                self._summary.entries += await self._store(batch)
            if self._is_closed and not self._waiting:
                return

    async def _store(self, batch: list[PollOutcome]) -> int:
        """Stores outcomes in one transaction; where one of them makes our code stumble, each in its own, and that one
        without its entries, as failed. Gives the number of new entries."""
        try:
            return await self._database.write(record_polls, batch)
        except Exception as error:
            if not is_internal(error):
                raise
            if len(batch) == 1:
                (outcome,) = batch
                if outcome.error_kind == FAULT:
                    raise
                return await self._store([as_fault(outcome, log_internal_error(error, f"source {outcome.source_id}"))])
        return sum([await self._store([outcome]) for outcome in batch])

    def _tell(self) -> None:
        self._done += 1
        self._progress.sources(self._done, self._summary.sources)


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
