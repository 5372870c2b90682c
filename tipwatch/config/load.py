"""`config.yaml` in, a checked `Configuration` out, or every problem at once with its line, column and a hint.

Read with `document` (places), `scalars` (what scalars mean, environment variables), the packages' settings
(`settings`), and `checks` (what no single value shows). Nothing is written and nothing is contacted here.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from alerts.settings import OPERATOR, MailSettings, OperatorSettings, SubscriptionSettings
from classifier.settings import ClassifierSettings
from crawler.settings import CrawlerSettings
from crawler.sources.settings import SourceSettings
from tipwatch.config.checks import check_data
from tipwatch.config.document import MAX_BYTES, Data, Document, read_document
from tipwatch.config.problems import explain, without_repeats
from tipwatch.config.schema_paths import Schema, ValuePath
from tipwatch.config.selection import watched_sources
from tipwatch.config.settings import Settings, secrets_in
from tipwatch.errors import ConfigError, Problem
from tipwatch.logs import SHORTEST_SECRET

SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration in force.

    Args:
        file: where it was read from, absolute; relative paths in it are relative to its folder.
        settings: what it says, defaults filled in.
        sources: all that is watched: its own sources, then those chosen from the catalogue, without paused ones.
        from_environment: the place of each value that holds an environment variable, with its text as written.
        secrets: values of environment variables used, to keep them out of logs.
        unset_for_mail: environment variables that `mail` names and that are not set.
    """

    file: Path
    settings: Settings
    sources: tuple[SourceSettings, ...]
    from_environment: Mapping[ValuePath, str]
    secrets: frozenset[str]
    unset_for_mail: tuple[Problem, ...] = ()

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
        """How mail leaves, with absolute paths.

        Raises:
            ConfigError: an environment variable that it needs is not set.
        """
        if self.unset_for_mail:
            raise ConfigError(self.file, self.unset_for_mail)
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


def load_config(file: Path, environment: Mapping[str, str] | None = None, *, is_for_mail: bool = True) -> Configuration:
    """The configuration in `file`; environment variables are those of the process unless given.

    Where it `is_for_mail` variables that only `mail` names must be set; else whoever asks for `Configuration.mail`
    learns that they are not.

    Raises:
        ConfigError: every problem at once.
    """
    return read_config(read_content(file), file, environment, is_for_mail=is_for_mail)


def read_content(file: Path) -> bytes:
    """What the file holds.

    Raises:
        ConfigError: it is not there, or cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        hint = "write one with `tipwatch config init`, or name yours with --config FILE"
        raise ConfigError(file, [Problem(0, 0, "", "there is no such file", hint)]) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(
            file, [Problem(0, 0, "", f"cannot be read ({reason})", "check the path and its permissions")]
        ) from error


def read_config(
    content: bytes, file: Path, environment: Mapping[str, str] | None = None, *, is_for_mail: bool = True
) -> Configuration:
    """As `load_config`, from content that need not be in the file yet (an edit is checked before it is written)."""
    document = read_document(content, os.environ if environment is None else environment, json_schema())
    problems = [*document.problems, *document.unset]
    if not document.places:
        empty = Problem(1, 1, "", "the file is empty", "write one with `tipwatch config init`")
        raise _refused(file, problems or [empty], document)
    if not isinstance(document.data, dict):
        place = document.place_of(())
        problems.append(Problem(*place, "", "must be keys with values, such as `contact: you@example.org`"))
        raise _refused(file, problems, document)
    data = _with_whole_sources(document.data)
    settings, found = _validate(data, document)
    problems = without_repeats(problems, [*found, *check_data(data, document, file.absolute().parent)])
    unset_for_mail = tuple(problem for problem in document.unset if problem.path.startswith(("mail.", "channels.")))
    allowed = set() if is_for_mail else set(unset_for_mail)
    if settings is None or set(problems) - allowed:
        raise _refused(file, problems, document)
    return Configuration(
        file=file.absolute(),
        settings=settings,
        sources=watched_sources(settings),
        from_environment=document.from_environment,
        secrets=frozenset(document.secrets),
        unset_for_mail=unset_for_mail,
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


def _validate(data: dict[str, Data], document: Document) -> tuple[Settings | None, list[Problem]]:
    try:
        return Settings.model_validate(data), []
    except ValidationError as error:
        return None, [explain(found, document, json_schema()) for found in error.errors(include_url=False)]


def _refused(file: Path, problems: Sequence[Problem], document: Document) -> ConfigError:
    """The error, without the values of environment variables, which some messages quote."""
    return ConfigError(file, [_blotted(problem, document.secrets) for problem in problems])


def _blotted(problem: Problem, secrets: Collection[str]) -> Problem:
    message, hint = problem.message, problem.hint
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            message, hint = message.replace(secret, "***"), hint.replace(secret, "***")
    return replace(problem, message=message, hint=hint)


def _with_whole_sources(data: dict[str, Data]) -> dict[str, Data]:
    """The data with each source that is an address alone as a mapping."""
    given = data.get("sources")
    if not isinstance(given, list):
        return data
    sources: list[Data] = [{"url": source} if isinstance(source, str) else source for source in given]
    return {**data, "sources": sources}
