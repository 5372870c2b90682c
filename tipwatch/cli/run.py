"""`tipwatch run` and `tipwatch worker`: the processes that serve until stopped, or one round of their work."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.common import ConfigOption, holding_lock, load, open_database, utc_now
from tipwatch.errors import BadInput, ExitCode

if TYPE_CHECKING:
    from storage.database.engine import Database
    from tipwatch.config.load import Configuration

log = logging.getLogger(__name__)


def run(
    context: typer.Context,
    config: ConfigOption = None,
    once: Annotated[
        bool,
        typer.Option("--once", help="Do one crawl, send the digests that are due, and exit (for cron)."),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="With --once: also visit sources that are not due yet.")
    ] = False,
) -> int:
    """Run the daemon: crawl and send on schedule until stopped.

    It shuts down cleanly within 10 s of SIGTERM or Ctrl-C, and reloads its configuration on SIGHUP or when the file
    changes. A second daemon on the same database refuses to start and names the first; with `engine: cluster`, it joins
    the first.

    Examples: `tipwatch run`, `tipwatch run --once`
    """
    import asyncio

    from storage.database.daemon_lock import DaemonLock
    from tipwatch.config.probes import check_own_model
    from tipwatch.daemon.stopping import leaving_in_time

    if force and not once:
        raise BadInput("--force goes with --once", "the daemon visits each source when it is due")
    configuration = load(context, config, is_for_mail=True, is_log_shown=True)
    check_own_model(configuration)
    with leaving_in_time() as leave, open_database(configuration) as database:
        if once:
            with holding_lock(database, "one round"):
                return asyncio.run(_run_once(database, configuration, is_forced=force))
        from tipwatch.daemon.daemon import Daemon

        is_shared = configuration.settings.engine == "cluster"
        with DaemonLock(database, now=utc_now(), is_shared=is_shared) as lock:

            async def serve() -> int:
                return await Daemon(configuration, database, lock, now=utc_now, at_stop=leave).run()

            return asyncio.run(serve())


def worker(
    context: typer.Context,
    config: ConfigOption = None,
    no_digests: Annotated[
        bool,
        typer.Option(
            "--no-digests", help="Leave digests to others, e.g. if this machine cannot reach the mail server."
        ),
    ] = False,
) -> None:
    """Do the work that `tipwatch run` plans, on this machine, until stopped. Needs `engine: cluster`.

    Any number may run, on any machine with the same configuration. A worker shuts down cleanly within 10 s of SIGTERM
    or Ctrl-C. If it is killed, nothing is lost: another worker does its work a minute later.

    Examples: `tipwatch worker`, `tipwatch worker --no-digests`
    """
    import asyncio

    from storage.database.daemon_lock import DaemonLock
    from tipwatch.config.probes import check_own_model
    from tipwatch.daemon.stopping import leaving_in_time

    configuration = load(context, config, is_for_mail=not no_digests, is_log_shown=True)
    if configuration.settings.engine != "cluster":
        raise BadInput("a worker needs `engine: cluster`", "see docs/run-on-several-machines.md")
    check_own_model(configuration)
    with (
        leaving_in_time() as leave,
        open_database(configuration) as database,
        DaemonLock(database, now=utc_now(), is_shared=True, is_noted=False) as lock,
    ):
        from tipwatch.daemon.daemon import Daemon

        async def serve() -> None:
            daemon = Daemon(
                configuration, database, lock, now=utc_now, role="worker", has_digests=not no_digests, at_stop=leave
            )
            await daemon.run()

        asyncio.run(serve())


async def _run_once(database: Database, configuration: Configuration, *, is_forced: bool) -> ExitCode:
    """One crawl of what is due (of all sources, if `is_forced`), then the digests that are due."""
    from storage.sources.sources import next_due_source
    from tipwatch.cli.crawl import next_due_line
    from tipwatch.daemon.stopping import finish_in_time, stop_on_signals
    from tipwatch.engine.runner import Runner

    runner = Runner(database, configuration, now=utc_now)
    with stop_on_signals() as stop:
        try:
            crawled = await runner.crawl(stop, is_forced=is_forced)
            if stop.is_set():
                return ExitCode.INTERRUPTED
            if not crawled.sources:
                print(next_due_line(await database.read(next_due_source), utc_now()), flush=True)
            delivered = await finish_in_time(runner.deliver(stop), stop)
            if delivered is None or stop.is_set():
                return ExitCode.INTERRUPTED
        finally:
            await runner.close()
    log.info("round.done", extra={"new_projects": crawled.new_projects, "sent": delivered.deliveries.sent})
    is_well = not crawled.failed and not delivered.needs_a_person
    return ExitCode.DONE if is_well else ExitCode.NEEDS_A_PERSON
