"""The bundled catalogue of sources: read once, chosen from by tag or by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tipwatch.errors import BadInput
from tipwatch.resources import catalogue_file

__all__ = ["CatalogueEntry", "choose", "read_catalogue", "tags_of"]

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
def read_catalogue(file: Path | None = None) -> tuple[CatalogueEntry, ...]:
    """All entries, in the file's order.

    Raises:
        BadInput: where the file cannot be read or is no list of sources, so the installation is damaged.
    """
    file = file or catalogue_file()
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
    counts: dict[str, int] = {}
    for entry in entries:
        for tag in entry.tags:
            counts[tag] = counts.get(tag, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def choose(
    entries: Sequence[CatalogueEntry], *, tags: Sequence[str], names: Sequence[str], excluded: Sequence[str]
) -> list[CatalogueEntry]:
    """The entries with one of the tags or one of the names, without the excluded ones, in the catalogue's order."""
    wanted_tags, wanted_names = set(tags), set(names)
    return [
        entry
        for entry in entries
        if (entry.name in wanted_names or wanted_tags.intersection(entry.tags)) and entry.name not in excluded
    ]
