"""A book of phrases found in tokens in one pass.

In: phrases with what they stand for, as an analyst writes them. Out: the longest phrase that begins at a token. A word
that ends in `*` stands for every word that begins so (`україн*`), which is how inflected languages are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sys import intern
from typing import Generic, NamedTuple, TypeVar

from classifier.facts.tokens import Token, fold, tokenise
from classifier.remembered import Remembered

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


Entries = list[tuple[tuple[str, ...], Value]]
"""Phrases that share their first word, with what they stand for, the longest first."""


class PhraseBook(Generic[Value]):
    """Phrases by their first word. Later additions of the same phrase replace earlier ones."""

    def __init__(self, phrases: Iterable[tuple[str, Value]] = (), *, is_arabic: bool = False) -> None:
        self._exact: dict[str, Entries[Value]] = {}
        self._stems: dict[str, Entries[Value]] = {}
        self._stems_of: dict[str, tuple[Entries[Value], ...]] = {}
        self._beginning = Remembered(self._may_begin, _MAX_REMEMBERED)
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
        self._beginning.clear()
        if first.endswith("*") and len(first) > _SHORTEST_STEM:
            _insert(self._stems.setdefault(first[:-1], []), words, value)
            self._shortest = min(self._shortest, len(first) - 1)
            self._longest = max(self._longest, len(first) - 1)
        else:
            _insert(self._exact.setdefault(first, []), words, value)

    def match(self, tokens: Sequence[Token], at: int) -> Found[Value] | None:
        """The longest phrase beginning at `tokens[at]`, or None."""
        word = tokens[at].folded
        if not self._beginning[word]:
            return None
        entries = self._exact.get(word)
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

    def _stem_entries(self, word: str) -> tuple[Entries[Value], ...]:
        """The phrases whose first word is a stem of `word`, the longest stem first."""
        found = self._stems_of.get(word)
        if found is None:
            lengths = range(min(self._longest, len(word)), self._shortest - 1, -1)
            found = tuple(entries for size in lengths if (entries := self._stems.get(word[:size])) is not None)
            if len(self._stems_of) < _MAX_REMEMBERED:
                self._stems_of[word] = found
        return found

    def _best(self, entries: Entries[Value], tokens: Sequence[Token], at: int) -> Found[Value] | None:
        """The first of the entries that stands at `at`; they are in order of length, so it is the longest."""
        left = len(tokens) - at
        following = tokens[at + 1].folded if left > 1 else ""
        for words, value in entries:
            size = len(words)
            if size == 1:
                return Found(at, at + 1, value)
            second = words[1]
            if second != following and second[-1] != "*":
                continue
            if size <= left and _agrees(words, tokens, at):
                return Found(at, at + size, value)
        return None

    def may_begin(self, word: str) -> bool:
        """Whether a phrase may begin with a folded word; cheap, and never a wrong "no"."""
        return self._beginning[word]

    def _may_begin(self, word: str) -> bool:
        return word in self._exact or self._is_arabic or bool(self._longest and self._stem_entries(word))

    def begins_with(self, word: str) -> bool:
        """Whether a phrase's first word is this folded word, as written, without any prefix or stem."""
        return word in self._exact

    def find_all(self, tokens: Sequence[Token]) -> list[Found[Value]]:
        """Every phrase in `tokens` from left to right, the longest first, none overlapping another."""
        found = []
        beginning = self._beginning
        end = 0
        for at, token in enumerate(tokens):
            if at < end or not beginning[token.folded]:
                continue
            hit = self.match(tokens, at)
            if hit is not None:
                found.append(hit)
                end = hit.last
        return found


def _insert(entries: Entries[Value], words: tuple[str, ...], value: Value) -> None:
    """Puts a phrase in its place by length; one already there gets the new value."""
    for at, (known, _) in enumerate(entries):
        if known == words:
            entries[at] = (words, value)
            return
        if len(known) < len(words):
            entries.insert(at, (words, value))
            return
    entries.append((words, value))


def split_phrase(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase as an analyst writes it; a star stays with its word."""
    words: list[str] = []
    for token in tokenise(phrase):
        if token.text == "*" and words and phrase[token.start - 1 : token.start] not in ("", " "):
            words[-1] += "*"
        else:
            words.append(token.folded if token.kind == "w" else fold(token.text))
    return tuple(map(intern, words))  # the books of all lexicons share most of their words


def _agrees(words: tuple[str, ...], tokens: Sequence[Token], at: int) -> bool:
    for word in words[1:]:
        at += 1
        seen = tokens[at].folded
        if word != seen and not (word[-1] == "*" and seen.startswith(word[:-1])):
            return False
    return True
