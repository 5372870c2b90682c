"""Words and queries, folded alike where they are indexed and where they are asked for: both databases find the same.

Pure. A query is words (all must occur), "exact phrases", `-words` that must not occur and `begin*` for beginnings;
nothing in it can break the statement.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Of a text only so much is indexed: beyond, it is lists and comments, and PostgreSQL's tsvector ends at 1 MB.
INDEXED_CHARACTERS = 100_000

# PostgreSQL refuses words above 2,046 bytes; nothing that long is a word.
LONGEST_WORD = 100

# More words in a query say nothing more, and each costs a lookup.
MOST_TERMS = 32

# Chinese, Japanese, Thai, Lao, Khmer and Burmese write without spaces: each character is taken as a word, so that a
# phrase of them finds what contains it.
UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003134f])"
)
WORD = re.compile(r"[^\W_]+")
TERM = re.compile(r'(?P<no>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def fold(words: str) -> str:
    """The words as they are indexed and asked for: lower case, no accents, no punctuation, one space between."""
    if words.isascii():
        return " ".join(word[:LONGEST_WORD] for word in WORD.findall(words.lower()))
    # Twice: folding may make letters that come apart again, and letters that fold may appear only when parted.
    split_reading = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", words).casefold())
    bare = "".join(character for character in split_reading if not unicodedata.combining(character))
    spaced = UNSPACED.sub(r" \1 ", unicodedata.normalize("NFKC", bare))
    return " ".join(word[:LONGEST_WORD] for word in WORD.findall(spaced))


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query: words that follow each other; `is_wanted` False where they must not occur."""

    words: tuple[str, ...]
    is_beginning: bool = False
    is_wanted: bool = True


def read_query(query: str) -> list[Term]:
    """The terms of a query as people type it; empty where nothing searchable is in it."""
    terms = []
    for found in TERM.finditer(query):
        raw = found["phrase"] if found["phrase"] is not None else found["word"]
        words = tuple(fold(raw).split())
        if words:
            is_beginning = found["word"] is not None and raw.endswith("*")
            terms.append(Term(words, is_beginning=is_beginning, is_wanted=found["no"] is None))
    return terms[:MOST_TERMS]


def fts5_query(terms: Sequence[Term]) -> str | None:
    """The terms in FTS5's language; every word quoted. None where no term is wanted: FTS5 cannot answer only "not"."""

    def one(term: Term) -> str:
        return '"' + " ".join(term.words) + '"' + ("*" if term.is_beginning else "")

    wanted = [one(term) for term in terms if term.is_wanted]
    if not wanted:
        return None
    unwanted = "".join(f" NOT {one(term)}" for term in terms if not term.is_wanted)
    return "(" + " AND ".join(wanted) + ")" + unwanted


def tsquery(terms: Sequence[Term]) -> str | None:
    """The terms in the language of `to_tsquery`; words hold only letters and digits, so need no escape."""

    def one(term: Term) -> str:
        last = f"'{term.words[-1]}'" + (":*" if term.is_beginning else "")
        return "(" + " <-> ".join([*(f"'{word}'" for word in term.words[:-1]), last]) + ")"

    if not any(term.is_wanted for term in terms):
        return None
    return " & ".join(("" if term.is_wanted else "!") + one(term) for term in terms)
