"""`tipwatch storage`: moving the database."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, load, print_json, utc_now

__all__ = ["register"]

group = typer.Typer(no_args_is_help=True, help="The database: moving it to another server.")


@group.callback()
def storage() -> None:
    """Keeps the one command below a group of its own."""


def register(app: typer.Typer) -> None:
    """Hangs the commands into the command line."""
    app.add_typer(group, name="storage")


@group.command("copy")
def copy(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="postgresql://USER@HOST/NAME, an empty database.")],
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="URL", help="sqlite:///FILE; the configured database unless given.", show_default=False
        ),
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Copy everything from SQLite into an empty PostgreSQL database, and verify it.

    Stop tipwatch first. An interrupted copy resumes where it stopped when you run it again. At the end the rows of
    every table are counted and their contents compared; the file is left as it was. Then set `storage.url`.

    Example: `tipwatch storage copy --from sqlite:///data/tipwatch.sqlite3 --to postgresql://tipwatch@db.example/tipwatch`
    """
    from storage.copying.tables import copy_database
    from storage.database.daemon_lock import DaemonLock
    from storage.database.engine import Database
    from tipwatch.cli.show import print_table

    url = source if source is not None else load(context, config).database_url

    def tell(name: str, rows: int) -> None:
        if not json and sys.stderr.isatty():
            print(f"\r\x1b[K{name}: {rows:,} rows", end="", file=sys.stderr, flush=True)

    with Database.open(url) as old, Database.open(to) as new:
        now = utc_now()
        with DaemonLock(old, now=now, is_noted=False), DaemonLock(new, now=now, is_noted=False):
            proved = copy_database(old, new, tell=tell)
    if not json and sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    if json:
        print_json([asdict(one) for one in proved])
    else:
        print_table(
            ("table", "rows", "checksum"), [(one.name, f"{one.rows:,}", one.checksum) for one in proved], empty=""
        )
        print(f"\nEverything is in {new.where}. Now set storage.url to it; the old database was left as it was.")
