"""Whether two names mean one organisation or one project: used to learn from labels and to drop doubles.

In: two names. Out: yes or no. Pure.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rapidfuzz import fuzz

from classifier.entities.name_words import joiners_of
from classifier.languages import LANGUAGES
from classifier.text.tokens import fold

ORGANISATION_ALIKE = 88  # of 100: spelling variants (Labour, Labor) pass, sister agencies of a country do not
NAME_ALIKE = 85

_SMALL = frozenset(
    [
        "the",
        "of",
        "and",
        "for",
        "la",
        "le",
        "el",
        "de",
        "des",
        "du",
        "a",
        "l",
        "d",
        "y",
        "et",
        "e",
        "les",
        "los",
        "las",
        "da",
        "do",
    ]
)
_BRACKETS = re.compile(r"\([^)]*\)")
_ACRONYM = re.compile(r"[^\W\d_]{2,8}")


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name in folded words without small ones."""
    return " ".join(word for word in re.findall(r"\w+", fold(name)) if word not in _SMALL)


@lru_cache(maxsize=4096)
def initials(name: str) -> frozenset[str]:
    """The first letters of a name's words: of all, and of those that are no small words in any language."""
    words = re.findall(r"\w+", fold(name))
    large = [word for word in words if word not in _joiners()]
    return frozenset("".join(word[0] for word in some) for some in (words, large))


@cache
def _joiners() -> frozenset[str]:
    return _SMALL.union(*map(joiners_of, LANGUAGES))


def is_same_organisation(one: str, other: str) -> bool:
    """Alike in words, one inside the other, or one the other's acronym."""
    first, second = plain(one), plain(other)
    if not first or not second:
        return False
    if first == second or fuzz.token_sort_ratio(first, second) >= ORGANISATION_ALIKE:
        return True
    short, long = sorted((one, other), key=len)
    bare = plain(_BRACKETS.sub(" ", long))
    short_plain = plain(short)
    if _ACRONYM.fullmatch(short.strip()) and (
        short_plain.replace(" ", "") in initials(_BRACKETS.sub(" ", long)) or f" {short_plain} " in f" {plain(long)} "
    ):
        return True
    return len(short_plain.split()) >= 2 and (
        f" {short_plain} " in f" {bare} " or fuzz.token_sort_ratio(short_plain, bare) >= ORGANISATION_ALIKE
    )


def is_whole_name(one: str, other: str) -> bool:
    """Alike in all their words, or one the other's acronym: stricter than `is_same_organisation`."""
    first, second = plain(_BRACKETS.sub(" ", one)), plain(_BRACKETS.sub(" ", other))
    if not first or not second:
        return False
    if fuzz.token_sort_ratio(first, second) >= ORGANISATION_ALIKE:
        return True
    short, long = sorted((one, other), key=len)
    inside = {plain(part) for part in re.findall(r"\(([^)]*)\)", long)}
    return short.strip().isupper() and plain(short).replace(" ", "") in initials(_BRACKETS.sub(" ", long)) | inside


def is_same_name(one: str, other: str) -> bool:
    """Alike in words, or one (of two words or more) inside the other."""
    first, second = plain(one), plain(other)
    if fuzz.token_sort_ratio(first, second) >= NAME_ALIKE:
        return True
    if min(len(first.split()), len(second.split())) < 2:
        return False
    return f" {first} " in f" {second} " or f" {second} " in f" {first} "
