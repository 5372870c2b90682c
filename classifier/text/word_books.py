"""Words of a language by what they are for, to be looked for in texts: nouns for bodies and projects, small words.

In: ISO 639-1 code. Out: `PhraseMatcher`s and sets of folded words, with those of English, which stand in texts of any
language; read once.
"""

from __future__ import annotations

from functools import cache

from classifier.languages import lexicons_for, load_lexicon
from classifier.lexicon import read_yaml
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import fold

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
    return frozenset(fold(word) for one in lexicons_for(lang) for word in one.joiners) | ARTICLES


@cache
def head_book(lang: str) -> PhraseMatcher[str]:
    """The words an organisation's name begins or ends with, by the kind of body they name."""
    book: PhraseMatcher[str] = PhraseMatcher(is_arabic=lang == "ar")
    for lexicon in lexicons_for(lang):
        for kind, words in lexicon.organisations.items():
            for word in words:
                book.add(word, kind)
    return book


@cache
def project_book(lang: str) -> PhraseMatcher[bool]:
    """Nouns for a project."""
    words = [word for lexicon in lexicons_for(lang) for word in lexicon.projects]
    return PhraseMatcher(((word, True) for word in words), is_arabic=lang == "ar")


@cache
def sum_words(*sections: str) -> frozenset[str]:
    """The words of sections of `lexicon/sums.yaml`, folded: what stands beside sums, by what it says of them."""
    lists = read_yaml("sums.yaml")
    return frozenset(fold(word) for section in sections for word in lists[section])
