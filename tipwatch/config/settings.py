"""The whole configuration as one strict frozen model, composed of each package's own part, and the shell's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from alerts.settings import ChannelSettings, MailSettings, OperatorSettings, SubscriptionSettings
from classifier.settings import ClassifierSettings
from crawler.settings import CrawlerSettings
from crawler.sources.registry import AnySource
from storage.settings import StorageSettings


def check_contact(value: str) -> str:
    """A mail or web address, so that a webmaster whom the crawler bothers can write to somebody."""
    has_place = "@" in value.strip("@") or value.startswith(("https://", "http://"))
    if (
        not has_place
        or not value.isascii()
        or any(character.isspace() or not character.isprintable() for character in value)
    ):
        raise ValueError("must be a mail address or a web address where webmasters reach you")
    return value


class CatalogueSettings(BaseModel):
    """Which sources of the bundled catalogue are watched: those with one of the tags, and those named, but for
    `except`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)

    tags: tuple[str, ...] = Field(
        default=(),
        description="Watch every source of the bundled catalogue that has one of these tags; "
        "`tipwatch sources list --catalogue` shows them.",
    )
    names: tuple[str, ...] = Field(default=(), description="Watch these sources of the bundled catalogue.")
    excluded: tuple[str, ...] = Field(
        default=(),
        alias="except",
        description="Sources of the bundled catalogue to leave out, although a tag selects them.",
    )


class LogSettings(BaseModel):
    """What is logged and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["text", "json"] = Field(
        default="text", description="`text` (one line per event) or `json` (one object per line)."
    )
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is logged: debug, info, warning or error."
    )


class Settings(BaseModel):
    """Everything `config.yaml` may say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: Annotated[str, AfterValidator(check_contact)] = Field(
        min_length=3,
        max_length=200,
        description="Mail or web address named in the crawler's user agent, so that webmasters can reach you.",
    )
    data: Path = Field(default=Path("data"), description="Folder of everything tipwatch writes, relative to this file.")
    storage: StorageSettings = Field(default_factory=StorageSettings, description="The database.")
    engine: Literal["local", "cluster"] = Field(
        default="local",
        description="`local`: one process does all the work. `cluster`: any number of machines share it through "
        "PostgreSQL (pip install 'tipwatch[cluster]'); each runs `tipwatch run` or `tipwatch worker`.",
    )
    catalogue: CatalogueSettings = Field(
        default_factory=CatalogueSettings, description="Sources from the bundled catalogue."
    )
    sources: tuple[AnySource, ...] = Field(
        default=(), description="Your own sources; a feed is one line with its address."
    )
    paused: tuple[str, ...] = Field(
        default=(),
        description="Names or addresses of sources not to visit for now; their articles are kept.",
    )
    crawler: CrawlerSettings = Field(default_factory=CrawlerSettings, description="How sources and pages are fetched.")
    classifier: ClassifierSettings = Field(
        default_factory=ClassifierSettings, description="The model and its thresholds."
    )
    subscriptions: tuple[SubscriptionSettings, ...] = Field(default=(), description="Who gets which digest, and when.")
    mail: MailSettings = Field(
        default_factory=MailSettings, description="How digests are delivered: as files, or through an SMTP server."
    )
    channels: tuple[ChannelSettings, ...] = Field(
        default=(), description="Chat services and webhooks that subscriptions may name."
    )
    operator: OperatorSettings | None = Field(
        default=None,
        description="Whom to alert when many sources break, the disk fills up, mail fails or nothing was crawled for a "
        "day; nobody unless given.",
    )
    log: LogSettings = Field(default_factory=LogSettings, description="What is logged and how.")


def secrets_in(model: BaseModel) -> Iterator[str]:
    """Every secret value written in a settings model."""
    yield from _secrets(model.model_dump(mode="python"))


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, Mapping):
        for child in value.values():
            yield from _secrets(child)
    elif isinstance(value, (list, tuple)):
        for child in value:
            yield from _secrets(child)
