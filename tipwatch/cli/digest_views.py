"""Digests before they are sent: in the terminal, in files, in a browser; and what was delivered, in words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tipwatch.cli.common import utc_now
from tipwatch.cli.show import bold, moment, print_fields, print_text
from tipwatch.config.problems import did_you_mean
from tipwatch.errors import BadInput, ExitCode
from tipwatch.text import counted, escape_controls, one_line

if TYPE_CHECKING:
    from alerts.render.message import RenderedDigest
    from alerts.service import DeliverySummary
    from alerts.settings import SubscriptionSettings
    from storage.database.engine import Database
    from storage.digests.digests import DeliveryRecord, DigestRecord
    from tipwatch.config.load import Configuration


def chosen_subscriptions(configuration: Configuration, names: Sequence[str]) -> list[SubscriptionSettings]:
    """The subscriptions of these names, all where none is given.

    Raises:
        BadInput: a name is not configured, or none is at all.
    """
    known = {each.name: each for each in configuration.settings.subscriptions}
    if not known:
        raise BadInput(f"no digest is configured in {configuration.file}", "add a subscription: a name and recipients")
    for name in names:
        if name not in known:
            raise BadInput(f"no subscription is called {name!r}", did_you_mean(name, known))
    return [known[name] for name in names] or list(known.values())


def print_preview(subscription: SubscriptionSettings, rendered: RenderedDigest) -> None:
    """Prints a digest as its readers would get it as plain text."""
    print(bold(f"— {one_line(subscription.name)}: {one_line(rendered.subject)}"))
    print()
    print_text(rendered.text)
    print()


def write_preview(folder: Path, subscription: SubscriptionSettings, rendered: RenderedDigest, sender: str) -> Path:
    """Writes `NAME.eml` (as its first recipient would get it), `NAME.html` and `NAME.txt` into a folder, tells where,
    and gives the page.
    """
    from alerts.render.message import Heading, make_message
    from tipwatch.files import write_file

    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "-", subscription.name).strip(".-") or "digest"
    # a slot that no digest that is sent will ever have
    heading = Heading(subscription.name, "preview", sender, utc_now())
    message = make_message(rendered, heading, next(iter(subscription.recipients), sender))
    contents = {
        ".eml": message.as_bytes(),
        ".html": rendered.html.encode(),
        ".txt": f"{rendered.subject}\n\n{rendered.text}".encode(),
    }
    for ending, content in contents.items():
        file = folder / f"{stem}{ending}"
        write_file(file, content)
        print(f"Wrote {file}")
    return folder / f"{stem}.html"


def open_in_browser(page: Path) -> None:
    """Opens a page in the desktop's browser; tells where it is if there is none."""
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        print(f"no browser could be started; open {page} in one")


def print_summary(summary: DeliverySummary) -> None:
    """Prints what was made and what was sent."""
    counts = summary.deliveries
    for digest in summary.digests:
        sent = f"to {counted(digest.recipients, 'recipient')}" if digest.recipients else "nothing in it, not sent"
        print(f"{digest.subscription} of {digest.slot_key}: {one_line(digest.subject)} ({sent})")
    for fault in summary.faults:
        print(one_line(fault))
    if not summary.digests and not summary.faults:
        print("No digest is due.")
    if counts.sent or counts.later or counts.failed:
        print(f"Deliveries: {counts.sent} sent, {counts.later} to be tried again, {counts.failed} given up.")
    if counts.error:
        print(f"Latest error: {one_line(counts.error)}")


def send_trials(
    database: Database, configuration: Configuration, chosen: Sequence[SubscriptionSettings], recipient: str
) -> ExitCode:
    """Sends each digest as it would be now to one address, and tells how that went.

    Raises:
        BadInput: `recipient` is no mail address.
    """
    from alerts.delivery.addresses import parse_address
    from alerts.delivery.transports.registry import make_transport
    from alerts.service import send_trial

    try:
        address = parse_address(recipient)
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        raise BadInput(message, hint) from error
    code = ExitCode.DONE
    for subscription in chosen:
        attempt = asyncio.run(
            send_trial(
                database,
                subscription,
                configuration.mail,
                recipient=address,
                now=utc_now(),
            )
        )
        if attempt.result == "sent":
            destination = make_transport(configuration.mail).destination(address)
            print(f"{one_line(subscription.name)}: a test went {destination}")
        else:
            print(f"{one_line(subscription.name)}: not sent: {escape_controls(attempt.error or attempt.result)}")
            code = ExitCode.NEEDS_A_PERSON
    return code


def digest_json(record: DigestRecord) -> dict[str, Any]:
    """A digest for scripts."""
    summary = record.summary or {}
    return {
        "id": record.id,
        "subscription": record.subscription,
        "slot": record.slot_key,
        "state": record.state,
        "subject": summary.get("subject"),
        "new_projects": summary.get("new_projects"),
        "updates": summary.get("updates"),
        "period_from_at": record.period_from_at,
        "period_to_at": record.period_to_at,
        "made_at": record.rendered_at,
        "deliveries": dict(record.deliveries),
    }


def delivery_json(record: DeliveryRecord) -> dict[str, Any]:
    """A message for scripts."""
    return {
        "id": record.id,
        "recipient": record.recipient,
        "message_id": record.message_id,
        "state": record.state,
        "attempts": record.attempts,
        "next_at": record.next_at if record.state == "pending" else None,
        "finished_at": record.finished_at,
        "error": record.error,
    }


def print_digest(record: DigestRecord, deliveries: Sequence[DeliveryRecord], message: bytes | None) -> None:
    """Prints a digest: what it was, what became of its messages, and its text as it went out."""
    from email import message_from_bytes
    from email.policy import default

    summary = record.summary or {}
    print_fields(
        [
            ("digest", f"{record.id}, {record.subscription} of {record.slot_key}"),
            ("subject", summary.get("subject", "not made yet")),
            ("period", f"{moment(record.period_from_at)} to {moment(record.period_to_at)}"),
            ("made", moment(record.rendered_at)),
        ]
    )
    for each in deliveries:
        error = f", {escape_controls(one_line(each.error))}" if each.error else ""
        print(f"{escape_controls(each.recipient)}: {each.state} after {counted(each.attempts, 'try', 'tries')}{error}")
    if not deliveries:
        print("It was not mailed: there was nothing in it." if record.rendered_at else "It has not been made yet.")
        return
    body = message_from_bytes(message, policy=default).get_body(("plain",)) if message is not None else None
    print()
    print_text(str(body.get_content()) if body is not None else "Its text was deleted, as that of old mail is.")
