"""Tells when a file changed, however it was written: in place, by renaming a new one over it, or behind a symbolic
link."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import awatch

__all__ = ["changes_of"]

log = logging.getLogger(__name__)

SETTLE_MILLISECONDS = 300  # an editor writes, renames and sets rights: one change, not three


async def changes_of(file: Path, stop: asyncio.Event) -> AsyncIterator[None]:
    """Yields once for each change of `file`, until `stop`.

    The folder is watched, not the file: a rename replaces what a watch on the file would hold. Where the system cannot
    watch (no inotify left, an odd file system), a warning says so and nothing is yielded; SIGHUP still works.
    """
    target = file.resolve()  # noqa: ASYNC240 (once, before anything is awaited)
    folders = {file.parent, target.parent}
    names = {str(file), str(target)}
    try:
        async for _ in awatch(
            *folders,
            watch_filter=lambda _change, path: path in names,
            stop_event=stop,
            debounce=SETTLE_MILLISECONDS,
            recursive=False,
            raise_interrupt=False,
        ):
            yield
    except (OSError, RuntimeError) as error:
        log.warning("config.watch_failed", extra={"file": file, "reason": error, "hint": "send SIGHUP after an edit"})
