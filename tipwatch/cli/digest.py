"""`tipwatch digest`: compose and deliver what is due, or look at it first."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.common import (
    ConfigOption,
    JsonOption,
    LimitOption,
    SubscriptionOption,
    check_known,
    load,
    open_database,
    utc_now,
)
from tipwatch.cli.show import print_json, print_records
from tipwatch.errors import BadInput, ExitCode

if TYPE_CHECKING:
    from alerts.service import DeliverySummary
    from alerts.settings import SubscriptionSettings
    from storage.database.engine import Database
    from tipwatch.config.load import Configuration

group = typer.Typer()


@group.callback(invoke_without_command=True)
def digest(
    context: typer.Context,
    *,
    config: ConfigOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be sent now; nothing is sent or recorded.")
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
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ADDRESS", help="Send what would be sent now to this address alone, as a test."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Show what would be sent in a web browser.")] = False,
    json: JsonOption = False,
) -> int:
    """Compose and deliver the digests that are due, and retry waiting deliveries now.

    With `--dry-run`, `--out`, `--open` or `--to`, nothing is recorded and no recipient gets anything. Exit code 1 when
    a delivery was given up.

    Examples: `tipwatch digest`, `tipwatch digest --dry-run`, `tipwatch digest --to me@example.org`
    """
    if context.invoked_subcommand is not None:
        return 0
    from tipwatch.cli.digest_views import (
        chosen_subscriptions,
        open_in_browser,
        print_preview,
        send_trials,
        write_preview,
    )

    configuration = load(context, config)
    chosen = chosen_subscriptions(configuration, subscription or [])
    with open_database(configuration) as database:
        if to is not None:
            return send_trials(database, configuration, chosen, to)
        if not (dry_run or out or open_):
            return _deliver(database, configuration, chosen, is_json=json)
        from alerts.service import preview

        previews = [(each, preview(database, each, utc_now())) for each in chosen]
    for each, rendered in previews:
        if out is not None or open_:
            folder = out or configuration.data_folder / "preview"
            page = write_preview(folder, each, rendered, configuration.settings.mail.sender)
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
    from tipwatch.daemon.stopping import finish_in_time, stop_on_signals
    from tipwatch.engine.runner import Runner

    async def run() -> DeliverySummary | None:
        with stop_on_signals() as stop:
            return await finish_in_time(
                Runner(database, configuration, now=utc_now).deliver(stop, chosen, is_forced=True), stop
            )

    summary = asyncio.run(run())
    if summary is None:
        return ExitCode.INTERRUPTED
    if is_json:
        print_json(asdict(summary))
    else:
        print_summary(summary)
    return ExitCode.NEEDS_A_PERSON if summary.needs_a_person else ExitCode.DONE


@group.command("list")
def list_(
    context: typer.Context,
    *,
    config: ConfigOption = None,
    subscription: SubscriptionOption = None,
    limit: LimitOption = 20,
    json: JsonOption = False,
) -> None:
    """List past digests, latest first, and what became of their messages.

    Example: `tipwatch digest list --subscription morning`
    """
    from storage.digests.digests import list_digests
    from tipwatch.cli.digest_views import digest_json

    configuration = load(context, config)
    with open_database(configuration) as database, database.reading() as connection:
        digests = list_digests(connection, subscription=subscription, limit=limit)
    if not digests:
        check_known("--subscription", subscription, [one.name for one in configuration.settings.subscriptions])
    print_records(
        digests,
        ("id", "subscription", "slot", "messages", "subject"),
        lambda each: (
            each.id,
            each.subscription,
            each.slot_key,
            ", ".join(f"{count} {state}" for state, count in sorted(each.deliveries.items())) or "not mailed",
            (each.summary or {}).get("subject", "not made yet"),
        ),
        empty="No digest has been made yet.",
        is_json=json,
        as_json=digest_json,
    )


@group.command("show")
def show(
    context: typer.Context,
    digest_id: Annotated[int, typer.Argument(metavar="ID", help="Number of the digest, as `digest list` shows it.")],
    *,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show a digest as it went out, and what became of each message.

    Example: `tipwatch digest show 12`
    """
    from storage.digests.digests import get_digest, get_message
    from tipwatch.cli.digest_views import delivery_json, digest_json, print_digest

    with open_database(load(context, config)) as database, database.reading() as connection:
        found = get_digest(connection, digest_id)
        if found is None:
            raise BadInput(f"there is no digest {digest_id}", "see `tipwatch digest list`")
        record, deliveries = found
        message = get_message(connection, deliveries[0].id) if deliveries else None
    if json:
        print_json(digest_json(record) | {"messages": [delivery_json(each) for each in deliveries]})
    else:
        print_digest(record, deliveries, message)
