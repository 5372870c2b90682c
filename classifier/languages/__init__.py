"""What the classifier knows of each language, in files an analyst edits: one folder a language, by its ISO 639-1 code.

In: a code. Out: plain data, read once and kept. No list names the languages: a folder with a `lexicon.yaml` is one; a
language without is read by the words of CLDR and of a `quantities.yaml`. English alone must stay, since its words are
read in all texts. README.md beside this file says what each section means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from classifier.languages.cldr import countries_of, home_of, quantities_of
from classifier.lexicon import read_yaml

_FILES = frozenset(
    f"{folder.name}/{file.name}"
    for folder in files(__package__).iterdir()
    if folder.is_dir()
    for file in folder.iterdir()
)
LANGUAGES: tuple[str, ...] = tuple(
    sorted(path.removesuffix("/lexicon.yaml") for path in _FILES if path.endswith("/lexicon.yaml"))
)
"""Languages with a lexicon. Any other is read with the signs and names that are the same everywhere."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words by the sections of its file. An unknown language has empty ones and the decimal sign `.`."""

    is_known: bool
    decimal: str = "."
    home: str | None = None
    months: dict[int, list[str]] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    multipliers: dict[str, float] = field(default_factory=dict)
    single_multipliers: list[str] = field(default_factory=list)
    dual_multipliers: list[str] = field(default_factory=list)
    currencies: dict[str, list[str]] = field(default_factory=dict)
    dollars: list[str] = field(default_factory=list)
    durations: dict[str, list[str]] = field(default_factory=dict)
    spans: dict[float, list[str]] = field(default_factory=dict)
    projects: list[str] = field(default_factory=list)
    enumeration: dict[str, list[str]] = field(default_factory=dict)
    boilerplate: list[str] = field(default_factory=list)
    prepositions: dict[str, list[str]] = field(default_factory=dict)
    joiners: list[str] = field(default_factory=list)
    adjective_ends: list[str] = field(default_factory=list)
    false_friends: list[str] = field(default_factory=list)
    organisations: dict[str, list[str]] = field(default_factory=dict)
    cues: dict[str, list[str]] = field(default_factory=dict)
    time: dict[str, list[str]] = field(default_factory=dict)
    abbreviations: list[str] = field(default_factory=list)
    country_cues: dict[str, list[str]] = field(default_factory=dict)
    country_nouns: list[str] = field(default_factory=list)
    country_labels: list[str] = field(default_factory=list)
    language_words: dict[str, list[str]] = field(default_factory=dict)
    union_words: list[str] = field(default_factory=list)
    name_words: dict[str, list[str]] = field(default_factory=dict)


def read_language(lang: str, name: str) -> dict[str, Any]:
    """The sections of a file of a language's folder, by the file's name without its ending; none where it is not."""
    path = f"{lang}/{name}.yaml"
    return dict(read_yaml(path, __package__)) if path in _FILES else {}


@cache
def load_lexicon(lang: str) -> Lexicon:
    """The lexicon of a language; where there is none, one with `is_known` False that has words for months, numbers,
    lengths and money alone."""
    if lang in LANGUAGES:
        return Lexicon(is_known=True, **read_language(lang, "lexicon"))
    own = read_language(lang, "quantities")
    own.pop("countries", None)
    return Lexicon(is_known=False, **_extended({"home": home_of(lang), **quantities_of(lang)}, own))


@cache
def load_countries(lang: str) -> dict[str, list[str]]:
    """Names of each country by ISO code, in a language; with adjectives where it has a lexicon, empty for a language
    that nobody knows."""
    if lang in LANGUAGES:
        return dict(read_language(lang, "countries").get("countries", {}))
    return dict(_extended(countries_of(lang), read_language(lang, "quantities").get("countries", {})))


def _extended(known: Any, further: Any) -> Any:
    """What CLDR has with what a file adds: words behind its words, key by key; any other value replaces its own."""
    if isinstance(further, Mapping):
        known = known or {}
        return {**known, **{key: _extended(known.get(key), value) for key, value in further.items()}}
    return [*(known or ()), *further] if isinstance(further, list) else further


@cache
def load_lookalikes(lang: str) -> tuple[str, ...]:
    """Phrases of a language that only look like a country."""
    return tuple(read_language(lang, "countries").get("other", ()))


def lexicons_for(lang: str) -> tuple[Lexicon, ...]:
    """By which a text in a language is read: the English lexicon, whose words stand in any text, and its own."""
    return tuple(map(load_lexicon, dict.fromkeys(("en", lang))))


@cache
def load_country_cues(lang: str) -> dict[str, list[str]]:
    """Phrases of a language that say why a text names a country, by class; English ones stand in any text."""
    both = [lexicon.country_cues for lexicon in lexicons_for(lang)]
    return {name: [phrase for cues in both for phrase in cues.get(name, ())] for name in both[0]}
