"""Visits the sources that are due, each kind in its own way and all at once, and stores the outcomes."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from crawler.context import CrawlContext
from crawler.errors import plain_errors
from crawler.sources.due import DueSource
from crawler.sources.recorder import OutcomeRecorder, Recorder
from crawler.sources.registry import load, source_kinds

VisitKind = Callable[[CrawlContext, Recorder, Sequence[DueSource]], Awaitable[None]]
"""Visits all of these sources, which are of one kind, and has the recorder take what came of each.

Raises StorageError, WorkersUnavailable; what goes wrong with a source is its outcome.
"""


async def visit_sources(context: CrawlContext, due: Sequence[DueSource]) -> None:
    """Visits all sources and stores the outcomes. Raises StorageError, WorkersUnavailable."""
    if not due:
        return
    recorder = OutcomeRecorder(context)
    recording = asyncio.create_task(recorder.run())
    visiting = asyncio.create_task(_visit_kinds(context, recorder, due))
    try:
        await asyncio.wait({recording, visiting}, return_when=asyncio.FIRST_COMPLETED)
        if recording.done():  # it could not store: visiting on would be for nothing
            recording.result()
        visiting_error = visiting.exception() if visiting.done() and not visiting.cancelled() else None
        recorder.close()
        await recording
        if visiting_error is not None:
            raise visiting_error
    finally:
        for task in (visiting, recording):
            task.cancel()
        await asyncio.gather(visiting, recording, return_exceptions=True)


async def _visit_kinds(context: CrawlContext, recorder: Recorder, due: Sequence[DueSource]) -> None:
    by_kind: dict[str, list[DueSource]] = defaultdict(list)
    for source in due:
        by_kind[source.settings.kind].append(source)
    with plain_errors():
        async with asyncio.TaskGroup() as group:
            for kind, sources in by_kind.items():
                visit: VisitKind = load(source_kinds()[kind].visit)
                group.create_task(_visit(visit, context, recorder, sources))


async def _visit(visit: VisitKind, context: CrawlContext, recorder: Recorder, sources: Sequence[DueSource]) -> None:
    await visit(context, recorder, sources)
