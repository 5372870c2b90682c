"""`tipwatch digest`: compose and deliver what is due, or look at it first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, load, open_database, print_json, utc_now

if TYPE_CHECKING:
    from alerts.settings import SubscriptionSettings
    from storage.engine import Database
    from tipwatch.config import Configuration

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Hangs the command into the command line."""
    app.command("digest")(digest)


def digest(
    context: typer.Context,
    *,
    config: ConfigOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be sent now; nothing is sent or remembered.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Write .eml, .html and .txt files of what would be sent into a folder."
        ),
    ] = None,
    subscription: Annotated[
        list[str] | None,
        typer.Option("--subscription", metavar="NAME", help="Only this subscription; may be repeated."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Show what would be sent in a web browser.")] = False,
    json: JsonOption = False,
) -> int:
    """Compose and deliver the digests that are due, and retry what waits.

    With `--dry-run`, `--out` or `--open` nothing is sent and nothing is remembered. Exit code 1 when a delivery was
    given up.

    Examples: `tipwatch digest`, `tipwatch digest --dry-run --subscription morning`
    """
    from tipwatch.cli.digest_views import chosen_subscriptions, open_in_browser, print_preview, write_preview
    from tipwatch.errors import ExitCode

    configuration = load(context, config)
    chosen = chosen_subscriptions(configuration, subscription or [])
    with open_database(configuration) as database:
        if not (dry_run or out or open_):
            return _deliver(database, configuration, chosen, is_json=json)
        from alerts.service import preview

        previews = [(each, preview(database, each, utc_now())) for each in chosen]
    for each, rendered in previews:
        if out is not None or open_:
            folder = out or configuration.data_folder / "preview"
            page = write_preview(folder, each, rendered, configuration.mail.sender)
            if open_:
                open_in_browser(page)
    if json:
        print_json([{"subscription": each.name, "subject": one.subject, "text": one.text} for each, one in previews])
    elif out is None and not open_:
        for each, rendered in previews:
            print_preview(each, rendered)
    return ExitCode.DONE


def _deliver(
    database: Database, configuration: Configuration, chosen: list[SubscriptionSettings], *, is_json: bool
) -> int:
    import asyncio

    from tipwatch.cli.digest_views import print_summary
    from tipwatch.errors import ExitCode
    from tipwatch.work import Work

    summary = asyncio.run(Work(database, configuration, now=utc_now).deliver(chosen))
    if is_json:
        print_json(summary.as_json())
    else:
        print_summary(summary)
    return ExitCode.NEEDS_A_PERSON if summary.deliveries.failed else ExitCode.DONE
