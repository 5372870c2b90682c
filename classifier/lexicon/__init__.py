"""Words that are read in all languages alike, in files an analyst edits: places, bodies, money, small words of names.

Out: plain data, read once and kept, with the C reader of YAML where it is installed. What each file means is said in
README.md beside this file; what is known of one language alone is in `classifier.languages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation of the gazetteer. `home` is the country whose money or whose body it is, where it has one;
    `of` the id of the body whose office it is; `shared` names that bodies of other states bear too, which count only
    in a text that names its home."""

    id: str
    kind: str
    names: tuple[str, ...]
    home: str | None = None
    of: str | None = None
    shared: tuple[str, ...] = ()


def read_yaml(name: str, package: str = __package__) -> Any:
    """The content of a file of this package, or of another one, by its path."""
    return yaml.load(files(package).joinpath(name).read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)


@dataclass(frozen=True, slots=True)
class Places:
    """The sections of `places.yaml`; what each is for is said there."""

    places: Mapping[str, list[str]]
    signs: Mapping[str, list[str]]
    twins: Mapping[str, list[str]]
    provinces: frozenset[str]
    regions: frozenset[str]
    donors: frozenset[str]
    seats: frozenset[str]
    state_codes: frozenset[str]
    before_places: frozenset[str]
    after_places: frozenset[str]
    between_countries: frozenset[str]
    pairs: frozenset[str]
    american_namesakes: frozenset[str]
    american_schools: frozenset[str]
    first_names: frozenset[str]
    surnames: frozenset[str]


@cache
def load_places() -> Places:
    """The places, read once."""
    sections: dict[str, Any] = read_yaml("places.yaml")
    lists = {name: frozenset(words) for name, words in sections.items() if isinstance(words, list)}
    return Places(**{**sections, **lists})


@cache
def load_agencies() -> tuple[Agency, ...]:
    """The gazetteer of organisations, in the order of its files."""
    data = read_yaml("agencies.yaml")
    several = (
        Agency(
            one["id"], one["kind"], tuple(one["names"]), one.get("home"), one.get("of"), tuple(one.get("shared", ()))
        )
        for one in data["agencies"]
    )
    single = (Agency(name, one["kind"], (name,), one.get("home")) for one in data["others"] for name in one["names"])
    field = (
        Agency(one["names"][0], one["kind"], tuple(one["names"]), one.get("home"))
        for one in read_yaml("organisations.yaml")["organisations"]
    )
    return (*several, *single, *field)


@cache
def load_offices() -> dict[str, str]:
    """The id of the body that an agency is an office of, by the agency's id."""
    return {agency.id: agency.of for agency in load_agencies() if agency.of}


@dataclass(frozen=True, slots=True)
class Currencies:
    """The sections of `currencies.yaml`; what each is for is said there."""

    signs: Mapping[str, list[str]]
    joined: Mapping[str, tuple[float, str]]
    dollars: Mapping[str, str]
    peso_signs: Mapping[str, str]
    homes: Mapping[str, str]
    shared: Mapping[str, Mapping[str, str]]


@cache
def load_currencies() -> Currencies:
    """The words for money, read once."""
    return Currencies(**read_yaml("currencies.yaml"))
