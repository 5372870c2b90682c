"""One round of the daemon's work, for cron."""

from __future__ import annotations

import logging

from storage.database.engine import Database
from tipwatch.config.load import Configuration
from tipwatch.daemon.stopping import finish_in_time, stop_on_signals
from tipwatch.engine.runner import Clock, Runner
from tipwatch.errors import ExitCode

__all__ = ["run_once"]

log = logging.getLogger(__name__)


async def run_once(database: Database, configuration: Configuration, *, now: Clock) -> int:
    """One crawl of what is due, then the digests that are due; the exit code of `tipwatch run --once`."""
    runner = Runner(database, configuration, now=now)
    with stop_on_signals() as stop:
        try:
            crawled = await runner.crawl(stop)
            if stop.is_set():
                return ExitCode.INTERRUPTED
            delivered = await finish_in_time(runner.deliver(stop=stop), stop)
            if delivered is None or stop.is_set():
                return ExitCode.INTERRUPTED
        finally:
            await runner.close()
    log.info("round.done", extra={"new_projects": crawled.new_projects, "sent": delivered.deliveries.sent})
    is_well = not crawled.failed and not delivered.needs_a_person
    return ExitCode.DONE if is_well else ExitCode.NEEDS_A_PERSON
