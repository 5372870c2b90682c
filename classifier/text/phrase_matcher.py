"""A book of phrases found in tokens in one pass.

In: phrases with what they stand for, as an analyst writes them. Out: the longest phrase that begins at a token. A word
that ends in `*` stands for every word that begins so (`україн*`), which is how inflected languages are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from sys import intern
from typing import Generic, NamedTuple, TypeVar

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


class _Remembered(dict[str, Value]):
    """What a function says of words: most of a text's were seen before, and a look into a dictionary is cheaper than a
    call. When too many are known all are forgotten, which happens seldom."""

    def __init__(self, find: Callable[[str], Value]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> Value:
        if len(self) >= _MAX_REMEMBERED:
            self.clear()
        self[word] = found = self._find(word)
        return found


_Lengths = tuple[tuple[int, tuple[tuple[str, ...], ...]], ...]
"""How many words phrases have, the most first, and those so long that hold a stem behind their first word."""


class PhraseMatcher(Generic[Value]):
    """Phrases by their words. Later additions of the same phrase replace earlier ones."""

    def __init__(self, phrases: Iterable[tuple[str, Value]] = (), *, is_arabic: bool = False) -> None:
        self._values: dict[tuple[str, ...], Value] = {}
        self._lengths: dict[str, _Lengths] = {}  # by first word or stem, of phrases of several words
        self._pairs: set[tuple[str, ...]] = set()  # first two words; a star alone for a stem as the second
        self._stem_sizes: frozenset[int] = frozenset()  # of first words
        self._starts = _Remembered(self._start)
        self._is_arabic = is_arabic
        for phrase, value in phrases:
            self.add(phrase, value)

    def copy(self, *, is_arabic: bool) -> PhraseMatcher[Value]:
        """A book of the same phrases, to which others may be added. Both keep each phrase once."""
        book: PhraseMatcher[Value] = PhraseMatcher(is_arabic=is_arabic)
        book._values, book._lengths = dict(self._values), dict(self._lengths)
        book._pairs, book._stem_sizes = set(self._pairs), self._stem_sizes
        return book

    def add(self, phrase: str, value: Value) -> None:
        """Adds a phrase; one without any word is ignored."""
        words = split_phrase(phrase)
        if not words:
            return
        self._starts.clear()
        if words[0][-1] == "*" and len(words[0]) > _SHORTEST_STEM:
            self._stem_sizes |= {len(words[0]) - 1}
        if len(words) > 1 and words not in self._values:
            lengths = dict(self._lengths.get(words[0], ()))
            with_stems = (words,) if any(word[-1] == "*" for word in words[1:]) else ()
            lengths[len(words)] = (*lengths.get(len(words), ()), *with_stems)
            self._pairs.add((words[0], "*") if words[1][-1] == "*" else words[:2])
            self._lengths[words[0]] = tuple(sorted(lengths.items(), reverse=True))
        self._values[words] = value

    def remove(self, phrase: str) -> None:
        """Takes a phrase out, as it is written; one that is not there is ignored."""
        self._starts.clear()
        self._values.pop(split_phrase(phrase), None)

    def match(self, tokens: Sequence[Token], at: int) -> Match[Value] | None:
        """The longest phrase beginning at `tokens[at]`, or None."""
        start = self._starts[tokens[at].folded]
        if start is None:
            return None
        as_written, stems = start
        best = self._longest(as_written, tokens, at)
        if stems and (best is None or best.last - best.first < 2):
            stem = self._longest(stems, tokens, at)
            if stem is not None and (best is None or stem.last > best.last):
                return stem
        return best

    def _longest(self, firsts: Sequence[str], tokens: Sequence[Token], at: int) -> Match[Value] | None:
        """The longest of the phrases at `at` that begin with the first of these words that any begins with."""
        second = tokens[at + 1].folded if at + 1 < len(tokens) else ""
        for first in firsts:
            is_longer = (first, second) in self._pairs or (first, "*") in self._pairs
            for length, with_stems in self._lengths[first] if is_longer else ():
                words = (first, *[token.folded for token in tokens[at + 1 : at + length]])
                for phrase in (words, *with_stems):
                    if phrase in self._values and _agrees(phrase, words):
                        return Match(at, at + len(phrase), self._values[phrase])
            if (first,) in self._values:
                return Match(at, at + 1, self._values[first,])
        return None

    def _start(self, word: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """How phrases may begin that begin with a folded word, as written and by its stems, the longest first; None
        where none does. As written is the word itself, else what Arabic leaves of it without prefixes."""
        as_written = [word] if self.begins_with(word) else []
        if self._is_arabic and len(word) > _SHORTEST_PREFIXED:
            for prefix in _ARABIC_PREFIXES:
                if word.startswith(prefix):
                    bare = word[len(prefix) :]
                    as_written += [one for one in (bare, "ال" + bare) if self.begins_with(one)][:1]
        sizes = sorted((size for size in self._stem_sizes if size <= len(word)), reverse=True)
        stems = tuple(stem for size in sizes if self.begins_with(stem := word[:size] + "*"))
        return (tuple(as_written), stems) if as_written or stems else None

    def may_begin(self, word: str) -> bool:
        """Whether a phrase may begin with a folded word; cheap, and never a wrong "no"."""
        return self._is_arabic or self._starts[word] is not None

    def begins_with(self, word: str) -> bool:
        """Whether a phrase's first word is this folded word, as written, without any prefix or stem."""
        return word in self._lengths or (word,) in self._values

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


def split_phrase(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase as an analyst writes it; a star stays with its word."""
    words: list[str] = []
    for token in tokenise(phrase):
        if token.text == "*" and words and phrase[token.start - 1 : token.start] not in ("", " "):
            words[-1] += "*"
        else:
            words.append(token.folded if token.kind == "w" else fold(token.text))
    return tuple(map(intern, words))  # the books of all lexicons share most of their words


def _agrees(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether a phrase, in which words may be stems, is these words."""
    return phrase == words or (
        len(phrase) == len(words)
        and all(
            word == seen or (word[-1] == "*" and seen.startswith(word[:-1]))
            for word, seen in zip(phrase, words, strict=True)
        )
    )
