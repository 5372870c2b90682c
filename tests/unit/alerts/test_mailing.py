"""Messages that share all but their heads: each is what it would be, made alone."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest

from alerts.delivery.mailing import Mailing
from alerts.render.message import Attachment, Heading, RenderedDigest, make_message
from alerts.settings import MailSettings, SubscriptionSettings
from tests.support.digest_examples import SLOT_AT

RECIPIENTS = (
    "Ana Ruiz <ana@example.org>",
    "Zoë Žák <eva@example.org>",
    "luc.with.a.long.name" + "e" * 40 + "@example.org",
)
MAIL = MailSettings.model_validate({"unsubscribe_url": "https://lists.example/leave?who={recipient}"})
TABLE = Attachment("new-projects.csv", "text/csv", "id,title\r\n1,Größe\r\n".encode())
PACKED = Attachment("new-projects.csv.zip", "application/zip", bytes(range(256)) * 50)


@pytest.mark.parametrize("attachments", [(), (TABLE,), (PACKED,)])
@pytest.mark.parametrize("style", ["html", "text"])
def test_each_message_is_what_it_would_be_made_alone(attachments: tuple[Attachment, ...], style: str) -> None:
    rendered = RenderedDigest("Größe: 3 new projects", "Letter ž\n" * 30, "<p>Page ž</p>", attachments=attachments)
    subscription = SubscriptionSettings.model_validate(
        {"name": "morning", "recipients": RECIPIENTS, "time": "07:00", "format": style}
    )
    mailing = Mailing(rendered, subscription, MAIL, "2026-11-25", SLOT_AT)
    assert [one.recipient for one in mailing] == list(subscription.recipients)
    for one in mailing:
        heading = Heading("morning", "2026-11-25", MAIL.sender, SLOT_AT, MAIL.unsubscribe_url)
        alone = make_message(rendered, heading, one.recipient, is_text_only=style == "text")
        assert lines_of(one.message) == lines_of(alone.as_bytes())
        parts = list(message_from_bytes(one.message, policy=default).walk())
        assert len(parts) == len(list(alone.walk()))
        assert one.message_id == alone["Message-ID"]


def lines_of(message: bytes) -> list[bytes]:
    """The lines without the boundaries of parts, which are made by chance."""
    return [line for line in message.split(b"\r\n") if b"=====" not in line]
