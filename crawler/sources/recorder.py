"""Stores the outcomes of visits in batches, and counts them for the summary and for whoever follows the progress."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from crawler.context import CrawlContext
from crawler.politeness.rate_limiter import HostPaused
from crawler.progress import FailedSource
from crawler.sources.due import DueSource
from crawler.workers.internal_errors import FAULT, is_internal, log_internal_error
from storage.records import PollOutcome
from storage.sources.sources import known_entries, postpone_sources, record_polls

log = logging.getLogger(__name__)

OUTCOMES_A_WRITE = 50
WRITE_SECONDS = 0.2
"""Outcomes wait for others to share a transaction, but not so long that a crash costs much asking again."""


class Recorder(Protocol):
    """Where the outcomes of visits go."""

    def add(self, source: DueSource, outcome: PollOutcome) -> None:
        """Takes the outcome of a visit."""

    async def postpone(self, sources: Sequence[DueSource], paused: HostPaused) -> None:
        """Puts off what a host does not want now."""

    async def known(self, source: DueSource, identities: Collection[str]) -> Mapping[str, str]:
        """Of these identities, those that the source had before."""


class OutcomeRecorder:
    """Takes outcomes with `add`; `run` stores them until `close` was called and nothing is left.

    Nothing is lost silently: where storing fails, `run` raises what it raised.
    """

    def __init__(self, context: CrawlContext) -> None:
        self._context = context
        self._waiting: list[PollOutcome] = []
        self._is_closed = False
        self._has_some = asyncio.Event()
        self._has_many = asyncio.Event()
        self._done = 0

    def add(self, source: DueSource, outcome: PollOutcome) -> None:
        """See `Recorder`."""
        self._waiting.append(outcome)
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
        self._report()
        self._has_some.set()
        if len(self._waiting) >= OUTCOMES_A_WRITE:
            self._has_many.set()

    async def postpone(self, sources: Sequence[DueSource], paused: HostPaused) -> None:
        """See `Recorder`; stored, so that a restart does not forget it."""
        log.info(
            "host.paused",
            extra={"host": paused.host, "until": paused.until.isoformat(), "sources": len(sources)},
        )
        ids = [source.state.id for source in sources]
        await self._context.database.write(
            postpone_sources, ids, paused.until, now=self._context.now(), reason=str(paused)
        )
        for _ in sources:
            self._context.summary.postponed += 1
            self._report()

    async def known(self, source: DueSource, identities: Collection[str]) -> Mapping[str, str]:
        """See `Recorder`."""
        return await self._context.database.read(known_entries, source.state.id, identities)

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
                self._context.summary.entries += await self._store(batch)
            if self._is_closed and not self._waiting:
                return

    async def _store(self, batch: list[PollOutcome]) -> int:
        """Stores outcomes in one transaction; where one of them makes our code stumble, each in its own, and that one
        without its entries, as failed. Gives the number of new entries."""
        try:
            return await self._context.database.write(record_polls, batch)
        except Exception as error:
            if not is_internal(error):
                raise
            if len(batch) == 1:
                (outcome,) = batch
                if outcome.error_kind == FAULT:
                    raise
                return await self._store([as_fault(outcome, log_internal_error(error, f"source {outcome.source_id}"))])
        return sum([await self._store([outcome]) for outcome in batch])

    def _report(self) -> None:
        self._done += 1
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
