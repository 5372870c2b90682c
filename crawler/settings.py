"""The crawler's part of the configuration: how politely sources and pages are visited.

What enters is the parsed YAML of `crawler:`; what leaves are frozen models, valid as they stand. Errors are pydantic's,
one for each field, so that the shell can show them all at once. What is watched is in `crawler.sources`.
"""

from __future__ import annotations

from functools import cached_property
from ipaddress import ip_address, ip_network
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from storage.durations import Seconds

LONGEST_URL = 2_000
"""Longer addresses are refused everywhere: servers and mail programs cut them, and no real feed has one."""


class FrozenModel(BaseModel):
    """A part of the configuration: unknown keys and values of another type are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class IntervalSettings(FrozenModel):
    """Bounds of the time between two visits to a source."""

    shortest: Seconds = Field(1_800, ge=60, description="For a source with news at every visit.")
    longest: Seconds = Field(86_400, ge=60, description="For a source without news for a long time.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError("shortest: is longer than longest:")
        return self


def _read_network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError as error:
        raise ValueError(f"not a network: {error}; write for example 127.0.0.0/8") from None


def _read_host(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError("not an address; write for example 127.0.0.11") from None


class CrawlerSettings(FrozenModel):
    """How sources and pages are visited."""

    contact: str | None = Field(
        None,
        max_length=200,
        description="Contact named in the user agent; the one at the top of the file unless given.",
    )
    every: Seconds = Field(3_600, ge=60, description="How often the daemon looks for sources that are due.")
    interval: IntervalSettings = Field(
        IntervalSettings(), description="Shortest and longest time between two visits, between which it adapts."
    )
    delay_seconds: float = Field(1.0, ge=0, le=600, description="Minimum time between two requests to one host.")
    concurrency_per_host: int = Field(1, ge=1, le=8, description="Requests at once to one host.")
    concurrency: int = Field(16, ge=1, le=256, description="Requests at once to all hosts.")
    timeout_seconds: float = Field(30.0, gt=0, le=600, description="Time limit for one request, including its body.")
    source_timeout_seconds: float = Field(
        60.0, gt=0, le=3_600, description="Time limit for all requests of one source."
    )
    max_body_bytes: int = Field(15_000_000, ge=1_000, description="Largest page accepted, after decompression.")
    max_feed_bytes: int = Field(5_000_000, ge=1_000, description="Largest feed accepted, after decompression.")
    max_entries: int = Field(500, ge=1, le=10_000, description="Newest entries taken from one source at one visit.")
    max_redirects: int = Field(5, ge=0, le=20, description="Redirects followed for one request.")
    workers: int = Field(2, ge=1, le=64, description="Worker processes, which parse, read and judge.")
    announce_within: Seconds = Field(
        5_184_000,
        # two months: projects are reported late, but what is older came with a new source's archive
        description="Older articles fill the register without announcing their projects; 0: no limit.",
    )
    rule_out: bool = Field(
        True,
        description="Read a page in full only if a first, cheap reading does not rule it out; false: always.",
    )
    robots: bool = Field(True, description="Obey robots.txt for listings, sitemaps and pages (RFC 9309).")
    allow_addresses: Annotated[tuple[Annotated[str, AfterValidator(_read_network)], ...], Field(strict=False)] = Field(
        (), description="Networks beyond the public internet that may be contacted, e.g. 10.1.0.0/16."
    )
    hosts: dict[str, Annotated[str, AfterValidator(_read_host)]] = Field(
        {}, description="Host names with a fixed address, as in /etc/hosts."
    )

    @field_validator("contact")
    @classmethod
    def _contact_fits_a_header(cls, contact: str | None) -> str | None:
        if contact is not None and not (contact.isascii() and contact.isprintable()):
            raise ValueError("holds characters that a user agent cannot")
        return contact

    @cached_property
    def user_agent(self) -> str:
        """`tipwatch/VERSION (+contact)`."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("tipwatch")
        except PackageNotFoundError:  # run from a folder that was not installed
            number = "0"
        return f"tipwatch/{number} (+{self.contact})" if self.contact else f"tipwatch/{number}"
