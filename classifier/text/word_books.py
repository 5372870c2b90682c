"""Words of a language by what they are for, to be looked for in texts: nouns for bodies and projects, small words.

In: ISO 639-1 code. Out: `PhraseMatcher`s and sets of folded words, with those of English, which stand in texts of any
language; read once.
"""

from __future__ import annotations

from functools import cache

from classifier.languages import load_lexicon
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import fold

__all__ = ["ARTICLES", "head_book", "joining_words", "prepositions", "project_book", "small_words"]

_ARTICLES = (
    "the a an le la les l un une el los las una o os as um uma il lo gli i uno "
    "der die das den dem des ein eine einem einer het een de"
)
ARTICLES = frozenset(_ARTICLES.split())
"""Words skipped between a preposition and the name it governs."""


@cache
def prepositions(lang: str) -> dict[str, tuple[str, ...]]:
    """What the prepositions of a language mean (`by`, `from`, `to` …)."""
    table: dict[str, tuple[str, ...]] = {}
    for name, words in load_lexicon(lang).prepositions.items():
        for word in words:
            table[fold(word)] = (*table.get(fold(word), ()), name)
    return table


@cache
def small_words(lang: str) -> frozenset[str]:
    """Articles and prepositions of a language, folded."""
    return ARTICLES | prepositions(lang).keys()


@cache
def joining_words(lang: str) -> frozenset[str]:
    """Small words within names, and articles."""
    return frozenset(fold(word) for language in ("en", lang) for word in load_lexicon(language).joiners) | ARTICLES


@cache
def head_book(lang: str) -> PhraseMatcher[str]:
    """The words an organisation's name begins or ends with, by the kind of body they name."""
    book: PhraseMatcher[str] = PhraseMatcher(is_arabic=lang == "ar")
    for language in dict.fromkeys(("en", lang)):
        for kind, words in load_lexicon(language).organisations.items():
            for word in words:
                book.add(word, kind)
    return book


@cache
def project_book(lang: str) -> PhraseMatcher[bool]:
    """Nouns for a project."""
    words = [word for language in dict.fromkeys(("en", lang)) for word in load_lexicon(language).projects]
    return PhraseMatcher(((word, True) for word in words), is_arabic=lang == "ar")
