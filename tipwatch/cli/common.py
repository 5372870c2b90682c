"""What commands share: options, the configuration they run on, the database, the log, and how a bug is told."""

from __future__ import annotations

import getpass
import logging
import math
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.errors import BadInput
from tipwatch.text import escape_controls, is_text

if TYPE_CHECKING:
    from storage.database.engine import Database
    from storage.decisions import DecidedBy
    from tipwatch.config.load import Configuration

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Configuration; `./config.yaml` unless given.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
SubscriptionOption = Annotated[
    str | None, typer.Option("--subscription", metavar="NAME", help="Only those of this subscription.")
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to a file instead.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, metavar="N", help="At most this many.")]
OffsetOption = Annotated[int, typer.Option("--offset", min=0, metavar="N", help="Skip the first N.")]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="WHEN",
        help="Only since then: a date (2026-11-01) or a span back (12h, 7d).",
        show_default=False,
    ),
]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="Your reason; it is kept with the correction.")]

LARGEST_NUMBER = 2**63 - 1  # what the columns of either database hold
LONGEST_SHOWN = 60  # enough to recognise what was typed

DEFAULT_CONFIG = Path("config.yaml")


def utc_now() -> datetime:
    """The clock of the commands; everything below is told the time."""
    return datetime.now(UTC)


def config_file(context: typer.Context, given: Path | None) -> Path:
    """The configuration named after the command, else before it (or before a group), else `./config.yaml`."""
    at: typer.Context | None = context
    while given is None and at is not None:
        named = at.params.get("config")
        given = Path(named) if named is not None else None
        at = at.parent  # type: ignore[assignment]  # typer types it as its base class
    return given or DEFAULT_CONFIG


def load(
    context: typer.Context, given: Path | None, *, is_for_mail: bool = False, is_log_shown: bool = False
) -> Configuration:
    """The configuration a command runs on, with the log set up as it says; what only mail needs may be missing from the
    environment unless it `is_for_mail`.

    Raises:
        BadInput: one of the command's values is none that a database could hold.
        ConfigError: every problem of the file at once.
    """
    from tipwatch.config.load import load_config
    from tipwatch.logs import set_up_logging

    check_values(context)
    configuration = load_config(config_file(context, given), is_for_mail=is_for_mail)
    log = configuration.settings.log
    set_up_logging(
        folder=configuration.data_folder,
        style=log.format,
        level=log.level,
        secrets=configuration.all_secrets,
        is_shown=is_log_shown,
    )
    return configuration


def check_values(context: typer.Context) -> None:
    """Refuses text that is none (bytes that are not UTF-8) and numbers that no database holds. Paths may be anything.

    Raises:
        BadInput: names the option or argument.
    """
    for name, given in context.params.items():
        for value in given if isinstance(given, (list, tuple)) else (given,):
            shown = f"{name.strip('_').replace('_', '-')} {escape_controls(str(value))[:LONGEST_SHOWN]}"
            if isinstance(value, str) and not is_text(value):
                raise BadInput(f"{shown} is not UTF-8 text", "if your terminal uses another encoding, set PYTHONUTF8=1")
            if isinstance(value, (int, float)) and not (math.isfinite(value) and abs(value) <= LARGEST_NUMBER):
                raise BadInput(f"{shown} is out of range", f"the largest number is {LARGEST_NUMBER}")


@contextmanager
def holding_lock(database: Database, doing: str) -> Iterator[None]:
    """Keeps daemons and other crawls off the database meanwhile: two at once would not keep hosts' delays.

    Raises:
        DaemonRunning: one is at work.
    """
    from storage.database.daemon_lock import DaemonLock

    with DaemonLock(database, now=utc_now()) as lock:
        lock.beat(utc_now(), {"doing": [doing]})
        try:
            yield
        finally:
            lock.beat(utc_now(), {"stopped": True})  # what ends in order is no daemon that died


@contextmanager
def open_database(configuration: Configuration) -> Iterator[Database]:
    """The database, its tables brought up to date, closed at the end; the data folder is made where it is missing.

    Raises:
        BadInput: where the data folder cannot be made or written.
        StorageError: where the database cannot be used; it says what to do.
    """
    from storage.database.engine import Database

    prepare_data_folder(configuration)
    database = Database.open(configuration.database_url)
    try:
        yield database
    finally:
        database.close()


def prepare_data_folder(configuration: Configuration) -> None:
    """Makes the folder of everything tipwatch writes; only its owner may look in (it holds what mail says).

    Raises:
        BadInput: where it cannot be made or written.
    """
    folder = configuration.data_folder
    hint = "give the user that runs tipwatch permission to write to it, or set `data:` to another folder"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    except OSError as error:
        raise BadInput(f"the data folder {folder} cannot be created: {error.strerror}", hint) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"the data folder {folder} cannot be written to", hint)


def since_at(text: str | None, now: datetime) -> datetime | None:
    """The moment `--since` names, None where it is not given.

    Raises:
        BadInput: it is neither a date nor a span.
    """
    if text is None:
        return None
    from storage.durations import parse_duration

    try:
        if text[-1:].isalpha():
            return now - timedelta(seconds=parse_duration(text))
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except ValueError:
        raise BadInput(
            f"--since {text!r} is not a time", "write a date such as 2026-11-01, or a span such as 12h or 7d"
        ) from None


def check_known(option: str, given: str | None, known: Iterable[str], *, otherwise: str = "") -> None:
    """Refuses what an option names and there is not: a list would be empty without a word of the reason.

    Args:
        otherwise: the hint where nothing known is near, and there are too many to name; all of them unless given.

    Raises:
        BadInput: `given` is not among `known`.
    """
    from tipwatch.config.problems import did_you_mean

    words = list(known)
    if given is not None and given not in words:
        hint = did_you_mean(given, words) or otherwise or f"one of: {', '.join(words)}"
        raise BadInput(f"{option} {given!r} is not known", hint)


def who() -> str:
    """Who is at this terminal."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in a container
        return "operator"


def decided(why: str) -> DecidedBy:
    """Who decides something at this terminal and when, for the history of a project."""
    from storage.decisions import DecidedBy

    return DecidedBy(who(), why, utc_now())


def report_bug(error: Exception) -> str:
    """Logs a bug with its traceback and gives the one sentence a user is told."""
    from tipwatch import logs

    where = logs.log_file()
    if where is None:
        folder = Path(tempfile.mkdtemp(prefix="tipwatch-"))
        logs.set_up_logging(folder=folder, is_shown=False)
        where = folder / logs.LOG_FILE
    logging.getLogger(__name__).error("command.failed", exc_info=error)
    reason = str(error).strip().splitlines()[-1:]  # of a worker's fault the last line says what it was
    what = ": ".join([type(error).__name__, *reason])
    return f"something went wrong inside tipwatch ({what}); please report it with the end of {where}"
