"""The small words of names, as `lexicon/names.yaml` lists them, folded for comparison.

In: nothing. Out: `NameWords`, read once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from classifier.entities.mention import name_key
from classifier.languages import lexicons_for, load_lexicon
from classifier.lexicon import load_currencies, load_places, read_yaml
from classifier.text.tokens import fold

APOSTROPHES = frozenset("'’")


@dataclass(frozen=True, slots=True)
class NameWords:
    """Sets of folded words; what each is for is said in the file."""

    genitives: frozenset[str]
    conjunctions: frozenset[str]
    articles: frozenset[str]
    locatives: frozenset[str]
    sites: frozenset[str]
    weekdays: frozenset[str]
    no_names: frozenset[str]
    no_bodies: frozenset[str]
    compounds: frozenset[str]
    cooperatives: frozenset[str]
    openers: frozenset[str]
    foreign_articles: frozenset[str]
    foreign_joiners: frozenset[str]
    human_words: frozenset[str]
    counties: frozenset[str]
    people: frozenset[str]
    surroundings: frozenset[str]
    abbreviations: frozenset[str]
    fights: frozenset[str]
    slavic_adjectives: frozenset[str]
    slavic_cases: frozenset[str]
    slavic_objects: frozenset[str]
    slavic_stops: frozenset[str]
    slavic_prepositions: frozenset[str]
    staff: frozenset[str]
    owned_offices: frozenset[str]
    list_words: frozenset[str]
    arabic_stops: frozenset[str]
    company_forms: frozenset[str]
    title_joiners: frozenset[str]
    subject_words: frozenset[str]
    title_cuts: frozenset[str]
    title_openers: frozenset[str]
    title_stops: frozenset[str]
    determiners: frozenset[str]
    indefinites: frozenset[str]
    gloss_words: frozenset[str]
    acronym_bridges: frozenset[str]
    papers: frozenset[str]
    kinds_of_bodies: frozenset[str]
    bare_bodies: frozenset[str]
    church_works: frozenset[str]
    counted_bodies: frozenset[str]
    office_words: frozenset[str]
    plain_offices: frozenset[str]
    purposes: frozenset[str]
    fields: frozenset[str]
    duties: frozenset[str]
    leads: frozenset[str]
    members: frozenset[str]
    occasions: frozenset[str]
    roman_numbers: frozenset[str]
    list_withs: frozenset[str]
    laws: frozenset[str]
    line_words: frozenset[str]
    clause_words: frozenset[str]
    agents: frozenset[str]
    plural_kinds: frozenset[str]
    quoted_bodies: frozenset[str]
    bare_kinds: frozenset[str]
    compound_heads: tuple[tuple[str, str], ...]


@cache
def load_name_words(lang: str = "") -> NameWords:
    """The words of the file, read once, with those that only texts in one language read so."""
    own = load_lexicon(lang).name_words
    if lang and not own:
        return load_name_words()
    data = read_yaml("names.yaml")
    for name, words in own.items():
        data[name] = [*data[name], *words]
    heads = tuple((fold(ending), kind) for ending, kind in data.pop("compound_heads").items())
    return NameWords(
        compound_heads=heads, **{name: frozenset(fold(word) for word in words) for name, words in data.items()}
    )


_LETTERS = frozenset(["n", "r", "sh", "shs", "bs", "k", "m", "e", "l", "q", "g", "gs", "nu", "qr", "br", "jd", "sr"])
"""Signs of money right before digits that are initials and short words elsewhere."""


@cache
def currency_words() -> frozenset[str]:
    """Signs and codes of money, which are no names."""
    found = {fold(sign) for names in load_currencies().signs.values() for sign in names} - _LETTERS
    return frozenset(found | {"euros", "cfa", "usd", "$"})


@cache
def multipliers_of(lang: str) -> frozenset[str]:
    """The words for thousands and millions in a language and in English."""
    return frozenset(fold(word) for one in lexicons_for(lang) for word in one.multipliers if len(word) > 1)


@cache
def joiners_of(lang: str) -> frozenset[str]:
    """The small words a name may hold in a language, English ones among them."""
    own = frozenset(fold(word) for one in lexicons_for(lang) for word in one.joiners)
    return own | load_name_words().foreign_joiners


@cache
def months_of(lang: str) -> frozenset[str]:
    """The months' names in a language and in English."""
    return frozenset(fold(name) for one in lexicons_for(lang) for names in one.months.values() for name in names)


@cache
def region_keys() -> frozenset[str]:
    """Regions and continents, which are neither bodies nor projects."""
    return frozenset(name_key(name) for name in load_places().regions)
