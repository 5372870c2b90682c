"""The transports there are: each a folder here with its settings and its code, known by one line in `TRANSPORTS`.

How to add one: docs/extend/transport.md. Code is loaded when it is used: a command that sends nothing must not load
what talks to servers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from alerts.choices import OneOf
from alerts.delivery.addresses import MailAddress
from alerts.delivery.transports.channel.settings import ChannelSettings
from alerts.delivery.transports.file.settings import FileSettings
from alerts.delivery.transports.smtp.settings import SmtpSettings
from alerts.delivery.transports.transport import Transport


@dataclass(frozen=True, slots=True)
class TransportSpec:
    """A way for mail to leave: what it does in words, its class, and the settings it cannot do without."""

    summary: str
    module: str
    class_name: str
    required: tuple[str, ...] = ()

    def load(self) -> Callable[[BaseModel], Transport]:
        """Its class, which is made of its settings."""
        loaded: Callable[[BaseModel], Transport] = getattr(import_module(self.module), self.class_name)
        return loaded


TRANSPORTS = {
    "file": TransportSpec(
        "writes .eml and .html files into `folder`", "alerts.delivery.transports.file.transport", "FileTransport"
    ),
    "smtp": TransportSpec(
        "sends through `host`", "alerts.delivery.transports.smtp.transport", "SmtpTransport", required=("host",)
    ),
}
CHANNEL = TransportSpec("", "alerts.delivery.transports.channel.transport", "ChannelTransport")


class MailSettings(FileSettings, SmtpSettings, frozen=True, extra="forbid"):
    """How mail leaves: into files (the default), or as the transport that is named does it."""

    transport: Annotated[str, OneOf(tuple(TRANSPORTS))] = Field(
        default="file", description="; ".join(f"`{name}` {spec.summary}" for name, spec in TRANSPORTS.items()) + "."
    )
    sender: MailAddress = Field(default="tipwatch <tipwatch@localhost>", description="Address in the From line.")
    unsubscribe_url: str | None = Field(
        default=None,
        pattern=r"^https://[\x21-\x7e]+$",
        max_length=500,
        description="Your https address for unsubscribing with one click (RFC 8058); {recipient} in it stands for the "
        "address. Without it, readers unsubscribe by mail to the sender.",
    )

    @model_validator(mode="after")
    def check_transport(self) -> MailSettings:
        for name in TRANSPORTS[self.transport].required:
            if not getattr(self, name):
                raise ValueError(f"transport {self.transport} needs a {name}")
        return self


@dataclass(frozen=True, slots=True)
class Route:
    """One way out of the outbox: makes a transport for the deliveries to a channel, or (None) to mail addresses."""

    make_transport: Callable[[], Transport]
    channel: str | None = None


def make_transport(mail: MailSettings) -> Transport:
    """The transport of mail that is configured."""
    return TRANSPORTS[mail.transport].load()(mail)


def list_routes(mail: MailSettings, channels: Sequence[ChannelSettings]) -> list[Route]:
    """The ways out of the outbox: mail, and each channel."""

    def to_channel(channel: ChannelSettings) -> Route:
        return Route(lambda: CHANNEL.load()(channel), channel.name)

    return [Route(lambda: make_transport(mail)), *map(to_channel, channels)]
