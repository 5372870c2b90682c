"""Which organisation a name names: IOM, OIM, المنظمة الدولية للهجرة and "UN migration agency" are one.

A name as an article writes it goes in; an `Organisation` comes out: its key, and the government it belongs to, read
from a country's name or adjective next to a word of state ("gouvernement américain"). What the gazetteer does not know
keeps its own words, compared by likeness and acronym.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from classifier.entities.matching import initials
from storage.register.compare.gazetteer import MIN_PLACE_LETTERS, fold_name, fold_organisation, gazetteer
from storage.register.compare.names import ACRONYM
from storage.register.compare.near_copy import fold_text
from storage.register.compare.words import word_set

# From 88 of 100 in order-free likeness two spellings are one organisation: as the labelled corpus is scored.
SAME_LIKENESS = 88
SHORTEST_SPELT = 3  # letters: two begin the words of many names
ARABIC_AND = "و"
GOVERNMENT = re.compile(r"@gov:([A-Z]{2})")
"""The key of a government, with its country's code."""
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
    initials: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        return self.key.startswith("@")


@lru_cache(maxsize=8192)
def read_organisation(name: str) -> Organisation:
    """Reads an organisation's name; one without any word gives an empty key."""
    inside = [part.strip() for part in _PARENTHESES.findall(name)]
    bare = _PARENTHESES.sub(" ", name).strip() or name
    words = fold_organisation(bare) or re.findall(r"\w+", fold_text(bare))
    acronyms = frozenset(
        fold_name(a)
        for a in [*inside, *([] if bare.isupper() and " " in bare else bare.split())]
        if ACRONYM.fullmatch(a)
    )
    distinctive = frozenset(w for w in words if w not in _LEGAL_FORMS) or frozenset(words)
    known = _look_up(words, fold_text(bare), inside)
    if known is not None:
        key, government = known
        return Organisation(f"@{key}", government, gazetteer().parents.get(key), distinctive, acronyms=acronyms)
    country = gazetteer().country_of(words)
    if country is not None:
        return Organisation(f"@gov:{country}", country, None, distinctive)
    if distinctive <= gazetteer().government_words:
        return Organisation("@gov:", None, None, distinctive)
    ministry, home = gazetteer().split_ministry(words)
    if ministry is not None:
        if home is not None and (agency := gazetteer().ministries_of.get((ministry, home))) is not None:
            return Organisation(f"@{agency}", home, gazetteer().parents.get(agency), distinctive)
        return Organisation(f"@ministry:{ministry}", home, None, distinctive)
    if words[0].startswith(ARABIC_AND) and len(words[0]) >= MIN_PLACE_LETTERS:
        # "and" is written as part of the word after it: "ومجلس أوروبا" is the Council of Europe all the same
        without = read_organisation(" ".join([words[0].removeprefix(ARABIC_AND), *words[1:]]))
        if without.is_known:
            return without
    return Organisation(" ".join(sorted(distinctive)), None, None, distinctive, initials(bare), acronyms - {""})


def canonical_organisation(name: str) -> tuple[str, dict[str, str]] | None:
    """The name that an organisation is known by and its identifiers by register (`iati`, `wikidata`, `ror`); None where
    the table does not hold the very name, with or without an acronym behind it."""
    entries = gazetteer().entries
    entry = entries.get(fold_name(name)) or entries.get(fold_name(_PARENTHESES.sub(" ", name)))
    return None if entry is None else (str(entry["names"][0]), dict(entry.get("ids", {})))


def _look_up(words: list[str], folded: str, inside: list[str]) -> tuple[str, str | None] | None:
    table = gazetteer()
    candidates: list[str | None] = [table.by_name.get(" ".join(words))]
    candidates += [table.by_name.get(fold_name(part)) for part in inside]
    candidates.append(table.find(words))
    candidates += [key for pattern, key in table.by_stem if pattern.search(folded)]
    for key in candidates:
        if key is not None:
            return key, _government_of(key)
    return None


def _government_of(key: str) -> str | None:
    table = gazetteer()
    seen = set()
    at: str | None = key
    while at is not None and at not in seen:
        if at in table.homes:
            return table.homes[at]
        seen.add(at)
        at = table.parents.get(at)
    return None


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
    return any(a in long.acronyms or (len(a) >= SHORTEST_SPELT and a in long.initials) for a in short.acronyms)


def compare_lists(ours: Sequence[Organisation], theirs: Sequence[Organisation]) -> str:
    """The best likeness between two lists: `same`, `family`, `other`, or `unknown` where one is empty."""
    found = {compare_organisations(one, other) for one in ours for other in theirs}
    return next((likeness for likeness in ("same", "family", "other") if likeness in found), "unknown")
