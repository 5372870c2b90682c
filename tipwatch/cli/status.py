"""`tipwatch status`: all an operator needs to know, in one look."""

from __future__ import annotations

from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, config_file, utc_now
from tipwatch.cli.show import print_json
from tipwatch.errors import ExitCode


def status(
    context: typer.Context,
    *,
    config: ConfigOption = None,
    alive: Annotated[
        bool, typer.Option("--alive", help="Only check whether a daemon or worker is running here.")
    ] = False,
    json: JsonOption = False,
) -> int:
    """Show the state of sources, the last crawl, waiting pages, digests, deliveries and the daemon.

    Exit code 1 when something needs a person; the reasons come first. With `--alive`, only when nothing is running.

    Examples: `tipwatch status --json`, `tipwatch status --alive`
    """
    from tipwatch.cli.status_report import is_serving, read_status
    from tipwatch.cli.status_view import as_json, print_status

    now = utc_now()
    found = read_status(config_file(context, config), now)
    if alive:
        is_alive = is_serving(found, now)
        print("running" if is_alive else "nothing is running on this machine")
        return ExitCode.DONE if is_alive else ExitCode.NEEDS_A_PERSON
    if json:
        print_json(as_json(found))
    else:
        print_status(found, now)
    return ExitCode.NEEDS_A_PERSON if found.needs else ExitCode.DONE
