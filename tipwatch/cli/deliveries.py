"""`tipwatch deliveries`: messages on their way, sent again or cancelled."""

from __future__ import annotations

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
from tipwatch.cli.show import print_records, until
from tipwatch.errors import BadInput
from tipwatch.text import counted

if TYPE_CHECKING:
    from storage.database.engine import Database
    from storage.digests.digests import DeliveryRecord

group = typer.Typer(no_args_is_help=True, help="Messages to recipients and channels: waiting, failed or sent.")

IdsArgument = Annotated[
    list[int], typer.Argument(metavar="ID", help="Numbers of deliveries, as `deliveries list` shows them.")
]
STATES = ("pending", "sending", "sent", "failed", "cancelled")


@group.command("list")
def list_(
    context: typer.Context,
    *,
    config: ConfigOption = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="STATE", help=f"Only those that are {', '.join(STATES)}.")
    ] = None,
    subscription: SubscriptionOption = None,
    limit: LimitOption = 20,
    json: JsonOption = False,
) -> None:
    """List deliveries, latest first: recipient, tries, next try, and why they failed.

    Example: `tipwatch deliveries list --state failed`
    """
    from storage.digests.deliveries import list_deliveries

    check_known("--state", state, STATES)
    configuration = load(context, config)
    with open_database(configuration) as database, database.reading() as connection:
        found = list_deliveries(connection, state=state, subscription=subscription, limit=limit)  # type: ignore[arg-type]  # checked above
    if not found:
        check_known("--subscription", subscription, [one.name for one in configuration.settings.subscriptions])
    now = utc_now()
    print_records(
        found,
        ("id", "digest", "subscription", "to", "state", "tries", "next try", "reason"),
        lambda each: (
            each.id,
            each.digest_id,
            each.subscription,
            each.recipient,
            each.state,
            each.attempts,
            until(each.next_at, now) if each.state == "pending" else "",
            each.error or "",
        ),
        empty="No delivery matches." if state or subscription else "Nothing has been sent yet.",
        is_json=json,
    )


@group.command("resend")
def resend(context: typer.Context, ids: IdsArgument, *, config: ConfigOption = None) -> None:
    """Resend deliveries that were given up or cancelled.

    A running daemon sends them; `tipwatch digest` does so at once. Example: `tipwatch deliveries resend 17 18`
    """
    from storage.digests.deliveries import resend_deliveries

    configuration = load(context, config)
    with open_database(configuration) as database:
        before = _find(database, ids)
        gone = {one.id: one for one in before if not configuration.is_recipient(one.subscription, one.recipient)}
        again = database.write_now(resend_deliveries, [id_ for id_ in ids if id_ not in gone], now=utc_now())
    reasons: dict[int | str, str] = dict.fromkeys(("failed", "cancelled"), "its text was deleted")
    reasons |= {id_: f"{one.recipient} is no longer a recipient of {one.subscription}" for id_, one in gone.items()}
    _explain_rest(before, again, "sent again", reasons)
    print(f"{counted(len(again), 'delivery', 'deliveries')} will be sent again; `tipwatch digest` does so at once.")


@group.command("cancel")
def cancel(context: typer.Context, ids: IdsArgument, *, config: ConfigOption = None) -> None:
    """Cancel deliveries that are waiting or were given up.

    Example: `tipwatch deliveries cancel 17`
    """
    from storage.digests.deliveries import cancel_deliveries

    with open_database(load(context, config)) as database:
        before = _find(database, ids)
        cancelled = database.write_now(cancel_deliveries, ids, now=utc_now())
    _explain_rest(before, cancelled, "cancelled", {"sending": "it is being sent right now"})
    print(f"{counted(len(cancelled), 'delivery', 'deliveries')} cancelled.")


def _find(database: Database, ids: list[int]) -> list[DeliveryRecord]:
    """The deliveries of these ids.

    Raises:
        BadInput: there is none of one of them.
    """
    from storage.digests.deliveries import get_deliveries

    with database.reading() as connection:
        found = get_deliveries(connection, ids)
    missing = sorted(set(ids) - {each.id for each in found})
    if missing:
        raise BadInput(f"there is no delivery {missing[0]}", "see `tipwatch deliveries list`")
    return found


def _explain_rest(before: list[DeliveryRecord], changed: list[int], what: str, reasons: dict[int | str, str]) -> None:
    """Says of those that were left as they are why, by the reason of one or of its state.

    Raises:
        BadInput: all of them were.
    """
    left = [each for each in before if each.id not in changed]
    why = {one.id: reasons.get(one.id) or reasons.get(one.state) or f"it is already {one.state}" for one in left}
    said = [f"delivery {id_} cannot be {what}: {reason}" for id_, reason in why.items()]
    if left and not changed:
        raise BadInput("; ".join(said), "see `tipwatch deliveries list`")
    for line in said:
        print(line)
