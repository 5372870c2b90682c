"""Words, folded, that several decisions of the register go by, in the languages tipwatch reads (`words.yaml`)."""

from __future__ import annotations

import unicodedata
from typing import Any

from classifier.lexicon import read_yaml

# One form for each Arabic letter that is written in several, and no stretching.
ARABIC_FORMS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ـ": None})
ARABIC_ARTICLE = "ال"


def drop_article(word: str) -> str:
    """An Arabic word without its article; any other as it is."""
    return word[len(ARABIC_ARTICLE) :] if len(word) > 4 and word.startswith(ARABIC_ARTICLE) else word


def word_set(text: str) -> frozenset[str]:
    """The words of a text, once each, in every form in which folding may leave them (`й` as `и`, `ة` as `ه`)."""
    words = set(text.split())
    if not text.isascii():
        bare = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
        folded = "".join(bare).translate(ARABIC_FORMS).split()
        words.update(folded, map(drop_article, folded))
    return frozenset(words)


_LISTS: dict[str, Any] = read_yaml("words.yaml", __package__)
SMALL_WORDS = word_set(_LISTS["small"])
COMMON_WORDS = word_set(_LISTS["common"])
ORDINALS: dict[str, int] = {word: number for number, text in _LISTS["ordinals"].items() for word in word_set(text)}
COMMON_ACRONYMS = word_set(_LISTS["common_acronyms"])
EVERYWHERE = word_set(_LISTS["everywhere"])
FREQUENT_MARKS = word_set(_LISTS["frequent_marks"])
ANOTHER = word_set(_LISTS["another"])

# Organisations that run or pay for hundreds of projects: sharing one says less than sharing a local charity.
FREQUENT_ORGANISATIONS = word_set(
    """
    @IOM @UNODC @ILO @UNICEF @EU @COE @gov:US @STATE @JTIP @USAID @DOJ @gov:GB @UKHO @gov:CA @gov:AU @UN
    @USDOL @OVC @DFID @FCDO @OSCE @UNWOMEN @UNHCR @UNDP @SAVE @WORLDVISION
    """
)
# Countries so often in this news that sharing one says little.
FREQUENT_COUNTRIES = frozenset({"US", "GB", "CA", "AU", "IN", "NG", "PH"})
# A programme in so many countries is a large one: its list is a mark of its own, and each country has news of its own.
MANY_COUNTRIES = 4
