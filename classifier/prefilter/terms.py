"""Finds the subject's set terms (trafficking in persons, modern slavery, forced labour …) in a text of any language.

In: text. Out: which terms of `terms.tsv` stand in it. The table says of each term its language and where its wording is
from; a term counts in texts of every language, since a page's language may be told wrongly. A page of 12,000 characters
takes a third of a millisecond.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

TERMS_FILE = Path(__file__).with_name("terms.tsv")

_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"\*?[^\W\d_]+\*?")
"""A word of a term, with the stars that leave it open."""
_SPACED_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN")
"""Scripts whose words are parted by spaces and take no prefixes that are written with them; terms in others are looked
for as they stand, within words too."""

_BEGINNING_CHARACTERS = 5
"""Of a term's longest word, by which the terms that may stand in a text are found before any is looked for."""

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


class SubjectTerms:
    """Looks for many terms at once: for each by a regular expression over the text's words with a blank between them,
    where the beginning of its longest word, or a part of a compound, stands there."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_beginning: dict[str, list[str]] = {}
        self._within: list[str] = []
        inner: set[str] = set()
        unspaced: dict[str, list[str]] = {}
        for term in sorted({fold_term(term) for term in terms}):
            script = _script_of(term)
            if script not in _SPACED_SCRIPTS:
                unspaced.setdefault(script, []).append(re.escape(term))
                continue
            for parts in {tuple(_PART.findall(spelling)) for spelling in (term, _without_accents(term))}:
                longest = max(parts, key=lambda part: len(part.strip("*")))
                bare = longest.strip("*")
                if longest[0] == "*" or (longest[-1] == "*" and len(bare) < _BEGINNING_CHARACTERS):
                    self._within.append(_expression(parts))
                    inner.add(bare)
                else:
                    self._by_beginning.setdefault(bare[:_BEGINNING_CHARACTERS], []).append(_expression(parts))
        self._inner = re.compile("|".join(sorted(inner)) or "(?!)")
        self._unspaced = [re.compile("|".join(found)) for found in unspaced.values()]

    def count(self, text: str) -> int:
        """How many terms stand in a text; where two overlap, both count."""
        folded = fold_term(text)
        words = _WORD.findall(folded)
        known, joined = set(words), f" {' '.join(words)} "
        beginnings = {word[:_BEGINNING_CHARACTERS] for word in known} & self._by_beginning.keys()
        sought = [expression for beginning in beginnings for expression in self._by_beginning[beginning]]
        if self._inner.search(" ".join([word for word in known if len(word) >= _COMPOUND_CHARACTERS])):
            sought += self._within
        count = sum(len(_compiled(expression).findall(joined)) for expression in sought)
        if not folded.isascii() and max(folded) >= _FIRST_UNSPACED:
            count += sum(len(terms.findall(folded)) for terms in self._unspaced)
        return count


_compiled = cache(re.compile)
"""Most terms are never looked for."""


def _expression(parts: Sequence[str]) -> str:
    """That of a term's words."""
    words = " ".join(part.replace("*", "[^ ]*") for part in parts)
    return f" {words}(?= )".removeprefix(" [^ ]*")


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
