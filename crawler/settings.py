"""The crawler's part of the configuration: what to watch, and how politely.

What enters is the parsed YAML of `sources:` and `crawler:`; what leaves are frozen models, valid as they stand:
addresses are http or https without user or password, selectors and patterns compile, credentials belong to one
origin. Errors are pydantic's, one for each field, so that the shell can show them all at once.
"""

from __future__ import annotations

import base64
import re
from functools import cached_property
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from yarl import URL

from crawler.http.address_policy import Network, parse_networks
from storage.durations import Seconds
from storage.host_names import host_of
from storage.records import SourceKind, SourceSpec

LONGEST_URL = 2_000
"""Longer addresses are refused everywhere: servers and mail programs cut them, and no real feed has one."""

SPIDERS: dict[str, str] = {
    "reliefweb": "https://reliefweb.int",
    "gdelt": "https://api.gdeltproject.org/api/v2/doc/doc",
}
"""The hand-written spiders by name, each with the address it asks where a source names none."""

SECRET_FIELDS = ("password", "value")


def check_address(text: str) -> str:
    """An http or https address, with a host and without user and password. Raises ValueError saying what is wrong."""
    text = text.strip()
    if len(text) > LONGEST_URL:
        raise ValueError(f"an address of {len(text)} characters; at most {LONGEST_URL} are taken")
    if any(ord(character) < 33 or ord(character) == 127 for character in text):
        raise ValueError("an address holds no spaces and control characters; write %20 for a space")
    try:
        url = URL(text)
        host = url.host
        port = url.port
    except ValueError as error:
        raise ValueError(f"not an address: {error}") from None
    if url.scheme not in ("http", "https"):
        raise ValueError("an address begins with http:// or https://")
    if not host or not port:
        raise ValueError("the address names no host")
    if url.user is not None or url.password is not None:
        raise ValueError("no user name or password in the address; write them under credentials:")
    return text


