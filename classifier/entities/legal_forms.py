"""Legal forms, which tell a body whatever its name is: `Neuland e.V.`, `Alba Onlus`, `Oever vzw`.

In: tokens of a sentence. Out: where the name ends that a form closes. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier.entities.capitals import is_capital
from classifier.entities.name_words import joiners_of, load_name_words
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import Token

__all__ = ["end_of_form", "end_with_form"]

_LONGEST_FORM = 4  # tokens: `e . V .`
_LONGEST_NAME = 8  # tokens before its form
_MOST_SMALL = 2  # words without a capital between two that have one: `Hilfe für die Frauen e.V.`


@cache
def _forms() -> PhraseMatcher[bool]:
    words = load_name_words()
    return PhraseMatcher(
        (form, is_charity)
        for forms, is_charity in ((words.german_company_forms, False), (words.charity_forms, True))
        for form in forms
    )


def end_of_form(tokens: Sequence[Token], first: int, last: int) -> int | None:
    """Where a charity's legal form ends that stands behind `tokens[first:last]` or closes it; None without one."""
    for at in range(max(first + 1, last - _LONGEST_FORM), min(last + 1, len(tokens))):
        form = _forms().match(tokens, at)
        if form is not None and form.value and form.last >= last:
            return form.last
    return None


def end_with_form(tokens: Sequence[Token], first: int) -> int | None:
    """Where a German name ends that begins at `first` and whose legal form tells that it is one; None without one.

    All German nouns have capitals, so that their runs tell nothing: `STOPP dem Raubbau gGmbH`.
    """
    at, small = first, 0
    while at < len(tokens) and at - first <= _LONGEST_NAME:
        form = _forms().match(tokens, at) if at > first else None
        if form is not None:
            return form.last
        token = tokens[at]
        if token.kind != "w" or (token.folded == "und" and not is_capital(tokens[min(at + 1, len(tokens) - 1)])):
            return None  # die Stadt und der Neuland e.V.
        small = 0 if is_capital(token) else small + 1
        if small > _MOST_SMALL or (small and token.folded not in joiners_of("de") and token.folded != "ist"):
            return None
        at += 1
    return None
