"""What the classifier knows of words, in files an analyst edits: one `LANG.yaml` a language, countries, agencies, …

In: an ISO 639-1 code. Out: a `Lexicon` of plain data, read once and kept. A file is read only when its language is
asked for, with the C reader of YAML where it is installed. What each section means:

- `months`, `numbers`, `multipliers`, `currencies`, `dollars` (words that leave the country open), `durations`, `spans`
  (words that name a length in months).
- `cues`: phrases by what they say of the organisation beside them (`funded_by`: it follows and pays; `launches`: it
  stands before and runs), of a name, or of time. The classes are in `CUE_CLASSES`.
- `organisations`: words an organisation's name begins or ends with, by kind; `joiners`: small words within a name.
- `prepositions`: small words by what they mean (`by` the doer, `from` the source, `to` the receiver).
- `false_friends`: cues of English, which are read in all languages, that are another word in this one.
- `projects`: nouns for a project; `enumeration`: words that tell several projects of one text apart;
  `boilerplate`: how a line that is no part of the story begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from classifier.lexicon.cldr import countries_of, home_of, quantities_of

LANGUAGES: tuple[str, ...] = ("en", "fr", "es", "pt", "ar", "it", "de", "ro", "uk", "ru", "tr", "nl", "id", "pl")
"""Languages with a lexicon. Any other is read with the signs and names that are the same everywhere."""

CUE_CLASSES: tuple[str, ...] = (
    "funded_by",
    "funds",
    "grant",
    "receives",
    "implements",
    "implemented_by",
    "launches",
    "partner_with",
    "partner",
    "helps",
    "works_with",
    "says",
    "attends",
    "person",
    "beneficiary",
    "named",
    "past",
    "future",
    "total",
    "share",
    "parent",
    "profit",
    "elsewhere",
)
"""Classes of cues a lexicon may hold; the meaning of each is in README.md beside this file."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words as its file gives them. An unknown language has empty tables and the decimal sign `.`."""

    language: str
    is_known: bool
    decimal: str = "."
    months: dict[int, list[str]] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    multipliers: dict[str, float] = field(default_factory=dict)
    currencies: dict[str, list[str]] = field(default_factory=dict)
    dollars: list[str] = field(default_factory=list)
    durations: dict[str, list[str]] = field(default_factory=dict)
    spans: dict[float, list[str]] = field(default_factory=dict)
    cues: dict[str, list[str]] = field(default_factory=dict)
    organisations: dict[str, list[str]] = field(default_factory=dict)
    joiners: list[str] = field(default_factory=list)
    prepositions: dict[str, list[str]] = field(default_factory=dict)
    adjective_ends: list[str] = field(default_factory=list)
    false_friends: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    enumeration: dict[str, list[str]] = field(default_factory=dict)
    boilerplate: list[str] = field(default_factory=list)
    time: dict[str, list[str]] = field(default_factory=dict)


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


def read_yaml(name: str) -> Any:
    """The content of a file of this package by its path, for example `countries/en.yaml`."""
    return yaml.load(files(__package__).joinpath(name).read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)


@cache
def load_lexicon(lang: str) -> Lexicon:
    """The lexicon of a language; where there is no file, one with `is_known` False that has words for months, numbers,
    lengths and money alone."""
    if lang not in LANGUAGES:
        return _lexicon_of_quantities(lang)
    data = dict(read_yaml(f"{lang}.yaml"))
    known = {key: data[key] for key in Lexicon.__slots__ if key in data and data[key] is not None}
    return Lexicon(is_known=True, **known)


def _lexicon_of_quantities(lang: str) -> Lexicon:
    data = quantities_of(lang)
    own = _quantities().get(lang, {})
    for key in ("multipliers", "numbers"):
        data[key] = data.get(key, {}) | own.get(key, {})
    for key in ("durations", "currencies"):
        known = data.setdefault(key, {})
        for name, words in own.get(key, {}).items():
            known[name] = [*known.get(name, ()), *words]
    for code, words in own.get("home", {}).items():
        data["currencies"][code] = [*data["currencies"].get(code, ()), *words]
    data["dollars"] = [*data.get("dollars", ()), *own.get("dollars", ())]
    return Lexicon(language=lang, is_known=False, spans=own.get("spans", {}), **data)