Address = Annotated[str, AfterValidator(check_address)]
Word = Annotated[str, Field(min_length=1, max_length=60)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Credentials(_Model):
    """What one source asks for: a user name and password (HTTP Basic), or a header and its value."""

    username: str | None = Field(None, min_length=1, description="User name for HTTP Basic authentication.")
    password: SecretStr | None = Field(None, description='Its password; best "${VARIABLE}", from the environment.')
    header: str | None = Field(None, pattern=r"^[A-Za-z0-9-]{1,60}$", description="Name of a header, e.g. X-Api-Key.")
    value: SecretStr | None = Field(None, description='The header\'s value; best "${VARIABLE}".')

    @field_validator(*SECRET_FIELDS)
    @classmethod
    def _one_line(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and any(ord(character) < 32 for character in secret.get_secret_value()):
            raise ValueError("holds a line break or control character")
        return secret

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        is_basic = self.username is not None and self.password is not None
        is_header = self.header is not None and self.value is not None
        given = [self.username, self.password, self.header, self.value]
        if is_basic == is_header or sum(part is not None for part in given) != 2:
            raise ValueError("write either username and password, or header and value")
        return self

    def as_header(self) -> tuple[str, str]:
        """Name and value of the header that carries them."""
        if self.header is not None and self.value is not None:
            return self.header, self.value.get_secret_value()
        assert self.password is not None
        pair = f"{self.username}:{self.password.get_secret_value()}".encode()
        return "Authorization", "Basic " + base64.b64encode(pair).decode("ascii")


class SourceSettings(_Model):
    """One thing to watch. A bare address is a feed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    kind: SourceKind = Field("feed", description="feed, listing (a page of links), sitemap or spider.")
    url: Address | None = Field(None, description="Where it is. A spider has its own, and may be given another.")
    name: str | None = Field(
        None, min_length=1, max_length=200, description="What it is called; the host and path where not given."
    )
    tags: Annotated[tuple[Word, ...], Field(strict=False)] = Field((), description="Words to choose sources by.")
    languages: Annotated[tuple[Word, ...], Field(strict=False)] = Field(
        (), description="Language codes of what it publishes; used where an article does not say."
    )
    interval: Seconds | None = Field(
        None, ge=60, description="Time between two visits; where not given it follows how often there is news."
    )
    links: str | None = Field(
        None,
        min_length=1,
        max_length=1_000,
        description='listing: CSS selector of the links, or "re:" and a pattern their address must hold.',
    )
    fallback: Address | None = Field(None, description="feed: a listing page read instead while the feed fails.")
    credentials: Credentials | None = Field(None, description="Sent to this source's own scheme, host and port only.")
    max_entries: int | None = Field(None, ge=1, le=10_000, description="Newest entries taken at one visit.")
    spider: str | None = Field(None, description="spider: which one, reliefweb or gdelt.")
    query: str | None = Field(None, min_length=1, max_length=500, description="spider: what it searches for.")
    appname: str | None = Field(
        None, min_length=1, max_length=100, description="spider reliefweb: the name ReliefWeb gave you for its API."
    )

    @model_validator(mode="before")
    @classmethod
    def _bare_address(cls, value: Any) -> Any:
        return {"url": value} if isinstance(value, str) else value

    @field_validator("links")
    @classmethod
    def _links_compile(cls, links: str | None) -> str | None:
        if links is None:
            return None
        if links.startswith("re:"):
            try:
                re.compile(links.removeprefix("re:"))
            except (re.error, RecursionError, OverflowError) as error:
                raise ValueError(f"not a regular expression: {error}") from None
            return links
        from cssselect import HTMLTranslator, SelectorError

        try:
            HTMLTranslator().css_to_xpath(links)
        except SelectorError as error:
            raise ValueError(f'not a CSS selector: {error}; a pattern begins with "re:"') from None
        return links

    @field_validator("name")
    @classmethod
    def _printable(cls, name: str | None) -> str | None:
        if name is not None and not name.isprintable():
            raise ValueError("a name is one line of visible characters")
        return name

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "spider":
            if self.spider not in SPIDERS:
                raise ValueError(f"spider: is one of {', '.join(SPIDERS)}")
            if self.query is None:
                raise ValueError("a spider needs a query:")
        elif self.url is None:
            raise ValueError("url: is missing")
        elif self.spider is not None or self.query is not None or self.appname is not None:
            raise ValueError("spider:, query: and appname: belong to kind: spider")
        if self.links is not None and self.kind != "listing":
            raise ValueError("links: belongs to kind: listing")
        if self.fallback is not None and self.kind != "feed":
            raise ValueError("fallback: belongs to kind: feed")
        if self.appname is not None and self.spider != "reliefweb":
            raise ValueError("appname: belongs to spider: reliefweb")
        return self

    @cached_property
    def address(self) -> str:
        """Where its first request goes: `url`, or the spider's own."""
        return self.url if self.url is not None else SPIDERS[self.spider or ""]

    @cached_property
    def host(self) -> str:
        """Host of `address` as hosts are compared, without port."""
        return host_of(self.address)

    @cached_property
    def label(self) -> str:
        """Its name: the one given, else host and path (a spider's: its name and query)."""
        if self.name is not None:
            return self.name
        if self.kind == "spider":
            return f"{self.spider}: {self.query}"[:200]
        url = URL(self.address)
        path = url.path_qs.rstrip("/")
        return f"{url.host or ''}{'' if url.is_default_port() else f':{url.port}'}{path}"[:200]

    @cached_property
    def key(self) -> str:
        """The same for two sources that watch the same thing: scheme, `www.` and a trailing slash do not tell apart."""
        if self.kind == "spider":
            return f"{self.spider} {self.query} {self.address} {','.join(self.languages)}"
        url = URL(self.address)
        host = self.host.removeprefix("www.")
        port = "" if url.is_default_port() else f":{url.port}"
        return f"{host}{port}{url.raw_path_qs.rstrip('/')}"

    def credentials_for(self, url: str) -> tuple[str, str] | None:
        """The header for a request to `url`: None unless it has the scheme, host and port of this source."""
        if self.credentials is None or URL(url).origin() != URL(self.address).origin():
            return None
        return self.credentials.as_header()

    def as_spec(self) -> SourceSpec:
        """The source as storage knows it."""
        address = self.address
        if self.kind == "spider":  # what a spider asks is part of what it is: another query is another thing to watch
            address = f"{address}#{self.query}"
        return SourceSpec(self.label, self.kind, address, self.host, self.tags, self.languages)


class IntervalSettings(_Model):
    """Bounds of the time between two visits to a source."""

    shortest: Seconds = Field(1_800, ge=60, description="For a source with news at every visit.")
    longest: Seconds = Field(86_400, ge=60, description="For a source without news for long.")

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


class CrawlerSettings(_Model):
    """How sources and pages are visited."""

    contact: str | None = Field(
        None, max_length=200, description="Address or page named in the user agent; taken from the top of the file."
    )
    every: Seconds = Field(3_600, ge=60, description="How often the daemon looks for what is due.")
    interval: IntervalSettings = Field(IntervalSettings(), description="Bounds between which intervals adapt.")
    delay_seconds: float = Field(1.0, ge=0, le=600, description="Least time between two requests to one host.")
    concurrency_per_host: int = Field(1, ge=1, le=8, description="Requests at once to one host.")
    concurrency: int = Field(16, ge=1, le=256, description="Requests at once to all hosts.")
    timeout_seconds: float = Field(30.0, gt=0, le=600, description="Longest time for one request, body included.")
    source_timeout_seconds: float = Field(
        60.0, gt=0, le=3_600, description="Longest time for one source, all its requests."
    )
    max_body_bytes: int = Field(15_000_000, ge=1_000, description="Largest page taken, after decompression.")
    max_feed_bytes: int = Field(5_000_000, ge=1_000, description="Largest feed taken, after decompression.")
    max_entries: int = Field(500, ge=1, le=10_000, description="Newest entries taken from one source at one visit.")
    max_redirects: int = Field(5, ge=0, le=20, description="Redirects followed for one request.")
    workers: int = Field(2, ge=1, le=64, description="Processes that parse, read and judge.")
    rule_out: bool = Field(
        True,
        description="Read pages accurately only where a first, cheap reading does not rule them out; off: every page.",
    )
    robots: bool = Field(True, description="Obey robots.txt for listings, sitemaps and pages (RFC 9309).")
    allow_addresses: Annotated[tuple[Annotated[str, AfterValidator(_read_network)], ...], Field(strict=False)] = Field(
        (), description="Networks beyond the public internet that may be contacted, e.g. 10.1.0.0/16."
    )
    hosts: dict[str, Annotated[str, AfterValidator(_read_host)]] = Field(
        {}, description="Names with a fixed address, as in /etc/hosts."
    )

    @field_validator("contact")
    @classmethod
    def _contact_fits_a_header(cls, contact: str | None) -> str | None:
        if contact is not None and not (contact.isascii() and contact.isprintable()):
            raise ValueError("holds characters that a user agent cannot")
        return contact

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """`allow_addresses`, read."""
        return parse_networks(self.allow_addresses)

    @cached_property
    def user_agent(self) -> str:
        """`tipwatch/VERSION (+contact)`."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("tipwatch")
        except PackageNotFoundError:  # run from a folder that was not installed
            number = "0"
        return f"tipwatch/{number} (+{self.contact})" if self.contact else f"tipwatch/{number}"
