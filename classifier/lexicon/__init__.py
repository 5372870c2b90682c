"""Words that are read in all languages alike, in files an analyst edits: places, bodies, money, small words of names.

Out: plain data, read once and kept, with the C reader of YAML where it is installed. What each file means is said in
README.md beside this file; what is known of one language alone is in `classifier.languages`.
"""

from __future__ import annotations

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


@cache
def load_first_names() -> frozenset[str]:
    """Countries and places that are also first names: before another capital they are a person."""
    return frozenset(read_yaml("places.yaml")["first_names"])


@cache
def load_surnames() -> frozenset[str]:
    """Places that are also surnames: behind another capital they are a person."""
    return frozenset(read_yaml("places.yaml")["surnames"])


@cache
def load_places() -> dict[str, list[str]]:
    """Cities and regions by the ISO code of their country."""
    places: dict[str, list[str]] = read_yaml("places.yaml")["places"]
    return places


@cache
def load_state_codes() -> frozenset[str]:
    """How the states of the United States are written behind a city and a comma, as written."""
    return frozenset(read_yaml("places.yaml")["state_codes"])


@cache
def load_words_before_places() -> frozenset[str]:
    """Words that, with a capital before a place, make it no surname; folded."""
    return frozenset(read_yaml("places.yaml")["before_places"])


@cache
def load_words_after_places() -> frozenset[str]:
    """Words that, with a capital behind a place that is also a first name, make it no person; folded."""
    return frozenset(read_yaml("places.yaml")["after_places"])


@cache
def load_words_between_countries() -> frozenset[str]:
    """Words that may stand between two countries of one list, besides those of any list."""
    return frozenset(read_yaml("places.yaml")["between_countries"])


@cache
def load_american_namesakes() -> frozenset[str]:
    """Towns and counties elsewhere whose names towns and counties of the United States bear too; folded."""
    return frozenset(read_yaml("places.yaml")["american_namesakes"])


@cache
def load_american_schools() -> tuple[str, ...]:
    """Schools of the United States, as written, whose names hold that of a country."""
    return tuple(read_yaml("places.yaml")["american_schools"])


@cache
def load_seats() -> frozenset[str]:
    """Cities where international bodies and governments sit: a dateline there says little of where they work."""
    return frozenset(read_yaml("places.yaml")["seats"])


@cache
def load_regions() -> tuple[str, ...]:
    """Regions and continents, which are neither a country nor an organisation."""
    return tuple(read_yaml("places.yaml")["regions"])


@cache
def load_provinces() -> frozenset[str]:
    """States and provinces of federations, which have budgets and governments of their own."""
    return frozenset(read_yaml("places.yaml")["provinces"])


@cache
def load_agencies() -> tuple[Agency, ...]:
    """The gazetteer of organisations, in the order of its files."""
    data = read_yaml("agencies.yaml")
    several = (
        Agency(
            one["id"],
            one["kind"],
            tuple(one["names"]),
            one.get("home"),
            one.get("of"),
            tuple(one.get("shared", ())),
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


@cache
def load_currencies() -> tuple[dict[str, list[str]], dict[str, str]]:
    """Signs and codes by currency, and the currency of a bare dollar by country."""
    data = read_yaml("currencies.yaml")
    return data["signs"], data["dollars"]


@cache
def load_joined_currencies() -> dict[str, tuple[float, str]]:
    """Words that are a multiplier and a currency in one (`mdp`, a million Mexican pesos): their factor and currency."""
    joined: dict[str, dict[str, float]] = read_yaml("currencies.yaml")["joined"]
    return {word: (factor, code) for code, words in joined.items() for word, factor in words.items()}


@cache
def load_peso_signs() -> dict[str, str]:
    """The currency of a dollar's sign that stands for pesos, by country."""
    signs: dict[str, str] = read_yaml("currencies.yaml")["peso_signs"]
    return signs


@cache
def load_home_currencies() -> dict[str, str]:
    """The currency of the countries and bodies that give most, by country code or id of the body."""
    homes: dict[str, str] = read_yaml("currencies.yaml")["homes"]
    return homes


@cache
def load_shared_currencies() -> dict[str, dict[str, str]]:
    """Words for money of several countries (`peso`): the currency by country."""
    shared: dict[str, dict[str, str]] = read_yaml("currencies.yaml")["shared"]
    return shared


@cache
def load_donor_countries() -> frozenset[str]:
    """Countries that more often pay for projects elsewhere than host them."""
    return frozenset(read_yaml("places.yaml")["donors"])
