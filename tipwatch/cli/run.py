"""`tipwatch run`: the daemon, or one round of its work."""

from __future__ import annotations

from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, load, open_database, utc_now

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Hangs the command into the command line."""
    app.command("run")(run)


def run(
    context: typer.Context,
    config: ConfigOption = None,
    once: Annotated[
        bool,
        typer.Option("--once", help="One crawl of what is due, then the digests that are due, then end (for cron)."),
    ] = False,
) -> int:
    """Run the daemon: crawl and send on schedule until stopped.

    It shuts down cleanly within 10 s of SIGTERM or Ctrl-C, and reloads its configuration on SIGHUP or when the file
    changes. A second daemon on the same database refuses to start and names the first; with `engine: cluster` it joins
    in.

    Examples: `tipwatch run`, `tipwatch run --once`
    """
    import asyncio

    from storage.database.daemon_lock import DaemonLock
    from tipwatch.config.own_model import check_own_model

    configuration = load(context, config, is_for_mail=True, is_log_shown=True)
    check_own_model(configuration)
    is_shared = configuration.settings.engine == "cluster" and not once
    with (
        open_database(configuration) as database,
        DaemonLock(database, now=utc_now(), is_shared=is_shared) as lock,
    ):
        if once:
            from tipwatch.daemon.once import run_once

            lock.beat(utc_now(), {"doing": ["one round"]})
            try:
                return asyncio.run(run_once(database, configuration, now=utc_now))
            finally:
                lock.beat(utc_now(), {"stopped": True})
        from tipwatch.daemon.daemon import Daemon
        from tipwatch.daemon.systemd import Notifier

        async def serve() -> int:
            return await Daemon(configuration, database, lock, notifier=Notifier.from_environment(), now=utc_now).run()

        return asyncio.run(serve())
