"""The alerts' part of the configuration: who gets which digest when, and how mail leaves the house."""

from __future__ import annotations

import re
from datetime import time as TimeOfDay  # noqa: N812  a field is called time
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Security = Literal["starttls", "tls", "none"]
DEFAULT_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}  # RFC 6409, RFC 8314, RFC 5321


def parse_address(value: str) -> str:
    """The mail address `value` in its standard form ("Name <user@host>" or "user@host").

    Raises:
        ValueError: where it is not one address, or could break out of a header line.
    """
    if any(ord(character) < 32 for character in value):
        raise ValueError("a mail address may not hold control characters")
    name, address = parseaddr(value)
    local, _, host = address.rpartition("@")
    if not local or "." not in f".{host}" or not host or " " in address or "," in address:
        raise ValueError(f"not a mail address: {value!r}; write user@example.org or Name <user@example.org>")
    return str(Address(display_name=name, username=local, domain=host)) if name else address


def parse_time(value: object) -> TimeOfDay:
    """A time of day from "HH:MM"; YAML reads an unquoted 07:30 as the number 450, which is told apart here."""
    if isinstance(value, TimeOfDay):
        return value
    if isinstance(value, int):  # YAML 1.1 reads 07:30 as sixty-based
        raise ValueError(f'write the time of day in quotes: "{value // 60:02d}:{value % 60:02d}"')  # noqa: TRY004  pydantic
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", str(value))
    if match is None:
        raise ValueError(f'not a time of day: {value!r}; write it as "07:00"')
    return TimeOfDay(int(match[1]), int(match[2]))


def check_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {value!r}; write one such as Europe/Vienna or UTC") from error
    return value


def check_country(value: object) -> object:
    if value is False:  # YAML 1.1 reads an unquoted NO (Norway) as false
        raise ValueError('write Norway in quotes: "NO"')
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2}", value):
        return value.upper()
    raise ValueError(f"not a country code of two letters: {value!r}")


def check_language(value: object) -> object:
    if value is False:
        raise ValueError('write Norwegian in quotes: "no"')
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2,3}", value):
        return value.lower()
    raise ValueError(f"not a language code such as en: {value!r}")


MailAddress = Annotated[str, AfterValidator(parse_address)]
Country = Annotated[str, BeforeValidator(check_country)]
Language = Annotated[str, BeforeValidator(check_language)]


class SubscriptionSettings(BaseModel):
    """One digest: who gets it, when, and what may be in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        min_length=1,
        max_length=60,
        pattern=r"^[\w .-]+$",
        description="Name of the digest; its memory of what was sent.",
    )
    recipients: tuple[MailAddress, ...] = Field(
        min_length=1, description="Mail addresses; each gets a message of its own."
    )
    time: Annotated[TimeOfDay, BeforeValidator(parse_time)] = Field(
        default=TimeOfDay(7, 0), description='Time of day in `timezone`, in quotes: "07:00".'
    )
    days: tuple[Day, ...] = Field(
        default=DAYS, min_length=1, description="Days of the week: mon, tue, wed, thu, fri, sat, sun."
    )
    timezone: Annotated[str, AfterValidator(check_zone)] = Field(
        default="UTC", description="Time zone, such as Europe/Vienna."
    )
    languages: tuple[Language, ...] = Field(
        default=(), description="Languages of the articles (en, fr, …); none means all."
    )
    countries: tuple[Country, ...] = Field(
        default=(), description='Countries the projects work in, two-letter codes in quotes ("NO"); none means all.'
    )
    send_empty: bool = Field(default=False, description="Send a digest that says so when there is nothing new.")
    lookback_days: int = Field(
        default=7,
        ge=0,
        le=366,
        # a week: what an analyst may have missed, without the whole of a register's history
        description="How far back the first digest of a new subscription looks.",
    )
    other_news: int = Field(
        default=10, ge=0, le=100, description="Most other stories listed under “also in the news”; 0 leaves them out."
    )

    @model_validator(mode="after")
    def check_recipients(self) -> SubscriptionSettings:
        seen: set[str] = set()
        for recipient in self.recipients:
            address = parseaddr(recipient)[1].casefold()
            if address in seen:
                raise ValueError(f"recipient {address} is listed twice")
            seen.add(address)
        return self


class MailSettings(BaseModel):
    """How mail leaves: into files (the default), or through an SMTP server."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    transport: Literal["file", "smtp"] = Field(
        default="file", description="`file` writes .eml and .html files into `folder`; `smtp` sends through `host`."
    )
    sender: MailAddress = Field(default="tipwatch <tipwatch@localhost>", description="Address in the From line.")
    folder: str = Field(default="outbox", description="Folder of the `file` transport, relative to `data`.")
    host: str | None = Field(default=None, description="SMTP server.")
    port: int | None = Field(
        default=None, ge=1, le=65535, description="Its port; by default 587, 465 or 25 by `security`."
    )
    security: Security = Field(
        default="starttls", description="`starttls` (required, not merely tried), `tls` from the first byte, or `none`."
    )
    username: str | None = Field(default=None, description="User name for AUTH.")
    password: SecretStr | None = Field(default=None, description="Password for AUTH; write ${TIPWATCH_SMTP_PASSWORD}.")
    ca_file: str | None = Field(default=None, description="Certificates of an authority of your own (PEM file).")
    timeout_seconds: float = Field(
        default=30.0, gt=0, le=300, description="Longest wait for one answer of the SMTP server."
    )  # RFC 5321 allows minutes; an office relay answers in seconds, and the lease must outlast a whole conversation

    @property
    def smtp_port(self) -> int:
        return self.port or DEFAULT_PORTS[self.security]

    @model_validator(mode="after")
    def check_transport(self) -> MailSettings:
        if self.transport == "smtp" and not self.host:
            raise ValueError("transport smtp needs a host")
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password belong together")
        if self.username is not None and self.security == "none":
            raise ValueError("a password is not sent over an open line: choose security starttls or tls")
        return self
