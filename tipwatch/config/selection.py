"""Which sources are watched: the configuration's own and the chosen ones of the bundled catalogue, but for the paused
ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from pydantic import ValidationError

from crawler.sources.registry import parse_source
from crawler.sources.settings import SourceSettings
from tipwatch.config.problems import did_you_mean, first_message
from tipwatch.config.settings import Settings
from tipwatch.errors import BadInput
from tipwatch.resources import seeds_folder

DESCRIPTIVE = frozenset({"region", "why"})  # for people; what is left is the source's configuration


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A source of the catalogue. `source` is ready for the configuration's `sources`; `why` says what it is good
    for."""

    name: str
    tags: tuple[str, ...]
    region: str
    why: str
    source: Mapping[str, Any]


@cache
def read_catalogue() -> tuple[CatalogueEntry, ...]:
    """All entries, in the file's order.

    Raises:
        BadInput: where the file cannot be read or is no list of sources, so the installation is damaged.
    """
    file = seeds_folder() / "sources.yaml"
    try:
        with file.open("rb") as stream:
            rows = yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe loaders)
        return tuple(_entry(row) for row in rows)
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise BadInput(f"the catalogue {file} cannot be read: {error}", "install tipwatch again") from error


def _entry(row: Mapping[str, Any]) -> CatalogueEntry:
    return CatalogueEntry(
        name=str(row["name"]),
        tags=tuple(map(str, row.get("tags") or ())),
        region=str(row.get("region") or ""),
        why=str(row.get("why") or ""),
        source={key: value for key, value in row.items() if key not in DESCRIPTIVE and value is not None},
    )


def tags_of(entries: Sequence[CatalogueEntry]) -> dict[str, int]:
    """Every tag with the number of its sources, most used first."""
    counts = Counter(tag for entry in entries for tag in entry.tags)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def all_sources(settings: Settings) -> tuple[SourceSettings, ...]:
    """The configuration's own sources, then the chosen ones of the catalogue; an own one of the same name or address
    wins. Paused ones are among them."""
    chosen = settings.catalogue
    found = list(settings.sources)
    if chosen.tags or chosen.names:
        labels = {source.label.casefold() for source in found}
        keys = {source.key for source in found}
        for entry in read_catalogue():
            is_chosen = entry.name in chosen.names or not set(chosen.tags).isdisjoint(entry.tags)
            if not is_chosen or entry.name in chosen.excluded:
                continue
            source = _from_catalogue(entry)
            if source.label.casefold() not in labels and source.key not in keys:
                labels.add(source.label.casefold())
                keys.add(source.key)
                found.append(source)
    return tuple(found)


def watched_sources(settings: Settings) -> tuple[SourceSettings, ...]:
    """`all_sources` without the paused ones."""
    found = all_sources(settings)
    paused = {source.key for name in settings.paused if (source := find_source(found, name)) is not None}
    return tuple(source for source in found if source.key not in paused) if paused else found


def find_source(sources: Iterable[SourceSettings], word: str) -> SourceSettings | None:
    """The source of a name or an address, in whatever case and with or without a slash at its end."""
    wanted = word.casefold().rstrip("/")
    found = {
        name.casefold().rstrip("/"): source
        for source in reversed(tuple(sources))
        for name in (source.key, source.url or "", source.label)
    }
    return found.get(wanted)


def source_called(sources: Sequence[SourceSettings], word: str) -> SourceSettings:
    """As `find_source`.

    Raises:
        BadInput: there is none; with the nearest name.
    """
    source = find_source(sources, word)
    if source is None:
        hint = did_you_mean(word, [source.label for source in sources])
        raise BadInput(f"no source is called {word!r}", hint or "see `tipwatch sources list`")
    return source


def _from_catalogue(entry: CatalogueEntry) -> SourceSettings:
    try:
        return parse_source(dict(entry.source))
    except ValidationError as error:
        damage = f"the catalogue's source {entry.name!r} is damaged: {first_message(error)}"
        raise BadInput(damage, "install tipwatch again") from error
