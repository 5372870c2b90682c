"""The configuration in force as people may see it: defaults filled in, secrets left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import SecretStr

from tipwatch.config.load import Configuration

_PASSWORD_IN_URL = re.compile(r"(\b\w+://[^\s/:@]*):[^\s/@]+@")
_REFERENCE_ALONE = re.compile(r"\$\{\w+\}\Z")
MASK = str(SecretStr("x"))  # what pydantic writes for a secret
HIDDEN = "(hidden)"


def effective(configuration: Configuration) -> dict[str, Any]:
    """All keys with the values in force. What came from an environment variable stands as it was written
    (`${NAME}`)."""
    shown: dict[str, Any] = configuration.settings.model_dump(mode="json", by_alias=True)
    shown["crawler"]["contact"] = configuration.crawler.contact
    shown["storage"]["url"] = configuration.database_url
    # a source as it was given: its defaults would say nothing, twenty times over
    shown["sources"] = [one.model_dump(mode="json", exclude_unset=True) for one in configuration.settings.sources]
    for path, written in configuration.from_environment.items():
        _replace(shown, path, written)
    shown = _without_secrets(shown)
    shown["watched"] = [source.label for source in configuration.sources]
    return shown


def as_yaml(shown: Mapping[str, Any]) -> str:
    """The same as YAML; it reads back as a configuration but for `watched`, which is written as a comment."""
    settings = {key: value for key, value in shown.items() if key != "watched"}
    text = yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=120)
    watched = "".join(f"#   {name}\n" for name in shown["watched"])
    return f"{text}# watched sources, including those of the catalogue ({len(shown['watched'])}):\n{watched}"


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_secrets(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_without_secrets(child) for child in value]
    if value == MASK:
        return HIDDEN
    return _PASSWORD_IN_URL.sub(rf"\1:{HIDDEN}@", value) if isinstance(value, str) else value


def _replace(shown: Any, path: tuple[str | int, ...], written: str) -> None:
    for step in path[:-1]:
        try:
            shown = shown[step]
        except (KeyError, IndexError, TypeError):
            return
    last = path[-1]
    is_there = last in shown if isinstance(shown, dict) else isinstance(last, int) and last < len(shown)
    if is_there and (shown[last] != MASK or _REFERENCE_ALONE.match(written)):  # a default beside it may be the secret
        shown[last] = written
