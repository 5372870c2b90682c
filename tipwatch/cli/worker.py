"""`tipwatch worker`: a process that takes work from the cluster's queue."""

from __future__ import annotations

from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, load, open_database, utc_now

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Hangs the command into the command line."""
    app.command("worker")(worker)


def worker(
    context: typer.Context,
    config: ConfigOption = None,
    no_digests: Annotated[
        bool, typer.Option("--no-digests", help="Leave digests to others; for a machine that cannot reach mail.")
    ] = False,
) -> int:
    """Do work that `tipwatch run` has planned, on this machine, until stopped. Needs `engine: cluster`.

    Any number may run, on any machine with the same configuration. A worker shuts down cleanly within 10 s of SIGTERM
    or Ctrl-C; if it is killed nothing is lost: another does its work a minute later.

    Examples: `tipwatch worker`, `tipwatch worker --no-digests`
    """
    import asyncio

    from storage.database.daemon_lock import DaemonLock
    from tipwatch.config.own_model import check_own_model
    from tipwatch.errors import BadInput

    configuration = load(context, config, is_for_mail=not no_digests, is_log_shown=True)
    if configuration.settings.engine != "cluster":
        raise BadInput("a worker needs `engine: cluster`", "see docs/run-on-several-machines.md")
    check_own_model(configuration)
    with (
        open_database(configuration) as database,
        DaemonLock(database, now=utc_now(), is_shared=True, is_noted=False) as lock,
    ):
        from tipwatch.daemon.systemd import Notifier
        from tipwatch.daemon.worker import Worker

        async def serve() -> None:
            notifier = Notifier.from_environment()
            await Worker(
                configuration, database, lock, notifier=notifier, now=utc_now, has_digests=not no_digests
            ).run()

        asyncio.run(serve())
    return 0
