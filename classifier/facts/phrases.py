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
_MAX_REMEMBERED = 20_000  # words whose stems are kept: the words of some hundred articles
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
        self._stems_of: dict[str, tuple[dict[tuple[str, ...], Value], ...]] = {}
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
        self._stems_of.clear()
        if first.endswith("*") and len(first) > _SHORTEST_STEM:
            self._stems.setdefault(first[:-1], {})[words] = value
            self._shortest = min(self._shortest, len(first) - 1)
            self._longest = max(self._longest, len(first) - 1)
        else:
            self._exact.setdefault(first, {})[words] = value

    def match(self, tokens: Sequence[Token], at: int) -> Found[Value] | None:
        """The longest phrase beginning at `tokens[at]`, or None."""
        word = tokens[at].folded
        entries = self._exact.get(word)
        if entries is None and not self._longest and not self._is_arabic:
            return None
        best = None if entries is None else self._best(entries, tokens, at)
        if best is None and self._is_arabic and len(word) > 3:
            best = self._behind_prefix(word, tokens, at)
        if self._longest and (best is None or best.last - best.first < 2):
            for stem_entries in self._stem_entries(word):
                stem = self._best(stem_entries, tokens, at)
                if stem is not None:
                    return stem if best is None or stem.last > best.last else best
        return best

    def _behind_prefix(self, word: str, tokens: Sequence[Token], at: int) -> Found[Value] | None:
        """A phrase whose first word Arabic writes together with a conjunction, preposition or article."""
        for prefix in _ARABIC_PREFIXES:
            if word.startswith(prefix):
                bare = word[len(prefix) :]
                entries = self._exact.get(bare) or self._exact.get("ال" + bare)
                best = None if entries is None else self._best(entries, tokens, at)
                if best is not None:
                    return best
        return None

    def _stem_entries(self, word: str) -> tuple[dict[tuple[str, ...], Value], ...]:
        """The phrases whose first word is a stem of `word`, the longest stem first."""
        found = self._stems_of.get(word)
        if found is None:
            lengths = range(min(self._longest, len(word)), self._shortest - 1, -1)
            found = tuple(entries for size in lengths if (entries := self._stems.get(word[:size])) is not None)
            if len(self._stems_of) < _MAX_REMEMBERED:
                self._stems_of[word] = found
        return found

    def _best(self, entries: dict[tuple[str, ...], Value], tokens: Sequence[Token], at: int) -> Found[Value] | None:
        best: Found[Value] | None = None
        for words, value in entries.items():
            size = len(words)
            if (best is None or size > best.last - at) and (size == 1 or _agrees(words, tokens, at)):
                best = Found(at, at + size, value)
        return best

    def may_begin(self, word: str) -> bool:
        """Whether a phrase may begin with a folded word; cheap, and never a wrong "no"."""
        return word in self._exact or self._is_arabic or bool(self._longest and self._stem_entries(word))

    def find_all(self, tokens: Sequence[Token]) -> list[Found[Value]]:
        """Every phrase in `tokens` from left to right, the longest first, none overlapping another."""
        found = []
        exact, is_plain = self._exact, not self._longest and not self._is_arabic
        end = 0
        for at, token in enumerate(tokens):
            if at < end or (is_plain and token.folded not in exact):
                continue
            hit = self.match(tokens, at)
            if hit is not None:
                found.append(hit)
                end = hit.last
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