@cache
def _quantities() -> dict[str, Any]:
    words: dict[str, Any] = read_yaml("quantities.yaml")
    return words


@cache
def load_countries(lang: str) -> dict[str, list[str]]:
    """Names of each country by ISO code, in a language; with adjectives where it has a lexicon, empty for a language
    that nobody knows."""
    if lang not in LANGUAGES:
        further = _quantities().get(lang, {}).get("countries", {})
        return {code: [*names, *further.get(code, ())] for code, names in countries_of(lang).items()}
    countries: dict[str, list[str]] = read_yaml(f"countries/{lang}.yaml")["countries"]
    return countries


@cache
def load_other_phrases(lang: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Phrases of a language that only look like a country, and countries' names that are first names too."""
    data = read_yaml(f"countries/{lang}.yaml") if lang in LANGUAGES else {}
    return tuple(data.get("other", ())), frozenset(data.get("first_names", ()))


@cache
def load_surnames() -> frozenset[str]:
    """Places that are also surnames, in any language: behind a first name they are a person."""
    return frozenset(read_yaml("countries/en.yaml")["surnames"])


@cache
def load_places() -> dict[str, list[str]]:
    """Cities and regions by the ISO code of their country."""
    places: dict[str, list[str]] = read_yaml("places.yaml")["places"]
    return places


@cache
def load_signs() -> dict[str, list[str]]:
    """What tells a country without naming it or a place in it, by ISO code: its offices of state, its money."""
    signs: dict[str, list[str]] = read_yaml("places.yaml")["signs"]
    return signs


@cache
def load_country_cues(lang: str) -> dict[str, list[str]]:
    """Phrases of a language that say why a text names a country, by class; English ones stand in any text."""
    classes: dict[str, dict[str, list[str]]] = read_yaml("country_cues.yaml")
    return {
        name: [phrase for language in dict.fromkeys(("en", lang)) for phrase in by_language.get(language, ())]
        for name, by_language in classes.items()
    }


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
def load_country_nouns(lang: str) -> tuple[str, ...]:
    """What countries are called where they are counted, in the forms that stand behind a number; English ones too."""
    nouns: dict[str, list[str]] = read_yaml("places.yaml")["country_nouns"]
    return tuple(noun for language in dict.fromkeys(("en", lang)) for noun in nouns.get(language, ()))


@cache
def load_pairs() -> tuple[str, ...]:
    """Words for two that are no numbers: `both`, and the duals of `country`."""
    return tuple(read_yaml("places.yaml")["pairs"])


@cache
def load_american_namesakes() -> frozenset[str]:
    """Towns and counties elsewhere whose names towns and counties of the United States bear too; folded."""
    return frozenset(read_yaml("places.yaml")["american_namesakes"])


@cache
def load_american_schools() -> tuple[str, ...]:
    """Schools of the United States, as written, whose names hold that of a country."""
    return tuple(read_yaml("places.yaml")["american_schools"])


@cache
def load_country_labels(lang: str) -> tuple[str, ...]:
    """Labels of the field that says in which countries a project works, in a language and in English."""
    labels = read_yaml("places.yaml")["country_labels"]
    return (*labels["en"], *labels.get(lang, ()))


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


@cache
def load_language_home(lang: str) -> str | None:
    """The country where nearly all texts of a language come from; None of a language of several."""
    homes: dict[str, str] = read_yaml("places.yaml")["language_homes"]
    several: list[str] = read_yaml("places.yaml")["languages_of_several"]
    return homes.get(lang) or (None if lang in LANGUAGES or lang in several else home_of(lang))
