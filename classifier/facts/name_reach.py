"""How far a name reaches where its form alone does not tell: to an office's word, short of a receiver, from its county.

In: tokens of a sentence and a run of them. Out: where the name begins or ends, or yes or no. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from classifier.facts.name_words import APOSTROPHES, load_name_words
from classifier.facts.tokens import Token

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
