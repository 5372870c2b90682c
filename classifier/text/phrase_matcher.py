"""A book of phrases found in tokens in one pass.

In: phrases with what they stand for, as an analyst writes them. Out: the longest phrase that begins at a token. A word
that ends in `*` stands for every word that begins so (`україн*`), which is how inflected languages are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from sys import intern
from typing import Generic, NamedTuple, TypeVar

from classifier.remembered import Remembered
from classifier.text.tokens import Token, fold, tokenise

Value = TypeVar("Value")

_SHORTEST_STEM = 2  # characters before the star; shorter stems would match half a dictionary
_MAX_REMEMBERED = 20_000  # words whose stems are kept: the words of some hundred articles
_SHORTEST_PREFIXED = 3  # letters: a shorter word is no other word behind a prefix
_ARABIC_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف", "ك")
"""Conjunctions, prepositions and the article that Arabic writes in one word with what follows; longest first."""


class Match(NamedTuple, Generic[Value]):
    """A phrase in a run of tokens: `tokens[first:last]`."""

    first: int
    last: int
    value: Value


_Entry = tuple[tuple[str, ...], Value]
"""The folded words of a phrase behind its first, and what it stands for."""


_Table = dict[str, tuple[_Entry[Value], ...]]
"""Phrases by their first word or its stem, the longest first; tuples, since lists keep room for more."""


class _Entries(Generic[Value]):
    """Phrases that share their first word, looked up by their second: made for words that texts hold."""

    __slots__ = ("_by_second", "_single", "_starred")

    def __init__(self, entries: Sequence[_Entry[Value]]) -> None:
        """From all that share the word, the longest first."""
        self._single: tuple[Value] | None = None
        self._by_second: dict[str, list[tuple[int, _Entry[Value]]]] = {}
        self._starred: list[tuple[int, _Entry[Value]]] = []  # whose second word is a stem
        for number, entry in enumerate(entries):
            behind, value = entry
            if not behind:
                self._single = (value,)
            elif behind[0][-1] == "*":
                self._starred.append((number, entry))
            else:
                self._by_second.setdefault(behind[0], []).append((number, entry))

    def longest(self, tokens: Sequence[Token], at: int) -> Match[Value] | None:
        """The longest of the phrases that stands at `at`; of two as long the one added first."""
        left = len(tokens) - at - 1
        if left:
            best: _Entry[Value] | None = None
            before = _LAST
            for number, entry in self._by_second.get(tokens[at + 1].folded, ()):
                if len(entry[0]) <= left and _agrees(entry[0], tokens, at):
                    best, before = entry, number
                    break
            for number, entry in self._starred:
                if number > before:
                    break
                if len(entry[0]) <= left and _agrees(entry[0], tokens, at):
                    best = entry
                    break
            if best is not None:
                return Match(at, at + 1 + len(best[0]), best[1])
        return None if self._single is None else Match(at, at + 1, self._single[0])


_LAST = 1 << 30  # after every phrase of a book


class _Start(NamedTuple, Generic[Value]):
    """The phrases that may begin with a word: as written, behind what Arabic writes before it, and by its stem."""

    exact: _Entries[Value] | None
    behind: tuple[_Entries[Value], ...]
    stems: tuple[_Entries[Value], ...]


class PhraseMatcher(Generic[Value]):
    """Phrases by their first word. Later additions of the same phrase replace earlier ones."""

    def __init__(self, phrases: Iterable[tuple[str, Value]] = (), *, is_arabic: bool = False) -> None:
        self._exact: _Table[Value] = {}
        self._stems: _Table[Value] = {}
        self._met: dict[tuple[str, bool], _Entries[Value]] = {}  # by first word, and whether it is a stem
        self._starts = Remembered(self._start, _MAX_REMEMBERED)
        self._alone: dict[Value, _Entry[Value]] = {}  # by what one word stands for: thousands may share it
        self._shortest = 99
        self._longest = 0
        self._is_arabic = is_arabic
        for phrase, value in phrases:
            self.add(phrase, value)

    def copy(self, *, is_arabic: bool) -> PhraseMatcher[Value]:
        """A book of the same phrases, to which others may be added. Both keep each phrase once."""
        book: PhraseMatcher[Value] = PhraseMatcher(is_arabic=is_arabic)
        book._exact, book._stems = dict(self._exact), dict(self._stems)
        book._shortest, book._longest = self._shortest, self._longest
        return book

    def add(self, phrase: str, value: Value) -> None:
        """Adds a phrase; one without any word is ignored."""
        words = split_phrase(phrase)
        if not words:
            return
        first, *behind = words
        self._starts.clear()
        self._met.clear()
        alone = self._alone.setdefault(value, ((), value))
        entry = ((*behind,), alone[1]) if behind else alone
        if first.endswith("*") and len(first) > _SHORTEST_STEM:
            _insert(self._stems, first[:-1], entry)
            self._shortest = min(self._shortest, len(first) - 1)
            self._longest = max(self._longest, len(first) - 1)
        else:
            _insert(self._exact, first, entry)

    def remove(self, phrase: str) -> None:
        """Takes a phrase out, as it is written; one that is not there is ignored."""
        first, *behind = split_phrase(phrase) or ("",)
        is_stem = first.endswith("*") and len(first) > _SHORTEST_STEM
        table, word = (self._stems, first[:-1]) if is_stem else (self._exact, first)
        self._starts.clear()
        self._met.clear()
        if left := tuple(entry for entry in table.get(word, ()) if entry[0] != (*behind,)):
            table[word] = left
        else:
            table.pop(word, None)

    def match(self, tokens: Sequence[Token], at: int) -> Match[Value] | None:
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
        exact = self._entries(word, is_stem=False)
        lengths = range(min(self._longest, len(word)), self._shortest - 1, -1)
        stems = tuple(found for size in lengths if (found := self._entries(word[:size], is_stem=True)) is not None)
        behind = tuple(self._behind_prefixes(word)) if self._is_arabic and len(word) > _SHORTEST_PREFIXED else ()
        return _Start(exact, behind, stems) if exact is not None or behind or stems else None

    def _behind_prefixes(self, word: str) -> Iterator[_Entries[Value]]:
        """The phrases whose first word Arabic writes together with a conjunction, preposition or article."""
        for prefix in _ARABIC_PREFIXES:
            if word.startswith(prefix):
                bare = word[len(prefix) :]
                found = self._entries(bare, is_stem=False) or self._entries("ال" + bare, is_stem=False)
                if found is not None:
                    yield found

    def _entries(self, first: str, *, is_stem: bool) -> _Entries[Value] | None:
        """The phrases whose first word is this word, or this stem."""
        found = self._met.get((first, is_stem))
        if found is None:
            entries = (self._stems if is_stem else self._exact).get(first)
            if entries is None:
                return None
            found = self._met[first, is_stem] = _Entries(entries)
        return found

    def may_begin(self, word: str) -> bool:
        """Whether a phrase may begin with a folded word; cheap, and never a wrong "no"."""
        return self._is_arabic or self._starts[word] is not None

    def begins_with(self, word: str) -> bool:
        """Whether a phrase's first word is this folded word, as written, without any prefix or stem."""
        return word in self._exact

    def find_all(self, tokens: Sequence[Token]) -> list[Match[Value]]:
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


def _insert(table: _Table[Value], first: str, entry: _Entry[Value]) -> None:
    """Puts a phrase in its place by length; one already there gets the new value."""
    known = table.get(first, ())
    behind = entry[0]
    same = next((at for at, (other, _) in enumerate(known) if other == behind), None)
    if same is not None:
        table[first] = (*known[:same], entry, *known[same + 1 :])
    else:
        place = next((at for at, (other, _) in enumerate(known) if len(other) < len(behind)), len(known))
        table[first] = (*known[:place], entry, *known[place:])


def split_phrase(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase as an analyst writes it; a star stays with its word."""
    words: list[str] = []
    for token in tokenise(phrase):
        if token.text == "*" and words and phrase[token.start - 1 : token.start] not in ("", " "):
            words[-1] += "*"
        else:
            words.append(token.folded if token.kind == "w" else fold(token.text))
    return tuple(map(intern, words))  # the books of all lexicons share most of their words


def _agrees(behind: tuple[str, ...], tokens: Sequence[Token], at: int) -> bool:
    """Whether these words stand behind `tokens[at]`."""
    for word in behind:
        at += 1
        seen = tokens[at].folded
        if word != seen and not (word[-1] == "*" and seen.startswith(word[:-1])):
            return False
    return True
