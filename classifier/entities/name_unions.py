"""Unions of states named as a place or as where a law comes from, which is no act of theirs: `inside the EU`.

In: an agency found in the tokens of a sentence. Out: whether the text only tells by it where something is or holds:
`die EU-Richtlinie`, `la frontiera esterna dell'UE`, `les pays de l'Union européenne`, `AB ülkeleri`. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier.entities.name_words import APOSTROPHES, joiners_of
from classifier.languages import load_lexicon
from classifier.lexicon import Agency
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import Token, fold
from classifier.text.word_books import small_words

_UNIONS = frozenset(["EU", "AU", "COE", "ASEAN", "UN"])
"""Agencies that are also a part of the world or a source of law."""
_MOST_BETWEEN = 5  # tokens from the word before to the union: an adjective, a genitive, an article, an apostrophe


@cache
def _places(lang: str) -> PhraseMatcher[bool]:
    words = load_lexicon(lang).union_words or load_lexicon("en").union_words
    return PhraseMatcher(((word, True) for word in words), is_arabic=lang == "ar")


@cache
def _locatives(lang: str) -> frozenset[str]:
    own = load_lexicon(lang).prepositions.get("in", ())
    return frozenset(fold(word) for word in own if fold(word) not in _ALSO_WITH)


_ALSO_WITH = frozenset(["bei", "beim", "at", "on", "chez", "la", "a", "à", "di"])
"""Prepositions of place after which a body is somebody rather than somewhere."""


def is_told_as_place(agency: Agency, tokens: Sequence[Token], first: int, last: int, lang: str) -> bool:
    """Whether a union of states at `tokens[first:last]` is only where something is, or whose law or border it is."""
    if agency.id not in _UNIONS:
        return False
    places = _places(lang)
    after = last + 1 if last < len(tokens) and tokens[last].text in "-‑–" else last
    if after < len(tokens) and places.match(tokens, after) is not None:
        return True
    joiners, locatives = joiners_of(lang), _locatives(lang)
    is_beside, is_described = True, False
    for at in range(first - 1, max(-1, first - 1 - _MOST_BETWEEN), -1):
        word = tokens[at]
        if is_beside and word.folded in locatives:
            return True
        if places.match(tokens, at) is not None:
            return True
        is_beside = is_beside and (word.folded in small_words(lang) or word.text in APOSTROPHES)
        if not (word.folded in joiners or word.text in APOSTROPHES):
            if is_described or word.kind != "w" or not word.text.islower():
                return False
            is_described = True  # la frontière extérieure de l'UE
    return False
