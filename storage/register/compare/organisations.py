"""Which organisation a name names: IOM, OIM, المنظمة الدولية للهجرة and "UN migration agency" are one.

A name as an article writes it goes in; an `Organisation` comes out: its key, and the government it belongs to. The
table is the classifier's gazetteer of agencies (`classifier/lexicon/agencies.yaml`), with further names and
organisations from `organisations.yaml` beside this module; governments are read from a country's name or adjective next
to a word of state ("gouvernement américain"). What no table knows keeps its own words, compared by likeness and
acronym.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from rapidfuzz import fuzz

from classifier.languages import LANGUAGES, read_language
from storage.register.compare.names import ACRONYM, fold_words
from storage.register.compare.near_copy import fold_text
from storage.register.compare.words import word_set

# From 88 of 100 in order-free likeness two spellings are one organisation: as the labelled corpus is scored.
SAME_LIKENESS = 88
# Also a city, a state of another country or a person's name: alone they prove no country.
NOT_ONLY_COUNTRIES = frozenset({"benin", "georgia", "jordan", "chad"})
ARABIC_AND = "و"
MIN_COUNTRY_LETTERS = 4
MIN_PLACE_LETTERS = 5  # shorter parts of countries' names are little words in some language
_PARENTHESES = re.compile(r"[\(\[]([^()\[\]]*)[\)\]]")
_LEGAL_FORMS = word_set(
    """
    inc ltd llc gmbh ev asbl ong ngo org foundation fundacion fondation stiftung association asociacion
    """
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as far as its name tells.

    `key` is equal for equal organisations that a table knows (`@IOM`, `@gov:US`) and else made of its words;
    `government` is the ISO code of the state it belongs to, `parent` the key of a larger known organisation. `words`
    and `acronyms` serve comparison.
    """

    key: str
    government: str | None
    parent: str | None
    words: frozenset[str]
    initials: str
    acronyms: frozenset[str]

    @property
    def is_known(self) -> bool:
        return self.key.startswith("@")


class _Table:
    """Names, folded, to organisations; built once a process."""

    def __init__(self) -> None:
        self.by_name: dict[str, str] = {}
        self.by_stem: list[tuple[re.Pattern[str], str]] = []
        self.homes: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self.countries: dict[str, str] = {}
        self.place_words: set[str] = set()
        self.country_stems: dict[str, list[tuple[str, str]]] = {}
        for agency in _read("classifier.lexicon", "agencies.yaml")["agencies"]:
            self._add(str(agency["id"]), agency["names"], agency.get("home"), None)
        further = _read(__package__, "organisations.yaml")
        keys: dict[str, str] = {}
        for entry in further["organisations"]:
            known = [self.by_name[n] for n in map(_fold, entry["names"]) if n in self.by_name]
            keys[entry["key"]] = known[0] if known else entry["key"]
        for entry in further["organisations"]:
            of = entry.get("of")
            is_state = isinstance(of, str) and len(of) == 2 and of.isupper()
            self._add(
                keys[entry["key"]],
                entry["names"],
                of if is_state else None,
                None if is_state or of is None else keys[of],
            )
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
            elif folded := _fold(text):
                self.by_name.setdefault(folded, key)

    def _add_countries(self) -> None:
        for lang in LANGUAGES:
            for code, names in read_language(lang, "countries").get("countries", {}).items():
                for name in names:
                    folded = _fold(str(name).rstrip("*"))
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


# libyaml's is ten times faster, and every wheel has it; both are safe loaders.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read(package: str | None, name: str) -> Any:
    return _parse(files(package or "storage.register").joinpath(name).read_text(encoding="utf-8"))


def _parse(text: str) -> Any:
    return yaml.load(text, _LOADER)  # noqa: S506  # a safe loader, see above


def _fold(name: str) -> str:
    bare = name.replace(".", "")
    return " ".join(fold_words(bare)) or fold_text(bare).strip()  # "UN" is a small word in French


@lru_cache(maxsize=1)
def _table() -> _Table:
    return _Table()


