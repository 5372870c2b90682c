"""Sends short messages to chat services and webhooks through apprise, which knows a hundred of them.

apprise says whether a service took a message, and of a failure only what it logs: nothing is refused for good here, and
what fails is tried again until it is given up.
"""

from __future__ import annotations

import asyncio
import logging
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from alerts.delivery.transports.channel.settings import ChannelSettings
from alerts.delivery.transports.transport import Attempt
from alerts.i18n.phrases import one_line

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

ANSWER_SECONDS = 30  # of connecting, and of the answer; services answer in one, their gateways give up after thirty
ERROR_LENGTH = 300  # as much of a service's answer as an operator needs


class ChannelTransport:
    """One channel. apprise is loaded, for half a second and 45 MB, when the first message goes out."""

    connections = 1  # services slow down whoever writes faster
    limit_seconds = 4.0 * ANSWER_SECONDS  # twice connecting and an answer: a long text may become two messages

    def __init__(self, settings: ChannelSettings) -> None:
        self.name = settings.name
        self.may_have_arrived = False
        self._url = settings.url
        self._service: NotifyBase | None = None

    def destination(self, recipient: str) -> str:
        return f"to the channel {self.name}"

    async def takes_beyond_ascii(self) -> bool:
        return True

    async def open(self) -> Attempt | None:
        self.may_have_arrived = False
        if self._service is None:
            self._service = await asyncio.to_thread(load_service, self._url.get_secret_value())
        if self._service is None:
            return Attempt("unauthorised", f"the url of the channel {self.name} is not one that apprise knows")
        return None

    async def send(self, message: bytes, *, recipient: str, message_id: str) -> Attempt:
        import apprise

        assert self._service is not None  # `open` came first
        parsed = message_from_bytes(message, policy=default)
        body = parsed.get_body(("plain",))
        self.may_have_arrived = True
        with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as log:  # type: ignore[no-untyped-call]
            is_taken = await self._service.async_notify(
                title=str(parsed["Subject"]),
                body=str(body.get_content()) if body is not None else "",
                body_format=apprise.NotifyFormat.TEXT,
            )
            said = one_line(log.getvalue())[:ERROR_LENGTH]
        if is_taken:
            return Attempt("sent")
        return Attempt("later", f"the channel {self.name} did not accept it: {said or 'no reason given'}")

    async def close(self) -> None:
        """Nothing: apprise keeps no connection."""


def load_service(url: str) -> NotifyBase | None:
    """The service at an address; None where it is none that apprise knows. What apprise and the HTTP library below it
    say of the address, which is a secret, is kept out of the log."""
    import apprise

    log = logging.getLogger("apprise")
    log.setLevel(logging.CRITICAL)
    log.propagate = False
    logging.getLogger("urllib3").setLevel(logging.INFO)
    service: NotifyBase | None = apprise.Apprise.instantiate(url)
    if service is not None:
        service.socket_connect_timeout = service.socket_read_timeout = ANSWER_SECONDS
        service.redirects = False  # a POST sent elsewhere becomes a GET, which is answered and delivers nothing
    return service
