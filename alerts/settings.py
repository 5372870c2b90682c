"""The alerts' part of the configuration: who gets which digest when, and how mail leaves the house."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import time as TimeOfDay  # noqa: N812  a field is called time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    PlainSerializer,
    field_validator,
    model_validator,
)

from alerts.choices import OneOf
from alerts.delivery.addresses import MailAddress, bare_address
from alerts.delivery.transports.channel.settings import ChannelSettings
from alerts.delivery.transports.registry import MailSettings
from alerts.digest.regions import region_names
from alerts.i18n.languages import LANGUAGES
from classifier.document import RELEVANT_TOPICS
from storage.codes import UnknownCode, read_country, read_language
from storage.register.compare.rates import to_dollars

__all__ = [
    "DAYS",
    "OPERATOR",
    "ChannelSettings",
    "ImmediateSettings",
    "MailSettings",
    "OperatorSettings",
    "SubscriptionSettings",
]

DigestLanguage = Annotated[str, OneOf(LANGUAGES)]
OPERATOR = "operator"
"""The operator's alerts stand in the outbox under this name, which no subscription may have."""

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def format_time(time: TimeOfDay) -> str:
    """`07:00`; a function, since Python 3.13 tells nothing of what a method of `str` takes, which pydantic asks for."""
    return f"{time:%H:%M}"


def parse_time(value: object) -> TimeOfDay:
    """A time of day from "HH:MM"; YAML reads an unquoted 07:30 as the number 450, which is recognised here."""
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


def check_code(read: Callable[[str], str], misread: str) -> Callable[[object], str]:
    """Checks a code, in whatever case; YAML 1.1 reads an unquoted `no` as false, and then `misread` says what to do."""

    def check(value: object) -> str:
        if value is False:
            raise ValueError(misread)
        try:
            return read(str(value))
        except UnknownCode as error:
            raise ValueError(f"{error}; {error.hint}") from error

    return check


def parse_amount_limit(value: object) -> object:
    """A sum of money from "USD 1000000" or "1,000,000 EUR"."""
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"\s*(?:([A-Za-z]{3})\s*([\d,. ]+)|([\d,. ]+?)\s*([A-Za-z]{3}))\s*", value)
    digits = re.sub(r"[,. ](?=\d{3}(\D|$))", "", (match[2] or match[3]).strip()) if match else ""
    if match is None or not re.fullmatch(r"\d+(\.\d+)?", digits):
        raise ValueError(f'not an amount with its currency: {value!r}; write it as "USD 1,000,000"')
    currency = (match[1] or match[4]).upper()
    if to_dollars(1, currency, None) is None:
        raise ValueError(
            f"no exchange rate is known for the currency {currency}; give the limit in another, such as USD"
        )
    return {"amount": float(digits), "currency": currency}


class AmountLimit(BaseModel, frozen=True, extra="forbid"):
    """A sum above which a project is asked for."""

    amount: float = Field(ge=0, description="In units of the currency.")
    currency: str = Field(min_length=3, max_length=3, description="ISO 4217, such as USD.")


check_country = check_code(read_country, 'write Norway in quotes: "NO"')
check_language = check_code(read_language, 'write Norwegian in quotes: "no"')
Country = Annotated[str, BeforeValidator(check_country)]
Language = Annotated[str, BeforeValidator(check_language)]
Region = Annotated[str, OneOf(region_names())]
Topic = Annotated[str, OneOf(RELEVANT_TOPICS)]
Limit = Annotated[AmountLimit, BeforeValidator(parse_amount_limit)]


class ImmediateSettings(BaseModel, frozen=True, extra="forbid"):
    """What is sent at once, after the crawl that found it, instead of in the next digest."""

    countries: tuple[Country, ...] = Field(default=(), description="Countries whose new projects are sent at once.")
    regions: tuple[Region, ...] = Field(default=(), description="Regions whose new projects are sent at once.")
    amount_above: Limit | None = Field(
        default=None, description='Projects with a larger amount are sent at once; "USD 10,000,000".'
    )

    @model_validator(mode="after")
    def check_any(self) -> ImmediateSettings:
        if not (self.countries or self.regions or self.amount_above):
            raise ValueError("say what is to be sent at once: countries, regions or amount_above")
        return self


