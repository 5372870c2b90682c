"""Sends one message by the configured transport, within a time, whatever the server or our own code does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from alerts.delivery.transports.smtp import SmtpTransport
from alerts.delivery.transports.transport import Attempt, FileTransport, Transport
from alerts.i18n.phrases import one_line
from alerts.settings import MailSettings

__all__ = ["conversation_seconds", "open_transport", "transfer"]

logger = logging.getLogger(__name__)

# Answers of a server in one conversation (greeting, EHLO, STARTTLS, EHLO, AUTH twice, MAIL, RCPT, DATA, the message):
# the whole of it may take as long as they all at the configured wait, whatever the server does. With the wait of 30 s
# unless set otherwise, five minutes of the ten in which a digest is promised, and 7 MB over a line of 200 kbit/s.
ANSWERS = 10

CANCEL_AGAIN_SECONDS = 0.1  # a cancellation that is not lost takes less


def conversation_seconds(mail: MailSettings) -> float:
    """The longest that one message may take, from connecting to the server's last answer."""
    return ANSWERS * mail.timeout_seconds


@contextlib.asynccontextmanager
async def open_transport(settings: MailSettings, outbox_folder: Path) -> AsyncIterator[Transport]:
    """The configured transport; an SMTP connection is closed at the end."""
    transport = FileTransport(outbox_folder) if settings.transport == "file" else SmtpTransport(settings)
    try:
        yield transport
    finally:
        await transport.close()


async def transfer(
    transport: Transport,
    message: bytes,
    *,
    recipient: str,
    message_id: str,
    limit_seconds: float,
    opened: Callable[[], None] = lambda: None,
) -> Attempt:
    """Sends one message within a time; a fault of our own is logged and leaves it to be tried later, like any other.

    Args:
        opened: called when the server has taken us in, before the message is sent.
    """

    async def converse() -> Attempt:
        failed = await transport.open()
        if failed is not None:
            return failed
        opened()
        return await transport.send(message, recipient=recipient, message_id=message_id)

    conversation = asyncio.create_task(converse())
    try:
        ended, _ = await asyncio.wait((conversation,), timeout=limit_seconds)
        if ended:
            return conversation.result()
        error = f"the conversation with the mail server was cut off after {limit_seconds:g} s"
    except Exception as fault:
        logger.exception("delivery.fault")
        error = one_line(f"something went wrong inside tipwatch ({type(fault).__name__}: {fault})")
    finally:
        await cut_off(conversation)
    return Attempt("later", error, is_ambiguous=transport.may_have_arrived)


async def cut_off(conversation: asyncio.Task[Attempt]) -> None:
    """Cancels until it has ended: `wait_for` of Python 3.11, in the library, may lose a cancellation."""
    while not conversation.done():
        conversation.cancel()
        await asyncio.wait((conversation,), timeout=CANCEL_AGAIN_SECONDS)
