"""What `sources:` may say of any source; each kind adds its own in its folder.

Addresses are http or https without user or password, credentials belong to one origin. Errors are pydantic's, one for
each field.
"""

from __future__ import annotations

import base64
import re
from functools import cached_property
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from yarl import URL

from crawler.settings import LONGEST_URL, FrozenModel
from storage.durations import Seconds
from storage.host_names import host_of
from storage.records import SourceSpec

SECRET_FIELDS = ("password", "value")


def check_address(text: str) -> str:
    """An http or https address, with a host and without user and password. Raises ValueError saying what is wrong."""
    text = text.strip()
    if len(text) > LONGEST_URL:
        raise ValueError(f"an address of {len(text)} characters; at most {LONGEST_URL} are accepted")
    if any(ord(character) < 33 or ord(character) == 127 for character in text):
        raise ValueError("an address contains no spaces or control characters; write %20 for a space")
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


def check_language(text: str) -> str:
    """A code of a language, by its form alone: looking it up would cost every start the tables of all languages."""
    if not re.fullmatch("[A-Za-z]{2,3}", text):
        raise ValueError(f"{text!r} is not the code of a language; two or three letters of ISO 639, such as fr")
    return text.lower()


Address = Annotated[str, AfterValidator(check_address)]
Language = Annotated[str, AfterValidator(check_language)]
Word = Annotated[str, Field(min_length=1, max_length=60)]


class Credentials(FrozenModel):
    """What one source asks for: a user name and password (HTTP Basic), or a header and its value."""

    username: str | None = Field(None, min_length=1, description="User name for HTTP Basic authentication.")
    password: SecretStr | None = Field(None, description='Its password, preferably "${VARIABLE}" from the environment.')
    header: str | None = Field(None, pattern=r"^[A-Za-z0-9-]{1,60}$", description="Name of a header, e.g. X-Api-Key.")
    value: SecretStr | None = Field(None, description='The header\'s value, preferably "${VARIABLE}".')

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


class SourceSettings(FrozenModel):
    """One thing to watch. A kind's own model says which kind it is, and what else it takes."""

    is_search: ClassVar[bool] = False
    """Whether what it asks for is part of the address that it is stored by."""
    is_subscribed: ClassVar[bool] = False
    """Whether it is meant to be asked by programs, as a feed or an API: robots.txt is left out then."""

    kind: str
    url: Address = Field(description="Address of the source.")
    name: str | None = Field(
        None, min_length=1, max_length=200, description="Name of the source; its host and path unless given."
    )
    tags: Annotated[tuple[Word, ...], Field(strict=False)] = Field(
        (), description="Tags by which sources can be selected."
    )
    languages: Annotated[tuple[Language, ...], Field(strict=False)] = Field(
        (), description="Language codes, for articles that do not state their language."
    )
    interval: Seconds | None = Field(
        None, ge=60, description="Time between two visits; unless given, it follows how often there is news."
    )
    credentials: Credentials | None = Field(None, description="Sent to this source's own scheme, host and port only.")
    max_entries: int | None = Field(None, ge=1, le=10_000, description="Newest entries taken at one visit.")

    @field_validator("name")
    @classmethod
    def _printable(cls, name: str | None) -> str | None:
        if name is not None and not name.isprintable():
            raise ValueError("a name is one line of visible characters")
        return name

    @cached_property
    def host(self) -> str:
        """Host of its address as hosts are compared, without port."""
        return host_of(self.url)

    @cached_property
    def label(self) -> str:
        """Its name: the one given, else what it is told by."""
        return self.name if self.name is not None else self.default_name()[:200]

    @cached_property
    def key(self) -> str:
        """The same for two sources that watch the same thing: scheme, `www.` and a trailing slash do not tell apart."""
        url = URL(self.url)
        return f"{self.host.removeprefix('www.')}{_port(url)}{url.raw_path_qs.rstrip('/')}"

    def default_name(self) -> str:
        """What it is called where no name is given: host and path."""
        url = URL(self.url)
        return f"{url.host or ''}{_port(url)}{url.path_qs.rstrip('/')}"

    def credentials_for(self, url: str) -> tuple[str, str] | None:
        """The header for a request to `url`: None unless it has the scheme, host and port of this source."""
        if self.credentials is None or URL(url).origin() != URL(self.url).origin():
            return None
        return self.credentials.as_header()

    def as_spec(self) -> SourceSpec:
        """The source as storage knows it."""
        return SourceSpec(self.label, self.kind, self.url, self.host, self.tags, self.languages)


class SearchSettings(SourceSettings):
    """A search of somebody's: what it asks for is part of what it is, so that another query is another source."""

    is_search: ClassVar[bool] = True
    is_subscribed: ClassVar[bool] = True

    query: str = Field(min_length=1, max_length=500, description="Search query.")

    @cached_property
    def key(self) -> str:
        """See `SourceSettings`."""
        return f"{self.kind} {self.query} {self.url} {','.join(self.languages)}"

    def default_name(self) -> str:
        """Kind and query."""
        return f"{self.kind}: {self.query}"

    def as_spec(self) -> SourceSpec:
        """See `SourceSettings`."""
        return SourceSpec(self.label, self.kind, f"{self.url}#{self.query}", self.host, self.tags, self.languages)


def _port(url: URL) -> str:
    return "" if url.is_default_port() else f":{url.port}"
