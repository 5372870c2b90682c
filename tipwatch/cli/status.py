"""`tipwatch status`: all an operator needs to know, in one look."""

from __future__ import annotations

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, config_file, print_json, utc_now

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Hangs the command into the command line."""
    app.command("status")(status)


def status(context: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> int:
    """Tell how things are: sources, last crawl, what waits, digests, deliveries, the daemon.

    Exit code 1 when something needs a person; the reasons come first.

    Example: `tipwatch status --json`
    """
    from tipwatch.cli.status_report import as_json, print_status, read_status
    from tipwatch.errors import ExitCode

    now = utc_now()
    found = read_status(config_file(context, config), now)
    if json:
        print_json(as_json(found))
    else:
        print_status(found, now)
    return ExitCode.NEEDS_A_PERSON if found.needs else ExitCode.DONE
