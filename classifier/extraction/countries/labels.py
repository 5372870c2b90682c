"""Fields that say where a project works: `Countries: Peru, Chile`, `Pays : Bénin`.

In: a list of mentions of countries. Out: whether such a field's label stands before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier.entities.country_mention import CountryMention
from classifier.languages import lexicons_for
from classifier.text.tokens import fold

_MOST_TOKENS = 60  # from the label to the last of a long list of countries


@cache
def _labels(lang: str) -> frozenset[str]:
    return frozenset(fold(word) for lexicon in lexicons_for(lang) for word in lexicon.country_labels)


def is_labelled(group: Sequence[CountryMention], lang: str) -> bool:
    """Whether the nearest colon before a list of countries follows a word for a country in the text's language."""
    tokens, first = group[0].sentence.tokens, group[0].first
    for at in range(first - 1, max(first - 1 - _MOST_TOKENS, 0), -1):
        if tokens[at].text == ":":
            label = tokens[at - 1]
            return label.folded in _labels(lang) and not label.text[0].islower()
        if tokens[at].text in (".", "?", "!"):
            return False
    return False