class SubscriptionSettings(BaseModel, frozen=True, extra="forbid"):
    """One digest: who gets it, when, and what may be in it."""

    name: str = Field(
        min_length=1,
        max_length=60,
        pattern=r"^[\w .-]+$",
        description="Name of the digest, by which it remembers what was sent.",
    )
    recipients: tuple[MailAddress, ...] = Field(
        default=(), min_length=1, description="Mail addresses; each gets a message of its own."
    )
    channels: tuple[str, ...] = Field(
        default=(), min_length=1, description="Names of `channels` that get the digest as a short text."
    )
    time: Annotated[TimeOfDay, BeforeValidator(parse_time), PlainSerializer(format_time, when_used="json")] = Field(
        default=TimeOfDay(7, 0), description='Time of day in `timezone`, in quotes: "07:00".'
    )
    days: tuple[Day, ...] = Field(
        default=DAYS, min_length=1, description="Days of the week: mon, tue, wed, thu, fri, sat, sun."
    )
    timezone: Annotated[str, AfterValidator(check_zone)] = Field(
        default="UTC", description="Time zone, such as Europe/Vienna."
    )
    language: DigestLanguage = Field(default="en", description="Language of the digest itself.")
    languages: tuple[Language, ...] = Field(
        default=(), description="Languages of the articles (en, fr, …); none means all."
    )
    countries: tuple[Country, ...] = Field(
        default=(), description='Countries the projects work in, two-letter codes in quotes ("NO"); none means all.'
    )
    regions: tuple[Region, ...] = Field(
        default=(),
        description="Regions the projects work in (the United Nations' M49), in addition to `countries`.",
    )
    funders: tuple[str, ...] = Field(
        default=(), description="Who pays, in any language; a government stands for its agencies. None means all."
    )
    implementers: tuple[str, ...] = Field(
        default=(), description="Who runs the projects, in any language; none means all."
    )
    amount_above: Limit | None = Field(
        default=None, description='Only projects with a larger amount, in any currency: "USD 1,000,000".'
    )
    topics: tuple[Topic, ...] = Field(default=(), description="Topics of “Also in the news”; none means all.")
    confidence: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Minimum probability of being a new project; 0 shows all that `new_project` lets through.",
    )
    maybe: bool = Field(default=True, description="List possible new projects, one line each.")
    format: Literal["html", "text"] = Field(default="html", description="`html` (with a text version) or `text` alone.")
    limit: int = Field(
        default=40,
        ge=1,
        le=200,
        # 40 cards are some 90 kB of HTML; large providers clip a message above 102 kB
        description="Maximum number of new projects shown in one message; the rest is attached as a table (CSV).",
    )
    immediate: ImmediateSettings | None = Field(
        default=None, description="Projects to send at once instead of in the next digest; none unless given."
    )
    weekly_summary: Day | None = Field(
        default=None,
        description="Day on which a summary of the week follows the digest: mon, tue, …; none unless given.",
    )
    send_empty: bool = Field(
        default=True,
        # who hears nothing cannot tell a quiet day from a machine that stands still
        description="Send a digest even on a day without news; it says so.",
    )
    lookback_days: int = Field(
        default=7,
        ge=0,
        le=366,
        # a week: what an analyst may have missed, without the whole of a register's history
        description="Days that the first digest of a new subscription covers.",
    )
    other_news: int = Field(
        default=10, ge=0, le=100, description="Maximum number of stories under “Also in the news”; 0 leaves them out."
    )

    @field_validator("name")
    @classmethod
    def check_name(cls, name: str) -> str:
        if name.casefold() == OPERATOR:
            raise ValueError(f"{OPERATOR} is the name of tipwatch's own alerts; give the digest another")
        return name

    @model_validator(mode="after")
    def check_summary_day(self) -> SubscriptionSettings:
        if self.weekly_summary is not None and self.weekly_summary not in self.days:
            raise ValueError(f"weekly_summary follows a digest, but {self.weekly_summary} is not one of its days")
        return self

    @model_validator(mode="after")
    def check_recipients(self) -> SubscriptionSettings:
        check_destinations(self.recipients, self.channels)
        return self


class OperatorSettings(BaseModel, frozen=True, extra="forbid"):
    """Whom tipwatch alerts when something needs a person: sources that break in numbers, a full disk, mail that does
    not leave, a day without a crawl."""

    recipients: tuple[MailAddress, ...] = Field(default=(), min_length=1, description="Mail addresses.")
    channels: tuple[str, ...] = Field(
        default=(), min_length=1, description="Names of `channels`, which reach you even if mail fails."
    )

    @model_validator(mode="after")
    def check_recipients(self) -> OperatorSettings:
        check_destinations(self.recipients, self.channels)
        return self


def check_destinations(recipients: Sequence[str], channels: Sequence[str]) -> None:
    """Raises:
    ValueError: nobody is named, or somebody twice.
    """
    if not recipients and not channels:
        raise ValueError("nobody gets it; name recipients or channels")
    addresses = Counter(bare_address(each).casefold() for each in recipients)
    for what, names in (("recipient", addresses), ("channel", Counter(channels))):
        for name, count in names.items():
            if count > 1:
                raise ValueError(f"{what} {name} is listed twice")
