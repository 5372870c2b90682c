"""Finds the subject's set terms (trafficking in persons, modern slavery, forced labour …) in a text of any language.

In: text. Out: which terms of `terms.tsv` stand in it. The table says of each term its language and where its wording is
from; a term counts in texts of every language, since a page's language may be told wrongly. A page of 12,000 characters
takes a third of a millisecond.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["SubjectTerms", "Term", "load_terms", "read_terms"]

TERMS_FILE = Path(__file__).with_name("terms.tsv")

_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"\*?[^\W\d_]+\*?")
"""A word of a term, with the stars that leave it open."""
_SPACED_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN")
"""Scripts whose words are parted by spaces and take no prefixes that are written with them; terms in others are looked
for as they stand, within words too."""

_STEM_CHARACTERS = (6, 5, 4, 3)
"""Of a term's longest word, by which the terms that may stand in a text are found before any is looked for in its
order; a word left open is known by so many of its first letters as it has."""

_COMPOUND_CHARACTERS = 8
"""Least length of a word that may hold a term within: none of the table's compounds is shorter."""

_FIRST_UNSPACED = "\u0590"
"""First character of the scripts that are looked through as they stand: what stands before it is spaced."""


class Term(NamedTuple):
    """A line of the table: `*` before or after a word stands for any letters."""

    lang: str
    text: str
    source: str


def read_terms(path: Path = TERMS_FILE) -> list[Term]:
    """The terms of a table.

    Raises:
        ValueError: a line is not language, term and source.
    """
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    terms = []
    for number, line in enumerate(lines, 2):
        parts = line.split("\t")
        if len(parts) != len(Term._fields) or not all(parts):
            raise ValueError(f"{path.name}:{number}: not a language, a term and a source")
        terms.append(Term(*parts))
    return terms


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a term: what it begins or ends with, or what it is."""

    text: str
    is_open_before: bool
    is_open_after: bool

    @classmethod
    def of(cls, part: str) -> _Word:
        return cls(part.strip("*"), part.startswith("*"), part.endswith("*"))

    def fits(self, word: str) -> bool:
        if self.is_open_before:
            return self.text in word if self.is_open_after else word.endswith(self.text)
        return word.startswith(self.text) if self.is_open_after else word == self.text


_Words = tuple[_Word, ...]


class SubjectTerms:
    """Looks for many terms at once."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_word: dict[str, list[tuple[_Words, int]]] = {}
        self._by_stem: dict[str, list[tuple[_Words, int]]] = {}
        self._within: list[_Words] = []
        substrings: dict[str, list[str]] = {}
        for term in sorted({fold_term(term) for term in terms}):
            script = _script_of(term)
            if script not in _SPACED_SCRIPTS:
                substrings.setdefault(script, []).append(term)
                continue
            for spelling in sorted({term, _without_accents(term)}):
                self._add(
                    tuple(_Word(w.strip("*"), w.startswith("*"), w.endswith("*")) for w in _PART.findall(spelling))
                )
        self._inner = re.compile(
            "|".join(sorted({re.escape(_longest(words).text) for words in self._within})) or "(?!)"
        )
        self._substrings = [re.compile("|".join(map(re.escape, found))) for found in substrings.values()]

    def _add(self, words: _Words) -> None:
        longest = _longest(words)
        entry = words, words.index(longest)
        if longest.is_open_before:
            self._within.append(words)
        elif longest.is_open_after:
            self._by_stem.setdefault(longest.text[: _STEM_CHARACTERS[0]], []).append(entry)
        else:
            self._by_word.setdefault(longest.text, []).append(entry)

    def count(self, text: str) -> int:
        """How many terms stand in a text; where two overlap, both count."""
        folded = fold_term(text)
        words = _WORD.findall(folded)
        known = set(words)
        keys: dict[str, list[tuple[_Words, int]]] = {word: self._by_word[word] for word in known & self._by_word.keys()}
        for size in _STEM_CHARACTERS:
            stems = {word[:size] for word in known}
            for stem in stems & self._by_stem.keys():
                keys |= {word: keys.get(word, []) + self._by_stem[stem] for word in known if word.startswith(stem)}
        count = 0
        if keys:
            for at in [at for at, word in enumerate(words) if word in keys]:
                count += sum(_fits(term, words, at - step) for term, step in keys[words[at]])
        if self._inner.search(" ".join([word for word in known if len(word) >= _COMPOUND_CHARACTERS])):
            count += sum(_fits(term, words, at) for term in self._within for at in range(len(words)))
        if not folded.isascii() and max(folded) >= _FIRST_UNSPACED:
            count += sum(len(terms.findall(folded)) for terms in self._substrings)
        return count


def _longest(words: _Words) -> _Word:
    return max(words, key=lambda word: len(word.text))


def _fits(term: Sequence[_Word], words: Sequence[str], at: int) -> bool:
    return at >= 0 and at + len(term) <= len(words) and all(one.fits(words[at + step]) for step, one in enumerate(term))


def fold_term(text: str) -> str:
    """In one form whatever its case, compatibility forms, and Arabic and Hebrew vowel marks."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold().translate(_LEFT_OUT)


_LEFT_OUT: dict[int, str | None] = {
    **dict.fromkeys(
        [*range(0x064B, 0x0660), 0x0670, 0x0640, *range(0x0591, 0x05C8), 0x00AD, 0x0307, 0x200B, 0x200C, 0x200D]
    ),
    0x0649: "\u064a",  # Arabic: alef maksura, and letters that Persian and Urdu write with codes of their own
    0x06CC: "\u064a",
    0x06A9: "\u0643",
    0x0623: "\u0627",
    0x0625: "\u0627",
    0x0622: "\u0627",
}


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _script_of(term: str) -> str:
    letters = [unicodedata.name(c, "?").split()[0] for c in term if c.isalpha()]
    return letters[0] if letters else "?"


@cache
def load_terms() -> SubjectTerms:
    """The terms that are shipped."""
    return SubjectTerms(term.text for term in read_terms())
