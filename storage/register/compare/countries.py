"""Which countries folded words name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from storage.register.compare.gazetteer import gazetteer

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
