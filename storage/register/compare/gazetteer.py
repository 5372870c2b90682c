"""Names of organisations, ministries, countries and regions, in all languages.

They are those of the classifier's gazetteer of agencies (`classifier/lexicon/agencies.yaml`) and of its languages'
countries, with further names and organisations from `organisations.yaml` beside this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from classifier.languages import LANGUAGES, read_language
from classifier.lexicon import read_yaml
from storage.register.compare.names import fold_words
from storage.register.compare.near_copy import fold_text

MIN_PLACE_LETTERS = 5  # shorter parts of countries' names are little words in some language


class Gazetteer:
    """Names, folded, to organisations; built once a process."""

    def __init__(self) -> None:
        self.by_name: dict[str, str] = {}
        self.by_stem: list[tuple[re.Pattern[str], str]] = []
        self.homes: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self.countries: dict[str, str] = {}
        self.place_words: set[str] = set()
        self.country_stems: dict[str, list[tuple[str, str]]] = {}
        for agency in read_yaml("agencies.yaml")["agencies"]:
            self._add(str(agency["id"]), agency["names"], agency.get("home"), None)
        further = read_yaml("organisations.yaml", __package__)
        keys: dict[str, str] = {}
        for entry in further["organisations"]:
            known = [self.by_name[n] for n in map(fold_name, entry["names"]) if n in self.by_name]
            keys[entry["key"]] = known[0] if known else entry["key"]
        self.entries: dict[str, dict[str, Any]] = {}  # by each of its names, folded
        for entry in further["organisations"]:
            for name in entry["names"]:
                self.entries.setdefault(fold_name(str(name)), entry)
            parent = keys[entry["parent"]] if "parent" in entry else None
            self._add(keys[entry["key"]], entry["names"], entry.get("home"), parent)
        self.government_words = frozenset(w for phrase in further["government_words"] for w in fold_words(str(phrase)))
        self.ministry_words = frozenset(fold_words(" ".join(map(str, further["ministry_words"]))))
        self.ministries = {
            w: kind for kind, names in further["ministries"].items() for w in fold_words(" ".join(map(str, names)))
        }
        self.regions = frozenset(w for name in further["region_words"] for w in fold_words(str(name)))
        self._add_countries()
        self.country_beginnings = {name.partition(" ")[0] for name in self.countries if " " in name}
        self.country_starts = {name[:3] for name in self.countries} | set(self.country_stems)
        self.ministries_of = {
            found: key for name, key in self.by_name.items() if (found := self._ministry_in(name, key))
        }
        self.longest = max(len(name.split()) for name in self.by_name)

    def _add(self, key: str, names: Iterable[Any], home: str | None, parent: str | None) -> None:
        if home is not None:
            self.homes.setdefault(key, home)
        if parent is not None and parent != key:
            self.parents.setdefault(key, parent)
        for name in names:
            text = str(name)
            if "*" in text:
                words = [re.escape(w).replace(r"\*", r"\w*") for w in fold_text(text).split()]
                self.by_stem.append((re.compile(r"\b" + r"\W+".join(words) + r"\b"), key))
            elif folded := fold_name(text):
                self.by_name.setdefault(folded, key)

    def _add_countries(self) -> None:
        for lang in LANGUAGES:
            for code, names in read_language(lang, "countries").get("countries", {}).items():
                for name in names:
                    folded = fold_name(str(name).rstrip("*"))
                    if " " in folded:  # "Herzegovina", "Leone": a part names the place as well
                        self.place_words.update(w for w in folded.split() if len(w) >= MIN_PLACE_LETTERS)
                    if not folded:
                        continue
                    if str(name).endswith("*"):
                        self.country_stems.setdefault(folded[:3], []).append((folded, code))
                    else:
                        self.countries.setdefault(folded, code)

    def _ministry_in(self, name: str, key: str) -> tuple[str, str] | None:
        """The portfolio and the state of a known agency whose name is a ministry's: (`labour`, `US`) for the US
        Department of Labor."""
        ministry, home = self.split_ministry(name.split())
        return (ministry, home) if ministry is not None and home is not None and self.homes.get(key) == home else None

    def split_ministry(self, words: list[str]) -> tuple[str | None, str | None]:
        """A ministry's portfolio and, where its name says so, whose: `justice`, `MW` for "Ministry of Justice of
        Malawi", `labour`, `US` for "Departamento de Trabajo estadounidense"."""
        if not any(word in self.ministry_words for word in words):
            return None, None
        if (ministry := self.ministry_of(words)) is not None:
            return ministry, None
        homes = {word: code for word in words if (code := self.country_of([word])) is not None}
        if len(set(homes.values())) != 1:
            return None, None
        return self.ministry_of([word for word in words if word not in homes]), next(iter(homes.values()))

    def find(self, words: list[str]) -> str | None:
        """The most specific organisation named by a run of these words: the longest known name in them."""
        for length in range(min(len(words), self.longest), 0, -1):
            for start in range(len(words) - length + 1):
                name = " ".join(words[start : start + length])
                key = self.by_name.get(name)
                # one word alone inside a longer name may be another's ("EU Delegation" is the EU; "US" would be
                # anything)
                if key is not None and (length > 1 or len(words) == 1 or len(name) >= 4):
                    return key
        return None

    def ministry_of(self, words: list[str]) -> str | None:
        """The portfolio, where the words are a ministry's name and nothing more: `justice` for وزارة العدل."""
        if not any(w in self.ministry_words for w in words):
            return None
        rest = [w for w in words if w not in self.ministry_words and w not in self.government_words]
        kinds = {self.ministries.get(w) for w in rest}
        return self.ministries[rest[0]] if rest and None not in kinds else None

    def country_of(self, words: list[str]) -> str | None:
        """The country, where the words are one country's name or adjective and words of state only."""
        rest = [w for w in words if w not in self.government_words] or words
        if len(rest) < len(words) and (code := self._country_within(words)) is not None:
            return code
        joined = " ".join(rest)
        if (code := self.countries.get(joined) or self.countries.get(" ".join(words))) is not None:
            return code
        if len(rest) <= 2:
            for stem, code in self.country_stems.get(joined[:3], ()):
                if joined.startswith(stem) and len(joined) - len(stem) <= 5:
                    return code
        return None

    def _country_within(self, words: list[str]) -> str | None:
        """The country whose whole name is among words of state: "Government of the United Kingdom", where "kingdom" is
        such a word itself."""
        for length in range(len(words) - 1, 1, -1):
            for start in range(len(words) - length + 1):
                around = {*words[:start], *words[start + length :]}
                code = self.countries.get(" ".join(words[start : start + length]))
                if code is not None and around <= self.government_words:
                    return code
        return None


