"""Words for months, numbers, lengths, money and countries in languages without a lexicon of their own.

In: an ISO 639-1 code. Out: sections as a lexicon has them, from the Unicode Common Locale Data Repository (CLDR, in
Babel). What that lacks, such as how money is called at home, is in the language's `quantities.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies
from babel.units import format_unit

_UNITS = ("day", "week", "month", "year")
_DOLLARS = ("USD", "AUD", "CAD", "NZD")
"""Whose names share the word for a dollar."""
_SHORTEST_STEM = 5
"""Letters of a country's name to which endings may be added: shorter ones begin other words."""
_SHORTEST_ABBREVIATION = 3  # letters of a month
_COUNTS = (0, 1, 2, 3, 5, 6, 11, 21, 100, 1.5)
"""Numbers that between them take every plural form of CLDR's languages."""
_DIGITS = re.compile(r"[\d.,٫]+")
_VOWELS = frozenset("aeiouyáéíóúýäöåαεηιουωοаеиоуыэюяії")


@cache
def _locale(lang: str) -> Locale | None:
    try:
        return Locale.parse(lang)
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def quantities_of(lang: str) -> dict[str, Any]:
    """`decimal`, `months`, `multipliers`, `currencies`, `dollars` and `durations` as a lexicon has them; empty for a
    language that CLDR does not know."""
    locale = _locale(lang)
    if locale is None:
        return {}
    return {
        "decimal": str(locale.number_symbols.get("latn", {}).get("decimal", ".")),
        "months": _months(locale),
        "multipliers": _multipliers(locale),
        "currencies": _currencies(locale),
        "dollars": _shared_words([_names_of_currency(locale, code) for code in _DOLLARS]),
        "durations": {unit: _unit_words(locale, unit) for unit in _UNITS},
    }


def countries_of(lang: str) -> dict[str, list[str]]:
    """Names of each country by ISO code, the longer ones with any ending; empty for a language that CLDR does not
    know."""
    locale = _locale(lang)
    if locale is None:
        return {}
    return {
        code: [name, *_stems(name)]
        for code, name in locale.territories.items()
        if len(code) == _CODE_LETTERS and code.isalpha()
    }


def home_of(lang: str) -> str | None:
    """The country where most texts of a language come from, as CLDR has it; None where it does not say."""
    likely = get_global("likely_subtags").get(lang, "").rpartition("_")[2]
    return likely if len(likely) == _CODE_LETTERS else None


_CODE_LETTERS = 2


def _stems(name: str) -> list[str]:
    """A one-word name for its cases: without the vowel that endings replace, and a star."""
    stem = name[:-1] if name[-1:] in _VOWELS else name
    return [f"{stem}*"] if stem.isalpha() and len(stem) >= _SHORTEST_STEM and stem != stem.casefold() else []


def _months(locale: Locale) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months.get(context, {}).get(width, {}).items():
                word = name.rstrip(".")
                if word[:1].isalpha() and len(word) >= _SHORTEST_ABBREVIATION and word not in found.get(number, []):
                    found.setdefault(number, []).append(word)
    return found


def _multipliers(locale: Locale) -> dict[str, float]:
    """Names of powers of ten: what stands beside the digits where a number is written in short."""
    found: dict[str, float] = {}
    for width in ("long", "short"):
        for by_power in locale.compact_decimal_formats.get(width, {}).values():
            for power, pattern in by_power.items():
                written = str(pattern.pattern).split(";")[0]
                word = written.replace("0", "").strip(" \u00a0\u200f.'")
                if word and " " not in word and "\u00a0" not in word and (width == "long" or not word.isascii()):
                    found.setdefault(word, int(power) / 10 ** (written.count("0") - 1))
    return found


def _unit_words(locale: Locale, unit: str) -> list[str]:
    """One-word names of a unit of time in all forms that stand behind numbers."""
    lengths: tuple[Literal["long", "short"], ...] = ("long", "short")
    kind = f"duration-{unit}"
    written = {format_unit(count, kind, length, locale=locale) for length in lengths for count in _COUNTS}
    words = {_DIGITS.sub("", one).strip(" \u00a0.") for one in written if kind not in one}
    return sorted(word for word in words if len(word) > 1 and " " not in word)


@cache
def _in_use() -> frozenset[str]:
    """Money that somebody pays with today: neither metals nor what was replaced."""
    return frozenset(
        code for territory in get_global("territory_currencies") for code in get_territory_currencies(territory)
    )


def _currencies(locale: Locale) -> dict[str, list[str]]:
    """Names of each currency in all forms that stand behind numbers."""
    return {code: names for code in sorted(_in_use()) if (names := sorted(_names_of_currency(locale, code)))}


def _names_of_currency(locale: Locale, code: str) -> set[str]:
    return {get_currency_name(code, count, locale=locale) for count in (None, *_COUNTS)} - {code}


def _shared_words(names: Iterable[set[str]]) -> list[str]:
    """Words that stand in a name of each."""
    words = [{word for name in one for word in name.split()} for one in names]
    return sorted(set.intersection(*words)) if words else []
