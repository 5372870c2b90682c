"""Options that several commands share, and how they are read."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from tipwatch.errors import BadInput

__all__ = ["LimitOption", "OffsetOption", "SinceOption", "WhyOption", "since_at", "who"]

LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, metavar="N", help="At most this many.")]
OffsetOption = Annotated[int, typer.Option("--offset", min=0, metavar="N", help="Pass over the first N.")]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="WHEN",
        help="Only since then: a date (2026-11-01) or a span back (12h, 7d).",
        show_default=False,
    ),
]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="Your reason; it is kept with the decision.")]


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


def who() -> str:
    """Who decides something at this terminal, for the history of a project."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in a container
        return "operator"
