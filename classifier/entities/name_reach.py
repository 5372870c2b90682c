"""How far a name reaches where its form alone does not tell: to an office's word, from its county.

In: tokens of a sentence and a run of them. Out: where the name ends, or yes or no. Pure.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from classifier.entities.name_words import load_name_words
from classifier.text.tokens import Token

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
