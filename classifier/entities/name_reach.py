"""How far a name reaches where its form alone does not tell: to an office's word, short of a receiver, from its county.

In: tokens of a sentence and a run of them. Out: where the name begins or ends, or yes or no. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Protocol

from classifier.entities.name_words import APOSTROPHES, load_name_words
from classifier.text.phrase_matcher import Match
from classifier.text.tokens import Token


class HeadFinder(Protocol):
    """What finds the word for a body at a token, as `NameForm` does."""

    def head(self, tokens: Sequence[Token], at: int) -> Match[str] | None:
        """The word for a body at `at`, or None."""


_MOST_OFFICE_TOKENS = 5  # of an office after its owner; a hyphen is one


def end_of_office(tokens: Sequence[Token], first: int, joiners: Container[str]) -> int | None:
    """Where an office ends told in small words after its owner: `Washington's anti-trafficking office`."""
    words = load_name_words()
    for at in range(first, min(first + _MOST_OFFICE_TOKENS, len(tokens))):
        token = tokens[at]
        if not (token.text.islower() or token.text == "-") or token.folded in joiners:
            return None
        if token.folded in words.owned_offices:
            return None if at + 1 < len(tokens) and tokens[at + 1].folded in words.staff else at + 1
    return None


def before_receiver(tokens: Sequence[Token], first: int, last: int, ends: Container[int]) -> int:
    """Where a name ends before the country that what it gets is for: `the Warnath Group for Costa Rica`.

    `ends` are the places in the run where a country begins that ends it.
    """
    return next((at - 1 for at in range(first + 2, last) if tokens[at - 1].folded == "for" and at in ends), last)


def before_undertaking(tokens: Sequence[Token], first: int, last: int) -> int:
    """Where a name ends before what its owner does: `the Lantern's Safe Return Programme` is the Lantern's.

    A programme that people own (`Women's Project`) is a body's own name.
    """
    words = load_name_words()
    for at in range(first + 1, last - 2):
        if tokens[at].text in APOSTROPHES and tokens[at + 1].folded == "s":
            if tokens[at - 1].folded in words.people:
                return last
            end = next((step for step in range(at + 2, last) if tokens[step].folded in words.genitives), last)
            return at if tokens[end - 1].folded in words.undertakings else last
    return last


def before_other_body(tokens: Sequence[Token], first: int, last: int, is_body: Callable[[int, int], bool]) -> int:
    """Where a giver's name ends before the office it gives to: `the Hill Foundation for the Police Department`."""
    words = load_name_words()
    if tokens[last - 1].folded not in words.owned_offices:
        return last
    for at in range(first + 1, last - 3):
        if tokens[at].folded == "for" and tokens[at + 1].folded in words.articles and is_body(first, at):
            return at
    return last


def is_of_county(tokens: Sequence[Token], first: int, at: int) -> bool:
    """Whether what at `at` bears the name of a body of the whole state is one of a county, or of a state of the union.

    `Kent County Department of Justice`, `Washington State Department of Commerce`.
    """
    words = load_name_words()
    if tokens[at - 1].folded in words.counties and at - 1 > first:
        return True
    is_state = tokens[at].folded in words.counties and at + 2 < len(tokens)
    return is_state and tokens[at + 2].folded == "of" and tokens[at + 1].folded == "department"


def is_county(tokens: Sequence[Token], at: int) -> bool:
    """Whether a place at `at` is a county or a city by its second word: `Orange County`."""
    return (
        at + 1 < len(tokens)
        and tokens[at + 1].text[0].isupper()
        and tokens[at + 1].folded in load_name_words().counties
    )


def is_before_owner(form: HeadFinder, tokens: Sequence[Token], at: int) -> bool:
    """Whether a German noun that is no body stands before the genitive of one: `im Auftrag des Ministeriums`."""
    owner = at + 2
    return (
        owner < len(tokens)
        and tokens[at + 1].folded in _GERMAN_GENITIVES
        and tokens[owner].text[0].isupper()
        and form.head(tokens, at) is None
        and form.head(tokens, owner) is not None
    )


_GERMAN_GENITIVES = frozenset(["des", "der", "vom", "von"])


def behind_kind(tokens: Sequence[Token], first: int, last: int) -> int:
    """Where a name begins behind the word that only says what kind of body it is: `la cooperativa Borgo`.

    With a capital such a word belongs to the name (`Associazione Borgo`); in German it has one anyway.
    """
    words, after = load_name_words(), first + 1
    is_kind = tokens[first].text.islower() and tokens[first].folded in words.plain_kinds
    if not (is_kind or tokens[first].folded in words.german_kinds):
        return first
    return after if after < last and tokens[after].kind == "w" and tokens[after].text[0].isupper() else first


def with_adjective(tokens: Sequence[Token], first: int) -> int:
    """Where a German ministry's name begins: with the adjective of its land (`das bayerische Innenministerium`)."""
    before = tokens[first - 1] if first > 0 else None
    is_land = before is not None and before.text.islower() and before.folded.endswith(_LAND_ENDINGS)
    is_ministry = "ministerium" in tokens[first].folded or tokens[first].folded in _OFFICES_OF_LANDS
    return first - 1 if is_land and is_ministry else first


_LAND_ENDINGS = ("ische", "ischen", "isches", "ischer")
_OFFICES_OF_LANDS = frozenset(["landeskriminalamt", "staatsregierung", "landesregierung", "polizei"])
