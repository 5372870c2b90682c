"""Offices of an agency, which are that agency: `le bureau régional de l'OIM`, `Delegația Comisiei Europene`.

In: tokens of a sentence and the gazetteer of agencies. Out: the agency whose office begins at a token, and where its
name ends. Pure. English tells most by an owner (`USAID's Mission`), which `organisations` reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier.entities.name_words import load_name_words
from classifier.lexicon import Agency, read_yaml
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.tokens import Token

_MOST_BETWEEN = 4
"""Tokens between the word for an office and its agency: an adjective, a genitive, an article and an apostrophe."""
_OFFICE_LAST = frozenset(["tr"])
"""Languages in which the word for an office stands behind its agency: `IOM Türkiye Misyonu`."""


@cache
def branch_book(lang: str) -> PhraseMatcher[bool]:
    """Words for an office of a body."""
    words = read_yaml("names.yaml")["branches"]
    return PhraseMatcher(((word, True) for word in words), is_arabic=lang == "ar")


def find_branch(agencies: PhraseMatcher[Agency], tokens: Sequence[Token], at: int, lang: str) -> Match[Agency] | None:
    """The agency of which the office that begins at `at` is one."""
    if lang == "en" or branch_book(lang).match(tokens, at) is None:
        return None
    words = load_name_words()
    is_owned = False
    for step in range(at + 1, min(at + 2 + _MOST_BETWEEN, len(tokens))):
        token = tokens[step]
        hit = agencies.match(tokens, step)
        is_marked = is_owned or step == at + 1 or lang in _WITHOUT_GENITIVES
        if hit is not None and is_marked and not token.text.islower():
            return Match(at, hit.last, hit.value)
        if token.folded in words.genitives or token.folded in words.branch_genitives:
            is_owned = True
        elif not (token.text in "'’" or (token.kind == "w" and token.text.islower())) or token.folded in _enders():
            return None
    return None


_WITHOUT_GENITIVES = frozenset(["ar", "id", "ro", "ru", "uk", "pl"])
"""Languages in which an adjective alone may stand between an office and its agency: `региональное бюро МОМ`."""


def _enders() -> frozenset[str]:
    words = load_name_words()
    return words.conjunctions | words.locatives


def behind_branch(tokens: Sequence[Token], at: int, lang: str) -> int:
    """Where to read on behind an agency whose office in a country follows its acronym in brackets; else `at`."""
    if lang not in _OFFICE_LAST:
        return at
    for step in range(at, min(at + 1 + _MOST_BETWEEN, len(tokens))):
        if tokens[step].kind != "w" or not tokens[step].text[0].isupper():
            return at
        if branch_book(lang).match(tokens, step) is not None:
            return step + 1
    return at
