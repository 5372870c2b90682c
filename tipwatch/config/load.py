"""`config.yaml` in, a checked `Configuration` out, or every problem at once with its line, column and a hint.

Read with `yaml_nodes` (places), `yaml_values` (what scalars mean, environment variables), the packages' settings
(`settings`), and `config_checks` (what no single value shows). Nothing is written and nothing is contacted here.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from alerts.settings import OPERATOR, MailSettings, OperatorSettings, SubscriptionSettings
from classifier.settings import ClassifierSettings
from crawler.settings import CrawlerSettings, SourceSettings
from tipwatch.config.checks import check_data, watched_sources
from tipwatch.config.problems import explain, without_repeats
from tipwatch.config.schema_paths import Schema
from tipwatch.config.settings import Settings
from tipwatch.config.yaml_nodes import MAX_BYTES, Node, read_nodes
from tipwatch.config.yaml_values import Data, read_values
from tipwatch.config.yaml_values import Path as ValuePath
from tipwatch.errors import ConfigError, Problem
from tipwatch.logs import SHORTEST_SECRET

__all__ = ["Configuration", "database_address", "json_schema", "load_config", "read_config"]

SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration in force.

    Args:
        file: where it was read from, absolute; relative paths in it are relative to its folder.
        settings: what it says, defaults filled in.
        sources: all that is watched: its own sources, then those chosen from the catalogue.
        from_environment: the place of each value that holds an environment variable, with its text as written.
        secrets: values of environment variables used, to keep them out of logs.
    """

    file: Path
    settings: Settings
    sources: tuple[SourceSettings, ...]
    from_environment: Mapping[ValuePath, str]
    secrets: frozenset[str]

    @property
    def folder(self) -> Path:
        return self.file.parent

    @property
    def data_folder(self) -> Path:
        """Folder of everything tipwatch writes, absolute; it may not exist yet."""
        return self.folder / self.settings.data

    @property
    def database_url(self) -> str:
        """The database's address; an SQLite file that is not named lies in the data folder, a relative one beside
        this file."""
        storage = self.settings.storage
        return database_address(
            storage.url if "url" in storage.model_fields_set else None, self.folder, self.settings.data
        )

    @property
    def all_secrets(self) -> frozenset[str]:
        """Every text that must not be seen: values of environment variables used, and secrets written in the file."""
        from tipwatch.config.show import secrets_in

        return self.secrets | frozenset(secrets_in(self.settings))

    @property
    def crawler(self) -> CrawlerSettings:
        """How sources are fetched, with the contact that the user agent names."""
        crawler = self.settings.crawler
        return crawler if crawler.contact else crawler.model_copy(update={"contact": self.settings.contact})

    @property
    def classifier(self) -> ClassifierSettings:
        """How articles are judged, with the absolute path of a model of one's own."""
        classifier = self.settings.classifier
        return (
            classifier.model_copy(update={"model": self.folder / classifier.model}) if classifier.model else classifier
        )

    @property
    def mail(self) -> MailSettings:
        """How mail leaves, with absolute paths."""
        mail = self.settings.mail
        paths: dict[str, str] = {"folder": str(self.data_folder / mail.folder)}
        if mail.ca_file:
            paths["ca_file"] = str(self.folder / mail.ca_file)
        return mail.model_copy(update=paths)

    def is_recipient(self, subscription: str, recipient: str) -> bool:
        """Whether a subscription, by its name, is to reach a recipient: an address, whatever name stands with it, or a
        channel. The operator's alerts count as one."""
        from alerts.delivery.addresses import bare_address

        named: list[SubscriptionSettings | OperatorSettings] = [
            each for each in self.settings.subscriptions if each.name == subscription
        ]
        if subscription == OPERATOR and self.settings.operator is not None:
            named.append(self.settings.operator)
        if "@" not in recipient:
            return any(recipient in each.channels for each in named)
        address = bare_address(recipient).casefold()
        return any(bare_address(one).casefold() == address for each in named for one in each.recipients)


def database_address(url: str | None, folder: Path, data: Path | str) -> str:
    """The address of the database that a file in `folder` configures with `storage.url` (None where not given) and
    `data`."""
    if url is None:
        return f"{SQLITE}{folder / data / 'tipwatch.sqlite3'}"
    if url.startswith(SQLITE) and not url.startswith((f"{SQLITE}/", f"{SQLITE}:memory:")):
        return f"{SQLITE}{folder / url.removeprefix(SQLITE)}"
    return url


def load_config(file: Path, environment: Mapping[str, str] | None = None) -> Configuration:
    """The configuration in `file`; environment variables are those of the process unless given.

    Raises:
        ConfigError: every problem at once.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        hint = "write one with `tipwatch config init`, or name yours with --config FILE"
        raise ConfigError(file, [Problem(1, 1, "", "there is no such file", hint)]) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(
            file, [Problem(1, 1, "", f"cannot be read ({reason})", "check the path and its rights")]
        ) from error
    return read_config(content, file, environment)


def read_config(content: bytes, file: Path, environment: Mapping[str, str] | None = None) -> Configuration:
    """As `load_config`, from content that need not be in the file yet (an edit is checked before it is written)."""
    root, problems = read_nodes(content)
    if root is None:
        empty = Problem(1, 1, "", "the file is empty", "write one with `tipwatch config init`")
        raise ConfigError(file, problems or [empty])
    if root.kind != "mapping":
        shape = Problem(root.line, root.column, "", "must be keys with values, such as `contact: you@example.org`")
        raise ConfigError(file, [*problems, shape])
    values = read_values(root, os.environ if environment is None else environment, json_schema())
    problems.extend(values.problems)
    data = _with_whole_sources(values.data)
    settings, found = _validate(data, root)
    problems = without_repeats(problems, [*found, *check_data(data, root, file.absolute().parent)])
    if problems or settings is None:
        raise ConfigError(file, [_blotted(problem, values.secrets) for problem in problems])
    return Configuration(
        file=file.absolute(),
        settings=settings,
        sources=watched_sources(settings),
        from_environment=dict(values.from_environment),
        secrets=frozenset(values.secrets),
    )


@cache
def json_schema() -> Schema:
    """The JSON Schema of `config.yaml`, for editors; a source may also be its address alone."""
    schema: dict[str, Any] = Settings.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "tipwatch configuration"
    sources = schema["properties"]["sources"]
    sources["items"] = {
        "anyOf": [{"type": "string", "format": "uri", "description": "Address of a feed."}, sources["items"]]
    }
    return schema


def _validate(data: Data, root: Node) -> tuple[Settings | None, list[Problem]]:
    try:
        return Settings.model_validate(data), []
    except ValidationError as error:
        return None, [explain(found, root, json_schema()) for found in error.errors(include_url=False)]


def _blotted(problem: Problem, secrets: Collection[str]) -> Problem:
    """A problem without the values of environment variables, which some messages quote."""
    message, hint = problem.message, problem.hint
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            message, hint = message.replace(secret, "***"), hint.replace(secret, "***")
    return replace(problem, message=message, hint=hint)


def _with_whole_sources(data: Data) -> Data:
    """The data with each source that is an address alone as a mapping."""
    given = data.get("sources") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(given, list):
        return data
    sources: list[Data] = [{"url": source} if isinstance(source, str) else source for source in given]
    return {**data, "sources": sources}
