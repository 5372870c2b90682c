"""Digests before they are sent: in the terminal, in files, in a browser; and what was delivered, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tipwatch.cli.common import utc_now
from tipwatch.cli.show import bold
from tipwatch.config_problems import did_you_mean
from tipwatch.errors import BadInput, NotFound
from tipwatch.text import escape_controls, one_line

if TYPE_CHECKING:
    from alerts.message import RenderedDigest
    from alerts.service import DeliverySummary
    from alerts.settings import SubscriptionSettings
    from tipwatch.config import Configuration

__all__ = ["chosen_subscriptions", "open_in_browser", "print_preview", "print_summary", "print_text", "write_preview"]


def chosen_subscriptions(configuration: Configuration, names: Sequence[str]) -> list[SubscriptionSettings]:
    """The subscriptions of these names, all where none is given.

    Raises:
        NotFound: a name is not configured.
        BadInput: none is configured at all.
    """
    known = {each.name: each for each in configuration.settings.subscriptions}
    if not known:
        raise BadInput(f"no digest is configured in {configuration.file}", "add a subscription: a name and recipients")
    for name in names:
        if name not in known:
            raise NotFound(f"no subscription is called {name!r}", did_you_mean(name, known))
    return [known[name] for name in names] or list(known.values())


def print_preview(subscription: SubscriptionSettings, rendered: RenderedDigest) -> None:
    """Prints a digest as its readers would get it as plain text."""
    print(bold(f"— {one_line(subscription.name)}: {one_line(rendered.subject)}"))
    print()
    print_text(rendered.text)
    print()


def print_text(text: str) -> None:
    """Prints text of several lines, each free of control characters."""
    for line in text.splitlines():
        print(escape_controls(line))


def write_preview(folder: Path, subscription: SubscriptionSettings, rendered: RenderedDigest, sender: str) -> Path:
    """Writes `NAME.eml` (as its first recipient would get it), `NAME.html` and `NAME.txt` into a folder, tells where,
    and gives the page.
    """
    from alerts.message import make_message
    from tipwatch.files import write_atomically

    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "-", subscription.name).strip(".-") or "digest"
    message = make_message(
        rendered,
        subscription=subscription.name,
        slot_key="preview",  # an id that no digest that is sent will ever have
        sender=sender,
        recipient=subscription.recipients[0],
        composed_at=utc_now(),
    )
    contents = {
        ".eml": message.as_bytes(),
        ".html": rendered.html.encode(),
        ".txt": f"{rendered.subject}\n\n{rendered.text}".encode(),
    }
    for ending, content in contents.items():
        file = folder / f"{stem}{ending}"
        write_atomically(file, content)
        print(f"wrote {file}")
    return folder / f"{stem}.html"


def open_in_browser(page: Path) -> None:
    """Opens a page in the desktop's browser; tells where it is if there is none."""
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        print(f"no browser could be started; open {page} yourself")


def print_summary(summary: DeliverySummary) -> None:
    """Prints what was made and what was sent."""
    counts = summary.deliveries
    for digest in summary.digests:
        sent = f"to {digest.recipients} recipients" if digest.recipients else "nothing in it, not sent"
        print(f"{digest.subscription} of {digest.slot_key}: {one_line(digest.subject)} ({sent})")
    if not summary.digests:
        print("No digest is due.")
    if counts.sent or counts.later or counts.failed:
        print(f"Deliveries: {counts.sent} sent, {counts.later} to be tried again, {counts.failed} given up.")
    if counts.error:
        print(f"Latest trouble: {one_line(counts.error)}")
