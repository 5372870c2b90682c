"""How many countries a text says a project works in: `in four countries`, `both countries`.

In: a `ParsedText` and lists of countries. Out: a feature of each country, for whether its list is as long as counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from classifier.languages import lexicons_for, load_lexicon
from classifier.lexicon import load_places
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.tokens import fold

_MAX_BETWEEN = 3  # tokens between a number and the noun: `six countries`, `six West African coastal countries`
_MOST = 30  # countries of one project; more are those of a treaty or of a whole continent
_LEAST = 2


@cache
def _nouns(lang: str) -> frozenset[str]:
    return frozenset(fold(word) for lexicon in lexicons_for(lang) for word in lexicon.country_nouns)


@cache
def _numbers(lang: str) -> dict[str, int]:
    known = {fold(word): int(number) for word, number in load_lexicon(lang).numbers.items() if number == int(number)}
    return {**known, **{fold(word): _LEAST for word in load_places().pairs}}


def counts_of(reading: ParsedText) -> frozenset[int]:
    """The numbers of countries that a text counts."""
    nouns, numbers = _nouns(reading.lang), _numbers(reading.lang)
    found = set()
    for sentence in reading.sentences:
        for at, token in enumerate(sentence.tokens):
            if token.folded in nouns:
                number = _number_before(sentence, at, numbers)
                if _LEAST <= number <= _MOST:
                    found.add(number)
    return frozenset(found)


def _number_before(sentence: Sentence, at: int, numbers: dict[str, int]) -> int:
    """The number that counts the noun at token `at`, or 0; 2 where the noun itself is a dual."""
    tokens = sentence.tokens
    for step in range(at, max(at - _MAX_BETWEEN - 2, -1), -1):
        token = tokens[step]
        if token.kind == "n":
            return int(token.text) if token.text.isdecimal() else 0
        if token.folded in numbers:
            return numbers[token.folded]
        if token.kind == "s" and token.text != "-":
            return 0
    return 0


def count_features(counts: frozenset[int], lists: Iterable[frozenset[str]], codes: Iterable[str]) -> dict[str, str]:
    """For each code, where countries are counted: whether it stands in a list as long as that, others do, or none."""
    if not counts:
        return {}
    counted = [one for one in lists if len(one) in counts]
    members = frozenset(code for one in counted for code in one)
    if not members:
        return dict.fromkeys(codes, "counted:none")
    size = "pair" if max(len(one) for one in counted) == _LEAST else "list"
    return {code: f"counted:{'me' if code in members else 'others'}&{size}" for code in codes}
