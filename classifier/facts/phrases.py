"""A book of phrases found in tokens in one pass.

In: phrases with what they stand for, as an analyst writes them. Out: the longest phrase that begins at a token. A word
that ends in `*` stands for every word that begins so (`україн*`), which is how inflected languages are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from classifier.facts.tokens import Token, fold, tokenise

Value = TypeVar("Value")

_SHORTEST_STEM = 2  # characters before the star; shorter stems would match half a dictionary
_ARABIC_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف", "ك")
"""Conjunctions, prepositions and the article that Arabic writes in one word with what follows; longest first."""


class Found(NamedTuple, Generic[Value]):
    """A phrase in a run of tokens: `tokens[first:last]`."""

    first: int
    last: int
    value: Value


class PhraseBook(Generic[Value]):
    """Phrases by their first word. Later additions of the same phrase replace earlier ones."""

    def __init__(self, phrases: Iterable[tuple[str, Value]] = (), *, is_arabic: bool = False) -> None:
        self._exact: dict[str, dict[tuple[str, ...], Value]] = {}
        self._stems: dict[str, dict[tuple[str, ...], Value]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._shortest = 99
        self._longest = 0
        self._is_arabic = is_arabic
        for phrase, value in phrases:
            self.add(phrase, value)

    def add(self, phrase: str, value: Value) -> None:
        """Adds a phrase; one without any word is ignored."""
        words = split_phrase(phrase)
        if not words:
            return
        first = words[0]
        if first.endswith("*") and len(first) > _SHORTEST_STEM:
            self._stems.setdefault(first[:-1], {})[words] = value
            self._shortest = min(self._shortest, len(first) - 1)
            self._longest = max(self._longest, len(first) - 1)
        else:
            self._exact.setdefault(first, {})[words] = value

    def match(self, tokens: Sequence[Token], at: int) -> Found[Value] | None:
        """The longest phrase beginning at `tokens[at]`, or None."""
        word = tokens[at].folded
        best = self._best(self._exact.get(word), tokens, at)
        if best is None and self._is_arabic and len(word) > 3:
            for prefix in _ARABIC_PREFIXES:
                if word.startswith(prefix):
                    bare = word[len(prefix) :]
                    best = self._best(self._exact.get(bare) or self._exact.get("ال" + bare), tokens, at)
                    if best is not None:
                        break
        if self._longest and (best is None or best.last - best.first < 2):
            for length in range(min(self._longest, len(word)), self._shortest - 1, -1):
                stem = self._best(self._stems.get(word[:length]), tokens, at)
                if stem is not None:
                    return stem if best is None or stem.last > best.last else best
        return best

    def _best(
        self, entries: dict[tuple[str, ...], Value] | None, tokens: Sequence[Token], at: int
    ) -> Found[Value] | None:
        if entries is None:
            return None
        best: Found[Value] | None = None
        for words, value in entries.items():
            size = len(words)
            if (best is None or size > best.last - at) and (size == 1 or _agrees(words, tokens, at)):
                best = Found(at, at + size, value)
        return best

    def find_all(self, tokens: Sequence[Token]) -> list[Found[Value]]:
        """Every phrase in `tokens` from left to right, the longest first, none overlapping another."""
        found = []
        at = 0
        while at < len(tokens):
            hit = self.match(tokens, at)
            if hit is None:
                at += 1
            else:
                found.append(hit)
                at = hit.last
        return found


def split_phrase(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase as an analyst writes it; a star stays with its word."""
    words: list[str] = []
    for token in tokenise(phrase):
        if token.text == "*" and words and phrase[token.start - 1 : token.start] not in ("", " "):
            words[-1] += "*"
        else:
            words.append(token.folded if token.kind == "w" else fold(token.text))
    return tuple(words)


def _agrees(words: tuple[str, ...], tokens: Sequence[Token], at: int) -> bool:
    if at + len(words) > len(tokens):
        return False
    for offset in range(1, len(words)):
        word, seen = words[offset], tokens[at + offset].folded
        if word != seen and not (word.endswith("*") and seen.startswith(word[:-1])):
            return False
    return True
