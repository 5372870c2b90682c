"""How words are written: with a capital, in a script that has none, as the code of a money, as in headlines.

In: tokens. Out: yes or no. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.entities.name_words import currency_words
from classifier.text.tokens import Token


def is_capital(token: Token) -> bool:
    """Whether a token is a word with a capital first letter, or with one behind a small letter (`eLiberare`)."""
    text = token.text
    return token.kind == "w" and (text[0].isupper() or (len(text) >= _SHORTEST_HUMP and text[1].isupper()))


_SHORTEST_HUMP = 4  # letters of a word with its capital inside; shorter ones are units and powers (`kWh`)


def is_caseless(token: Token) -> bool:
    """Whether a token is of a script without capitals."""
    first = token.text[0]
    return first.upper() == first.lower()


def is_money_code(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word belongs to a sum after it: `US $2 million`, `EUR 1.5 million`."""
    if at + 1 >= len(tokens) or not tokens[at].text.isupper() or len(tokens[at].text) > 3:
        return False
    after = tokens[at + 1]
    return after.text in "$€£" or (after.kind == "n" and tokens[at].folded in currency_words())


def is_title_case(tokens: Sequence[Token]) -> bool:
    """Whether a headline writes its words with capitals, which then tell nothing."""
    words = [token for token in tokens if token.kind == "w" and len(token.text) > 3]
    return len(words) >= 4 and sum(is_capital(token) for token in words) >= 0.75 * len(words)
