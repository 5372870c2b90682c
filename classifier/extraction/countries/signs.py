"""What a text says around its countries: why it names them, and what tells one that it does not name.

In: a `ParsedText` and the mentions of countries in it. Out: features, and the first sign of each country. The words are
in `country_cues` of the languages and in `places.yaml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier.entities.country_mention import CountryMention
from classifier.languages import load_country_cues
from classifier.lexicon import load_places
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.tokens import fold

LEAD = 2  # sentences of the text that say what the news is, behind the headline
_NEAR, _CLAUSE = 2, 9  # tokens between a cue and a country: beside it, in its clause
_BEYOND = 2  # the bucket of what is farther than a clause

_AWAY = frozenset(["origin", "refugee", "destination"])
"""Classes of cues that say who comes from a country or is taken to it: no work is said to be there."""

Cues = Sequence[Match[tuple[str, ...]]]
"""The cues of a sentence, each with its classes."""


@cache
def cue_book(lang: str) -> PhraseMatcher[tuple[str, ...]]:
    """The words that say why a country is named, with their classes."""
    classes: dict[str, tuple[str, ...]] = {}
    for name, phrases in load_country_cues(lang).items():
        for phrase in phrases:
            classes[phrase] = (*classes.get(phrase, ()), name)
    return PhraseMatcher(classes.items(), is_arabic=lang == "ar")


def reasons(cues: Cues, group: Sequence[CountryMention]) -> list[str]:
    """Features of what a sentence says of a list of countries: `why:origin:L0` stands right before it."""
    first, last = group[0].first, group[-1].last
    found: dict[str, int] = {}
    for cue in cues:
        if cue.last <= first:
            side, distance = "L", first - cue.last
        elif cue.first >= last:
            side, distance = "R", cue.first - last
        else:
            continue
        near = 0 if distance <= _NEAR else 1 if distance <= _CLAUSE else _BEYOND
        for name in cue.value:
            key = f"{name}:{side}"
            found[key] = min(found.get(key, near), near)
    features = [f"why:{key}{near}" for key, near in found.items() if near < _BEYOND]
    away = [near for key, near in found.items() if near < _BEYOND and key[:-2] in _AWAY]
    if away:
        features += ["why:away", f"why:away{min(away)}"]
    return features + [f"why:{name}" for name in dict.fromkeys(key[:-2] for key in found)]


def names_region(reading: ParsedText) -> bool:
    """Whether the headline or the lead speaks of a region."""
    book = cue_book(reading.lang)
    return any(
        "region" in cue.value
        for sentence in reading.sentences
        if sentence.index <= LEAD  # those of the headline are below zero
        for cue in book.find_all(sentence.tokens)
    )


@cache
def _sign_book(lang: str) -> PhraseMatcher[tuple[str, bool]]:
    """Signs by country, and whether they are written with a capital."""
    book: PhraseMatcher[tuple[str, bool]] = PhraseMatcher(is_arabic=lang == "ar")
    for code, phrases in load_places().signs.items():
        for phrase in phrases:
            book.add(phrase, (code, phrase[0].isupper()))
    return book


def find_signs(reading: ParsedText) -> dict[str, tuple[Sentence, int, int]]:
    """The first sign of each country: an office of its state, its money."""
    found: dict[str, tuple[Sentence, int, int]] = {}
    book = _sign_book(reading.lang)
    for sentence in reading.sentences:
        for hit in book.find_all(sentence.tokens):
            code, is_capital = hit.value
            if code not in found and not (is_capital and sentence.tokens[hit.first].text.islower()):
                found[code] = (sentence, hit.first, hit.last)
    return found


@cache
def seats() -> frozenset[str]:
    """First words, folded, of the cities where international bodies and governments sit."""
    return frozenset(fold(name.split()[0]) for name in load_places().seats)
