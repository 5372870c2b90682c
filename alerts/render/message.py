"""Makes the message of one recipient: MIME as good mailers make it (RFC 5322, 2369, 2919, 3834, 8058), bytes that stay.

A message is made once and frozen. Its Message-ID follows from subscription, slot and recipient alone, so that even a
repeated sending is recognisable as the same message.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from urllib.parse import quote

from alerts.delivery.addresses import bare_address, needs_smtputf8, parse_mailbox
from alerts.i18n.phrases import one_line
from storage.projects.quotations import cut

SUBJECT_LENGTH = 160  # longer subjects are cut by every mail client; what they say stands in the body too


class MailPolicy(EmailPolicy):
    """As `email.policy.SMTP`, but a subject beyond ASCII is encoded whole.

    The library encodes only the words that need it, and where it folds before one, a reader sees two spaces for one.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        subject = str(value)
        if name.casefold() != "subject" or subject.isascii():
            return super().fold_binary(name, value)
        encoded = Header(subject, "utf-8", header_name=name).encode(linesep="\r\n")
        return f"{name}: {encoded}\r\n".encode("ascii")


POLICY = MailPolicy(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """A digest ready to be put into messages: subject (one line), text and HTML bodies, `brief` for channels."""

    subject: str
    text: str
    html: str
    brief: str = ""
    language: str = "en"
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """What the heads of a digest's messages share: the subscription and its slot, who sends, and their date.

    `unsubscribe_url` is an https address that ends a subscription at one click (RFC 8058), offered beside the mail
    address; `{recipient}` in it stands for the address.
    """

    subscription: str
    slot_key: str
    sender: str
    composed_at: datetime
    unsubscribe_url: str | None = None


def message_id(heading: Heading, recipient: str, domain: str) -> str:
    """The Message-ID of one recipient's digest: the same whenever it is made."""
    address = bare_address(recipient).casefold() if "@" in recipient else recipient
    named = "\x00".join((heading.subscription, heading.slot_key, address))
    return f"<digest.{heading.slot_key}.{hashlib.sha256(named.encode()).hexdigest()[:24]}@{domain}>"


def list_id(subscription: str, domain: str) -> str:
    """The List-Id of a subscription (RFC 2919): letters, digits and hyphens before the sender's domain."""
    label = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in subscription.casefold()).split())
    return f"<{label or 'digest'}.tipwatch.{domain}>"


def make_message(
    rendered: RenderedDigest, heading: Heading, recipient: str, *, is_text_only: bool = False
) -> EmailMessage:
    """The whole message for `recipient`; see `make_envelope`."""
    message = make_envelope(rendered, heading, recipient)
    add_content(message, rendered, is_text_only=is_text_only)
    return message


def add_content(message: EmailMessage, rendered: RenderedDigest, *, is_text_only: bool) -> None:
    """Gives a message without content its bodies and attachments, and the headers that describe them."""
    message["Content-Language"] = rendered.language
    message.set_content(rendered.text, cte="quoted-printable")
    if not is_text_only:
        message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    for attachment in rendered.attachments:
        maintype, subtype = attachment.content_type.split("/")
        message.add_attachment(
            attachment.content,
            maintype=maintype,
            subtype=subtype,
            filename=attachment.name,
            params={"charset": "utf-8"} if maintype == "text" else {},
        )


def make_envelope(rendered: RenderedDigest, heading: Heading, recipient: str) -> EmailMessage:
    """The message for `recipient` before its content: all headers that do not describe that.

    Raises:
        ValueError: where a header would hold a line break; cannot happen for configured addresses.
    """
    mailbox, reader = (plain_name(parse_mailbox(each)) for each in (heading.sender, recipient))
    is_beyond_ascii = needs_smtputf8(mailbox.addr_spec) or needs_smtputf8(reader.addr_spec)
    message = EmailMessage(policy=POLICY.clone(utf8=True) if is_beyond_ascii else POLICY)  # RFC 6532: no encoded words
    message["From"] = mailbox
    message["To"] = reader
    message["Subject"] = cut(plain_header(rendered.subject), SUBJECT_LENGTH)
    message["Date"] = format_datetime(heading.composed_at)
    message["Message-ID"] = message_id(heading, recipient, mailbox.domain)
    message["List-Id"] = list_id(heading.subscription, mailbox.domain)
    by_mail = f"<mailto:{quote(mailbox.addr_spec, safe='@+')}?subject=unsubscribe>"
    if heading.unsubscribe_url is None:
        message["List-Unsubscribe"] = by_mail
    else:
        address = quote(reader.addr_spec, safe="")
        message["List-Unsubscribe"] = f"{by_mail}, <{heading.unsubscribe_url.replace('{recipient}', address)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    return message


def make_channel_message(rendered: RenderedDigest, heading: Heading, channel: str) -> EmailMessage:
    """The short message for a channel: its title is the subject. Kept as a message too, so that the outbox holds but
    one kind of thing."""
    message = EmailMessage(policy=POLICY)
    message["Subject"] = cut(plain_header(rendered.subject), SUBJECT_LENGTH)
    message["Date"] = format_datetime(heading.composed_at)
    message["Message-ID"] = message_id(heading, channel, parse_mailbox(heading.sender).domain)
    message["Content-Language"] = rendered.language
    message.set_content(rendered.brief, cte="quoted-printable")
    return message


def plain_name(mailbox: Address) -> Address:
    """The mailbox with a name that is safe in a header."""
    return Address(plain_header(mailbox.display_name), mailbox.username, mailbox.domain)


def plain_header(text: str) -> str:
    """`text` for a header: one line, and no encoded word of its own.

    A literal `=?utf-8?q?a=0ABcc:…?=` would be decoded by the library, line break and all, into a new header (the class
    of CVE-2024-6923); a blank after the `=` makes it plain text.
    """
    return one_line(text).replace("=?", "= ?")
