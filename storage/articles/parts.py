"""Several projects reported by one article: each is stored as an article of its own, at the same address.

A reading whose verdict has `others` goes in; one reading for each project comes out, the further ones with
`#project-2`, … behind their canonical URL. A fragment is in no canonical URL otherwise. All keep the whole text, so
that evidence stays where it stands; each is compared by its own part of it (`own_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from classifier.document import Verdict
from storage.records import ArticleReading

_PART = re.compile(r"([^#]*)(?:#|(#\d+)-)project-(\d+)")
"""Behind a `#` only: many an address itself ends in `-project-2`."""

FURTHER_PARTS = "%#%project-%"
"""A pattern, for LIKE, of the addresses of further projects of an article."""


def split_reading(reading: ArticleReading, verdict: Verdict) -> list[tuple[ArticleReading, Verdict]]:
    """The reading once for each project its text reports; the entries that lead to it lead to the first."""
    found = [(reading, replace(verdict, others=()))]
    for number, other in enumerate(verdict.others, start=2):
        url = part_url(reading.canonical_url, number)
        found.append((replace(reading, canonical_url=url, entry_ids=()), other))
    return found


def part_url(canonical_url: str, number: int) -> str:
    """The address that the project of this number (from 1) is stored under."""
    sign = "-" if "#" in canonical_url else "#"
    return canonical_url if number == 1 else f"{canonical_url}{sign}project-{number}"


def part_number(canonical_url: str) -> int:
    """The number of the project that is stored under an address: 1 but for further ones of an article."""
    found = _PART.fullmatch(canonical_url)
    return int(found[3]) if found else 1


def article_url(canonical_url: str) -> str:
    """The canonical URL of the whole article."""
    found = _PART.fullmatch(canonical_url)
    return f"{found[1]}{found[2] or ''}" if found else canonical_url


def own_text(text: str, elsewhere: Iterable[tuple[int, int]]) -> str:
    """The text without the spans that report other projects."""
    for start, end in sorted(elsewhere, reverse=True):
        text = text[:start] + text[end:]
    return text
