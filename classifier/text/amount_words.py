"""The words that stand beside sums, by what they say of them.

In: sections of `lexicon/sums.yaml`. Out: their words, folded, read once.
"""

from __future__ import annotations

from functools import cache

from classifier.lexicon import read_yaml
from classifier.text.tokens import fold

__all__ = ["sum_words"]


@cache
def sum_words(*sections: str) -> frozenset[str]:
    """The words of all these sections together."""
    lists = read_yaml("sums.yaml")
    return frozenset(fold(word) for section in sections for word in lists[section])