_UNITED_NATIONS = re.compile(r"\bU\.?N\b\.?")


def fold_organisation(name: str) -> list[str]:
    """The folded words of an organisation's name. "UN" stands for its two words: it is a small word in French, and
    "UN Women" without it would be any women."""
    return fold_words(_UNITED_NATIONS.sub("United Nations", name).replace(".", ""))


def fold_name(name: str) -> str:
    """A name as the gazetteer keeps it."""
    return " ".join(fold_organisation(name)) or fold_text(name.replace(".", "")).strip()


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer, read once."""
    return Gazetteer()


# Also a city, a state of another country or a person's name: alone they prove no country.
NOT_ONLY_COUNTRIES = frozenset({"benin", "georgia", "jordan", "chad"})
MIN_COUNTRY_LETTERS = 4


def name_words(words: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Which of some folded words name a well-known organisation, and which a country or region (in one word)."""
    table = gazetteer()
    given = list(words)
    places = frozenset(
        w for w in given if w in table.regions or w in table.place_words or table.country_of([w]) is not None
    )
    return frozenset(w for w in given if w in table.by_name) - places, places


def is_country(word: str) -> bool:
    """Whether a folded word is a country's name or adjective in one of our languages."""
    return word in gazetteer().countries


def countries_named(words: Iterable[str]) -> frozenset[str]:
    """The countries that single folded words name outright (no adjectives read by their beginnings)."""
    table = gazetteer()
    return frozenset(
        table.countries[w] for w in words if w in table.countries and len(w) >= 4 and w not in NOT_ONLY_COUNTRIES
    )


def countries_in(words: Sequence[str]) -> frozenset[str]:
    """The countries that folded words, in order, name anywhere; generous: it tells only that two articles may be of
    one country, never that they are not."""
    table = gazetteer()
    starts = table.country_starts  # which few words have: asking of each costs more than all the rest
    found = {code for word in {*words} if word[:3] in starts and (code := _country_of_word(word)) is not None}
    for at, word in enumerate(words):
        if word in table.country_beginnings:
            for length in (2, 3):
                code = table.countries.get(" ".join(words[at : at + length]))
                if code is not None:
                    found.add(code)
    return frozenset(found)


@lru_cache(maxsize=32768)
def _country_of_word(word: str) -> str | None:
    """The country of a noun or adjective ("nigerian")."""
    return gazetteer().country_of([word]) if len(word) >= MIN_COUNTRY_LETTERS else None
