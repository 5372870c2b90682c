"""What no single value of the configuration shows: sources listed twice, names used twice, words the catalogue does
not know.

Works on the plain data, so that these problems are told beside those of single values, not after them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from classifier.settings import MODEL_FILES
from crawler.sources.registry import parse_source
from tipwatch.config.document import Document
from tipwatch.config.problems import did_you_mean
from tipwatch.config.schema_paths import ValuePath
from tipwatch.config.selection import all_sources, find_source, read_catalogue, tags_of, watched_sources
from tipwatch.config.settings import Settings
from tipwatch.errors import Problem

EXAMPLE_ADDRESS = "you@example.org"  # what `tipwatch config init` writes


def check_data(data: Any, document: Document, folder: Path) -> list[Problem]:
    """The problems of the whole, none of which stops another from being found; `data` may be wrong in any way.

    `folder` is that of the file: what lies beside it is looked for there.
    """
    if not isinstance(data, dict):
        return []
    return [
        *_model_that_is_none(data.get("classifier"), document, folder),
        *_engine_without_its_database(data, document),
        *_repeated_sources(_list(data.get("sources")), document),
        *_repeated_names(data, "subscriptions", "each digest remembers by its name what it sent", document),
        *_repeated_names(data, "channels", "subscriptions choose a channel by its name", document),
        *_unknown_channels(data, document),
        *_unknown_in_catalogue(data.get("catalogue"), document),
    ]


def warnings_of(settings: Settings) -> list[str]:
    """What is allowed but seldom meant, in sentences."""
    found = []
    if not watched_sources(settings):
        found.append(
            "no source is watched; choose `catalogue: {tags: [...]}` or add one with `tipwatch sources add URL`"
        )
    known = all_sources(settings)
    found.extend(f"paused: no source is called {name!r}" for name in settings.paused if not find_source(known, name))
    if settings.contact == EXAMPLE_ADDRESS:
        found.append(
            f"contact: {EXAMPLE_ADDRESS} is an example; put your own address, so that webmasters can reach you"
        )
    found.extend(
        f"subscription {each.name}: {EXAMPLE_ADDRESS} is an example; put the address of whoever reads the digest"
        for each in settings.subscriptions
        if EXAMPLE_ADDRESS in each.recipients
    )
    if not settings.subscriptions:
        found.append("no digest is sent; add a subscription with recipients")
    found.extend(
        f"subscription {each.name}: from 02:00 to 03:00 clocks change in many zones; it is still sent once that day"
        for each in settings.subscriptions
        if each.timezone != "UTC" and each.time.hour == 2
    )
    if settings.crawler.allow_addresses:
        networks = ", ".join(map(str, settings.crawler.allow_addresses))
        found.append(
            f"pages may be fetched from {networks}: whoever writes a watched feed can make tipwatch send requests there"
        )
    return found


def _model_that_is_none(classifier: Any, document: Document, folder: Path) -> Iterator[Problem]:
    model = classifier.get("model") if isinstance(classifier, dict) else None
    if not isinstance(model, str):
        return
    missing = [name for name in MODEL_FILES if not _is_file(folder / model / name)]
    if missing:
        message = f"there is no model in {folder / model}: {missing[0]} is missing"
        hint = "make one with `tipwatch train --out DIR`, or remove the line to use the shipped one"
        yield _problem(document, ("classifier", "model"), message, hint)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or with a null character
        return False


def _engine_without_its_database(data: dict[str, Any], document: Document) -> Iterator[Problem]:
    storage = data.get("storage")
    url = storage.get("url") if isinstance(storage, dict) else None
    if data.get("engine") == "cluster" and not (isinstance(url, str) and url.startswith("postgres")):
        hint = "set `storage: {url: postgresql://USER@HOST/NAME}`"
        yield _problem(document, ("engine",), "several machines can share only PostgreSQL", hint)


def _repeated_sources(sources: Sequence[Any], document: Document) -> Iterator[Problem]:
    keys: dict[str, int] = {}
    labels: dict[str, int] = {}
    for index, raw in enumerate(sources):
        try:
            source = parse_source(raw)
        except ValidationError:
            continue  # told by the validation of the whole
        first = keys.setdefault(source.key, index)
        if first != index:
            line, _ = document.place_of(("sources", first))
            hint = "remove one of them; a trailing slash makes no difference"
            yield _problem(document, ("sources", index, "url"), f"the same source as on line {line}", hint)
            continue
        first = labels.setdefault(source.label.casefold(), index)
        if first != index:
            line, _ = document.place_of(("sources", first))
            message = f"its name {source.label!r} is that of the source on line {line}"
            yield _problem(document, ("sources", index, "name"), message, "give it a `name` of its own")


def _repeated_names(data: dict[str, Any], key: str, hint: str, document: Document) -> Iterator[Problem]:
    names: dict[str, int] = {}
    for index, raw in enumerate(_list(data.get(key))):
        name = raw.get("name") if isinstance(raw, dict) else None
        if not isinstance(name, str):
            continue
        first = names.setdefault(name.casefold(), index)
        if first != index:
            line, _ = document.place_of((key, first))
            message = f"the name of the {key.removesuffix('s')} on line {line}"
            yield _problem(document, (key, index, "name"), message, hint)


def _unknown_channels(data: dict[str, Any], document: Document) -> Iterator[Problem]:
    known = [raw["name"] for raw in _list(data.get("channels")) if isinstance(raw, dict) and "name" in raw]
    naming = {("subscriptions", index): raw for index, raw in enumerate(_list(data.get("subscriptions")))}
    for path, raw in (naming | {("operator",): data.get("operator")}).items():
        for index, name in enumerate(_list(raw.get("channels")) if isinstance(raw, dict) else []):
            if isinstance(name, str) and name not in known:
                hint = did_you_mean(name, map(str, known)) or "describe it under `channels`: a name and a url"
                yield _problem(document, (*path, "channels", index), f"there is no channel {name!r}", hint)


def _unknown_in_catalogue(chosen: Any, document: Document) -> Iterator[Problem]:
    if not isinstance(chosen, dict) or not any(map(_list, chosen.values())):
        return
    entries = read_catalogue()
    known_names = [entry.name for entry in entries]
    for key, known, what in (
        ("tags", list(tags_of(entries)), "tag"),
        ("names", known_names, "source"),
        ("except", known_names, "source"),
    ):
        words = set(known)
        for index, word in enumerate(_list(chosen.get(key))):
            if isinstance(word, str) and word not in words:
                hint = did_you_mean(word, known) or "see `tipwatch sources list --catalogue`"
                yield _problem(document, ("catalogue", key, index), f"the catalogue has no {what} {word!r}", hint)


def _problem(document: Document, path: ValuePath, message: str, hint: str) -> Problem:
    line, column = document.place_of(path)
    return Problem(line, column, ".".join(map(str, document.known_part(path) or path[:1])), message, hint)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