@lru_cache(maxsize=8192)
def read_organisation(name: str) -> Organisation:
    """Reads an organisation's name; one without any word gives an empty key."""
    inside = [part.strip() for part in _PARENTHESES.findall(name)]
    bare = _PARENTHESES.sub(" ", name).strip() or name
    words = fold_words(bare.replace(".", "")) or re.findall(r"\w+", fold_text(bare))
    acronyms = {
        _fold(a) for a in [*inside, *([] if bare.isupper() and " " in bare else bare.split())] if ACRONYM.fullmatch(a)
    }
    raw = [w for w in re.findall(r"\w+", fold_text(bare)) if len(w) > 1 or not w.isascii()]
    distinctive = frozenset(w for w in words if w not in _LEGAL_FORMS) or frozenset(words)
    known = _look_up(words, fold_text(bare), inside)
    if known is not None:
        key, government = known
        return Organisation(f"@{key}", government, _table().parents.get(key), distinctive, "", frozenset(acronyms))
    country = _table().country_of(words)
    if country is not None:
        return Organisation(f"@gov:{country}", country, None, distinctive, "", frozenset())
    if distinctive <= _table().government_words:
        return Organisation("@gov:", None, None, distinctive, "", frozenset())
    ministry, home = _table().split_ministry(words)
    if ministry is not None:
        if home is not None and (agency := _table().ministries_of.get((ministry, home))) is not None:
            return Organisation(f"@{agency}", home, _table().parents.get(agency), distinctive, "", frozenset())
        return Organisation(f"@ministry:{ministry}", home, None, distinctive, "", frozenset())
    if words[0].startswith(ARABIC_AND) and len(words[0]) >= MIN_PLACE_LETTERS:
        # "and" is written as part of the word after it: "ومجلس أوروبا" is the Council of Europe all the same
        without = read_organisation(" ".join([words[0].removeprefix(ARABIC_AND), *words[1:]]))
        if without.is_known:
            return without
    initials = "".join(w[0] for w in raw)
    return Organisation(" ".join(sorted(distinctive)), None, None, distinctive, initials, frozenset(acronyms - {""}))


def _look_up(words: list[str], folded: str, inside: list[str]) -> tuple[str, str | None] | None:
    table = _table()
    candidates: list[str | None] = [table.by_name.get(" ".join(words))]
    candidates += [table.by_name.get(_fold(part)) for part in inside]
    candidates.append(table.find(words))
    candidates += [key for pattern, key in table.by_stem if pattern.search(folded)]
    for key in candidates:
        if key is not None:
            return key, _government_of(key)
    return None


def _government_of(key: str) -> str | None:
    table = _table()
    seen = set()
    at: str | None = key
    while at is not None and at not in seen:
        if at in table.homes:
            return table.homes[at]
        seen.add(at)
        at = table.parents.get(at)
    return None


def name_words(words: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Which of some folded words name a well-known organisation, and which a country or region (in one word)."""
    table = _table()
    given = list(words)
    places = frozenset(
        w for w in given if w in table.regions or w in table.place_words or table.country_of([w]) is not None
    )
    return frozenset(w for w in given if w in table.by_name) - places, places


def is_country(word: str) -> bool:
    """Whether a folded word is a country's name or adjective in one of our languages."""
    return word in _table().countries


def countries_named(words: Iterable[str]) -> frozenset[str]:
    """The countries that single folded words name outright (no adjectives read by their beginnings)."""
    table = _table()
    return frozenset(
        table.countries[w] for w in words if w in table.countries and len(w) >= 4 and w not in NOT_ONLY_COUNTRIES
    )


def countries_in(words: Sequence[str]) -> frozenset[str]:
    """The countries that folded words, in order, name anywhere; generous: it tells only that two articles may be of
    one country, never that they are not."""
    table = _table()
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
    return _table().country_of([word]) if len(word) >= MIN_COUNTRY_LETTERS else None


def settle_government(organisation: Organisation, countries: frozenset[str]) -> Organisation:
    """ "The federal government" without a country's name is that of the one country an article is about."""
    if organisation.key == "@gov:" and len(countries) == 1:
        code = next(iter(countries))
        return replace(organisation, key=f"@gov:{code}", government=code)
    return organisation


@lru_cache(maxsize=16384)  # members of the same few projects are compared again and again
def compare_organisations(one: Organisation, other: Organisation) -> str:
    """Tells whether two are the `same`, of one `family` (a government and its agency, an organisation and its fund), or
    `other`."""
    if not one.key or not other.key:
        return "other"
    if one.key == other.key:
        if None not in (one.government, other.government) and one.government != other.government:
            return "other"  # two states' ministries of one name
        return "same" if one.key != "@gov:" else "family"
    if one.is_known and other.is_known:
        if one.government is not None and one.government == other.government:
            return "family"
        return "family" if f"@{one.parent}" == other.key or f"@{other.parent}" == one.key else "other"
    if _is_acronym_of(one, other) or _is_acronym_of(other, one):
        return "same"
    small, large = sorted((one.words, other.words), key=len)
    if fuzz.token_sort_ratio(" ".join(sorted(small)), " ".join(sorted(large))) >= SAME_LIKENESS:
        return "same"
    if not one.is_known and not other.is_known and len(small) >= 2 and small <= large:
        return "same"
    return "other"


def _is_acronym_of(short: Organisation, long: Organisation) -> bool:
    return any(len(a) >= 2 and (a == long.initials or a in long.acronyms) for a in short.acronyms)


def compare_lists(ours: Iterable[Organisation], theirs: Iterable[Organisation]) -> str:
    """The best likeness between two lists: `same`, `family`, `other`, or `unknown` where one is empty."""
    first, second = list(ours), list(theirs)
    if not first or not second:
        return "unknown"
    found = set(_likenesses(first, second))
    return "same" if "same" in found else "family" if "family" in found else "other"


def _likenesses(first: list[Organisation], second: list[Organisation]) -> Iterator[str]:
    for one in first:
        for other in second:
            yield compare_organisations(one, other)
