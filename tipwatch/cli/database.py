"""`tipwatch backup` and `tipwatch storage copy`: whole copies of the database, into a file or another server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, load, utc_now
from tipwatch.cli.progress import Display
from tipwatch.cli.show import print_records
from tipwatch.errors import BadInput

group = typer.Typer(no_args_is_help=True, help="Move the database to another server.")


@group.callback()
def storage() -> None:
    """Keeps the one command below a group of its own."""


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; it must not exist yet.")],
    config: ConfigOption = None,
) -> None:
    """Copy the database to a file: complete, consistent and checked. The daemon may keep running.

    To restore: stop tipwatch, put the copy where the database was, remove the files next to it that end in -wal and
    -shm, and start again. For PostgreSQL use pg_dump.

    Example: `tipwatch backup /backup/tipwatch.sqlite3`
    """
    from storage.database.engine import Database
    from storage.database.migrations.run import back_up

    configuration = load(context, config)
    if not configuration.database_url.startswith("sqlite:"):
        raise BadInput("tipwatch copies only SQLite databases", "use pg_dump for PostgreSQL")
    if file.exists():
        raise BadInput(f"{file} already exists", "name a new file, or move the old one away")
    if not Path(configuration.database_url.removeprefix("sqlite:///")).exists():
        raise BadInput("there is no database to copy yet", "run a crawl first")
    try:
        file.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadInput(f"the folder {file.absolute().parent} cannot be made ({reason})", "name another") from error
    with Database.open(configuration.database_url, migrate=False) as database:
        back_up(database, file)
    print(f"The database was copied to {file} ({file.stat().st_size:,} bytes).")


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

    url = source if source is not None else load(context, config).database_url
    with Database.open(url) as old, Database.open(to) as new, Display() as display:

        def tell(name: str, rows: int) -> None:
            if not json:
                display.count("rows", f"{name}: {rows:,} rows", None, None)

        now = utc_now()
        with DaemonLock(old, now=now, is_noted=False), DaemonLock(new, now=now, is_noted=False):
            proved = copy_database(old, new, tell=tell)
    print_records(
        proved,
        ("table", "rows", "checksum"),
        lambda one: (one.name, f"{one.rows:,}", one.checksum),
        empty="",
        is_json=json,
    )
    if not json:
        print(f"\nEverything is in {new.where}. Now set storage.url to it; the old database was left as it was.")
