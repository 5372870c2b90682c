"""Sends one message by a transport, within a time, whatever the server or our own code does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from alerts.delivery.transports.transport import Attempt, Transport
from alerts.i18n.phrases import one_line

logger = logging.getLogger(__name__)

CANCEL_AGAIN_SECONDS = 0.1  # a cancellation that is not lost takes less


async def transfer(
    transport: Transport,
    message: bytes,
    *,
    recipient: str,
    message_id: str,
    opened: Callable[[], None] = lambda: None,
) -> Attempt:
    """Sends one message within the transport's time; a fault of our own is logged and leaves it to be tried later, like
    any other.

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
        ended, _ = await asyncio.wait((conversation,), timeout=transport.limit_seconds)
        if ended:
            return conversation.result()
        error = f"sending {transport.destination(recipient)} was cut off after {transport.limit_seconds:g} s"
    except Exception as fault:
        logger.exception("delivery.internal_error")
        error = one_line(f"something went wrong inside tipwatch ({type(fault).__name__}: {fault})")
    finally:
        await cut_off(conversation)
    return Attempt("later", error, is_ambiguous=transport.may_have_arrived)


async def cut_off(conversation: asyncio.Task[Attempt]) -> None:
    """Cancels until it has ended: `wait_for` of Python 3.11, in the library, may lose a cancellation."""
    while not conversation.done():
        conversation.cancel()
        await asyncio.wait((conversation,), timeout=CANCEL_AGAIN_SECONDS)
