"""Languages that are called like the people of a country: `in French, German and Russian`, `parler roumain`.

In: the mentions of countries of one sentence, in order. Out: the same mentions without those that name a language.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier.entities.country_lists import lists_of
from classifier.entities.country_mention import CountryMention
from classifier.languages import load_lexicon
from classifier.text.parsed_text import Sentence
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import fold

_NEAR = 1  # signs between a word for a language and its name: `the languages: French`

_SMALL = frozenset(["fr", "es", "pt", "it", "ro", "ru", "uk", "pl"])
"""Languages that write the names of languages without a capital."""


@cache
def _words(lang: str) -> dict[str, list[str]]:
    """What tells a language from a people, by kind; English words stand in any text."""
    read = [load_lexicon(one).language_words for one in dict.fromkeys(("en", lang))]
    return {kind: [word for words in read for word in words.get(kind, ())] for kind in read[0]}


@cache
def _ors(lang: str) -> frozenset[str]:
    return frozenset(map(fold, _words(lang)["or"]))


@cache
def _cues(lang: str) -> tuple[PhraseMatcher[bool], frozenset[str], frozenset[str]]:
    """Words for a language (true) or for speaking it; prepositions before it; what may follow it, as no noun does."""
    words = _words(lang)
    book: PhraseMatcher[bool] = PhraseMatcher(is_arabic=lang == "ar")
    for name in ("speak", "words"):
        for phrase in words[name]:
            book.add(phrase, name == "words")
    return book, frozenset(map(fold, words["before"])), frozenset(map(fold, words["after"]))


def without_languages(mentions: Sequence[CountryMention], lang: str) -> list[CountryMention]:
    """The mentions of one sentence that name no language."""
    kept: list[CountryMention] = []
    end, ors = -1, _ors(lang)  # `end` is that of the last language
    for group in lists_of(mentions, lang):
        before = group[0].first - 1
        is_next = group[0].kind == "adjective" and before == end and group[0].sentence.tokens[before].folded in ors
        if group[0].kind != "place" and (is_next or _names_languages(group, lang)):
            end = group[-1].last
        else:
            kept += group
    return kept


def _names_languages(group: Sequence[CountryMention], lang: str) -> bool:
    """Whether a list of adjectives is one of languages: a word for a language stands at it, or it stands alone behind
    a preposition, with no noun."""
    sentence, first, last = group[0].sentence, group[0].first, group[-1].last
    book, before, after = _cues(lang)
    is_adjective = group[0].kind == "adjective"
    if lang in _SMALL and sentence.tokens[first].text[0].isupper():
        return False  # `Saúde em Português` is a body
    if _has_word(sentence, first, last, book, is_adjective):
        return True
    tokens = sentence.tokens
    if not is_adjective or first == 0 or tokens[first - 1].folded not in before:
        return False
    return last == len(tokens) or tokens[last].kind != "w" or tokens[last].folded in after


def _has_word(sentence: Sentence, first: int, last: int, book: PhraseMatcher[bool], is_adjective: bool) -> bool:
    """Whether a word for a language stands at a list: before it, or, where it is one of adjectives, behind it too."""
    tokens = sentence.tokens
    for at in range(max(first - 1 - _NEAR, 0), first):
        found = book.match(tokens, at)
        if found is not None and found.last <= first:
            return found.last == first or (is_adjective and tokens[found.last].kind == "s")
    behind = last + 1 if last < len(tokens) and tokens[last].text == "-" else last
    found = book.match(tokens, behind) if is_adjective and behind < len(tokens) else None
    return found is not None and found.value
