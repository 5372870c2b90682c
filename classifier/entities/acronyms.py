"""Whether an acronym in brackets is made of the words before it, and which of them belong to its name.

In: tokens of a sentence and a run of them. Out: yes or no, or where the name begins. Pure.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from classifier.entities.capitals import is_capital
from classifier.text.tokens import Token


def is_spelt_by_acronym(tokens: Sequence[Token], first: int, after: int, end: int) -> bool:
    """Whether an acronym in brackets after a name is made of the beginnings of its words on both sides of `and`.

    The words are `tokens[first:end]`, those behind the `and` begin at `after`: `Centro de Capacitación y Servicio para
    la Mujer (Cecasem)`. An acronym that spells only the words on one side names that body.
    """
    if end + 2 >= len(tokens) or tokens[end].text != "(" or tokens[end + 2].text != ")":
        return False
    acronym = tokens[end + 1].folded
    before = [token.folded for token in tokens[first:after] if is_capital(token)]
    behind = [token.folded for token in tokens[after:end] if token.kind == "w"]
    if len(acronym) < _SHORTEST_SPELT or not before or acronym[0] != before[0][0]:
        return False
    return (
        _is_made_of((*before, *behind), acronym)
        and not _is_made_of(before, acronym)
        and not _is_made_of(behind, acronym)
    )


def _is_made_of(words: Sequence[str], acronym: str) -> bool:
    """Whether beginnings of some of the words, in their order, make an acronym."""
    reached = {0}  # how many letters of it the words so far may have made
    for word in words:
        reached |= {
            done + size for done in reached for size in range(1, len(word) + 1) if acronym.startswith(word[:size], done)
        }
    return len(acronym) in reached


_SHORTEST_SPELT = 2  # letters


def first_spelt(tokens: Sequence[Token], first: int, last: int, wanted: str, joiners: Container[str]) -> int:
    """Where a name begins whose capitals spell the acronym after it: `Safe Homes and Roads Fund (SHRF)`.

    `first` where none of the words before it do.
    """
    spelt = {wanted, wanted[:-1]} if len(wanted) >= _LEAST_CLIPPED else {wanted}
    letters = "".join(token.folded[0] for token in tokens[first:last] if is_capital(token))
    at = first - 1
    while at >= 0 and first - at < _LONGEST_SPELT and letters not in spelt:
        if not any(one.endswith(letters) for one in spelt):
            break
        if is_capital(tokens[at]):
            letters = tokens[at].folded[0] + letters
            if letters in spelt:
                return at
        elif tokens[at].folded not in joiners and tokens[at].text != ",":
            break
        at -= 1
    return first


_LONGEST_SPELT = 10  # tokens before what of a name was found first
_LEAST_CLIPPED = 4
"""Letters of an acronym whose last may be a further letter of its last word: `Focus on Labour Exploitation (FLEX)`."""
