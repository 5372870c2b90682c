"""A book of phrases found in tokens in one pass.

In: phrases with what they stand for, as an analyst writes them. Out: the longest phrase that begins at a token. A word
that ends in `*` stands for every word that begins so (`україн*`), which is how inflected languages are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from sys import intern
from typing import Generic, NamedTuple, TypeVar

from classifier.facts.tokens import Token, fold, tokenise
from classifier.remembered import Remembered

Value = TypeVar("Value")

_SHORTEST_STEM = 2  # characters before the star; shorter stems would match half a dictionary
_MAX_REMEMBERED = 20_000  # words whose stems are kept: the words of some hundred articles
_SHORTEST_PREFIXED = 3  # letters: a shorter word is no other word behind a prefix
_ARABIC_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف", "ك")
"""Conjunctions, prepositions and the article that Arabic writes in one word with what follows; longest first."""


class Found(NamedTuple, Generic[Value]):
    """A phrase in a run of tokens: `tokens[first:last]`."""

    first: int
    last: int
    value: Value


_Entry = tuple[int, int, tuple[str, ...], Value]
"""A phrase of two words or more: its length, negative so that the longest comes first, when it was added, its words and
what it stands for."""


class _Entries(Generic[Value]):
    """Phrases that share their first word, with what they stand for; looked up by their second word."""

    __slots__ = ("_by_second", "_number", "_single", "_starred")

    def __init__(self) -> None:
        self._single: tuple[Value] | None = None
        self._by_second: dict[str, list[_Entry[Value]]] = {}
        self._starred: list[_Entry[Value]] = []  # whose second word is a stem
        self._number = 0

    def add(self, words: tuple[str, ...], value: Value) -> None:
        """Adds a phrase; one already there gets the new value."""
        if len(words) == 1:
            self._single = (value,)
            return
        second = words[1]
        entries = self._starred if second[-1] == "*" else self._by_second.setdefault(second, [])
        place = len(entries)
        for at, (size, number, known, _) in enumerate(entries):
            if known == words:
                entries[at] = (size, number, words, value)
                return
            if -size < len(words):
                place = at
                break
        entries.insert(place, (-len(words), self._number, words, value))
        self._number += 1

    def longest(self, tokens: Sequence[Token], at: int) -> Found[Value] | None:
        """The longest of the phrases that stands at `at`; of two as long the one added first."""
        best: _Entry[Value] | None = None
        left = len(tokens) - at
        if left > 1:
            for entry in self._by_second.get(tokens[at + 1].folded, ()):
                if -entry[0] <= left and _agrees(entry[2], tokens, at):
                    best = entry
                    break
            for entry in self._starred:
                if best is not None and best[:2] < entry[:2]:
                    break
                if -entry[0] <= left and _agrees(entry[2], tokens, at):
                    best = entry
                    break
        if best is not None:
            return Found(at, at - best[0], best[3])
        return None if self._single is None else Found(at, at + 1, self._single[0])


class _Start(NamedTuple, Generic[Value]):
    """The phrases that may begin with a word: as written, behind what Arabic writes before it, and by its stem."""

    exact: _Entries[Value] | None
    behind: tuple[_Entries[Value], ...]
    stems: tuple[_Entries[Value], ...]


class PhraseBook(Generic[Value]):
    """Phrases by their first word. Later additions of the same phrase replace earlier ones."""

    def __init__(self, phrases: Iterable[tuple[str, Value]] = (), *, is_arabic: bool = False) -> None:
        self._exact: dict[str, _Entries[Value]] = {}
        self._stems: dict[str, _Entries[Value]] = {}
        self._starts = Remembered(self._start, _MAX_REMEMBERED)
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
        self._starts.clear()
        if first.endswith("*") and len(first) > _SHORTEST_STEM:
            self._stems.setdefault(first[:-1], _Entries()).add(words, value)
            self._shortest = min(self._shortest, len(first) - 1)
            self._longest = max(self._longest, len(first) - 1)
        else:
            self._exact.setdefault(first, _Entries()).add(words, value)

    def match(self, tokens: Sequence[Token], at: int) -> Found[Value] | None:
        """The longest phrase beginning at `tokens[at]`, or None."""
        start = self._starts[tokens[at].folded]
        if start is None:
            return None
        exact, behind, stems = start
        best = None if exact is None else exact.longest(tokens, at)
        if best is None:
            for entries in behind:
                best = entries.longest(tokens, at)
                if best is not None:
                    break
        if stems and (best is None or best.last - best.first < 2):
            for entries in stems:
                stem = entries.longest(tokens, at)
                if stem is not None:
                    return stem if best is None or stem.last > best.last else best
        return best

    def _start(self, word: str) -> _Start[Value] | None:
        """The phrases that may begin with a folded word; None where there are none. The longest stem comes first."""
        exact = self._exact.get(word)
        lengths = range(min(self._longest, len(word)), self._shortest - 1, -1)
        stems = tuple(entries for size in lengths if (entries := self._stems.get(word[:size])) is not None)
        behind = tuple(self._behind_prefixes(word)) if self._is_arabic and len(word) > _SHORTEST_PREFIXED else ()
        return _Start(exact, behind, stems) if exact is not None or behind or stems else None

    def _behind_prefixes(self, word: str) -> Iterator[_Entries[Value]]:
        """The phrases whose first word Arabic writes together with a conjunction, preposition or article."""
        for prefix in _ARABIC_PREFIXES:
            if word.startswith(prefix):
                bare = word[len(prefix) :]
                entries = self._exact.get(bare) or self._exact.get("ال" + bare)
                if entries is not None:
                    yield entries

    def may_begin(self, word: str) -> bool:
        """Whether a phrase may begin with a folded word; cheap, and never a wrong "no"."""
        return self._is_arabic or self._starts[word] is not None

    def begins_with(self, word: str) -> bool:
        """Whether a phrase's first word is this folded word, as written, without any prefix or stem."""
        return word in self._exact

    def find_all(self, tokens: Sequence[Token]) -> list[Found[Value]]:
        """Every phrase in `tokens` from left to right, the longest first, none overlapping another."""
        found = []
        starts = self._starts
        end = 0
        for at, token in enumerate(tokens):
            if at < end or starts[token.folded] is None:
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
    return tuple(map(intern, words))  # the books of all lexicons share most of their words


def _agrees(words: tuple[str, ...], tokens: Sequence[Token], at: int) -> bool:
    """Whether the words behind the first stand behind `tokens[at]`, which agrees with it."""
    for word in words[1:]:
        at += 1
        seen = tokens[at].folded
        if word != seen and not (word[-1] == "*" and seen.startswith(word[:-1])):
            return False
    return True
