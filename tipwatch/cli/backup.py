"""`tipwatch backup`: a whole copy of the database, also while the daemon works."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, load

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Hangs the command into the command line."""
    app.command("backup")(backup)


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
    from tipwatch.errors import BadInput

    configuration = load(context, config)
    if not configuration.database_url.startswith("sqlite:"):
        raise BadInput("only an SQLite database is copied by tipwatch", "copy PostgreSQL's with pg_dump")
    if file.exists():
        raise BadInput(f"{file} already exists", "name a new file, or move that one away")
    if not file.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {file.absolute().parent}", "make it first")
    if not Path(configuration.database_url.removeprefix("sqlite:///")).exists():
        raise BadInput("there is no database to copy yet", "run a crawl first")
    with Database.open(configuration.database_url, migrate=False) as database:
        back_up(database, file)
    print(f"The database was copied to {file} ({file.stat().st_size:,} bytes).")
