"""What one article claims, looked for in another: a name that was not read, an organisation that was given no role.

Pure: two articles' claims, or one's and the other's proper names, go in; whether they say so comes out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from storage.register.compare.claims import Claims
from storage.register.compare.details import MARK_LETTERS
from storage.register.compare.names import ProjectName, is_spelt
from storage.register.compare.organisations import Organisation
from storage.register.compare.words import COMMON_WORDS, EVERYWHERE, FREQUENT_ORGANISATIONS

# Of a name that is looked for among the other's proper names: an acronym this long, or so many distinctive words.
MIN_SOUGHT_ACRONYM = 4
MIN_SOUGHT_WORDS = 2


def is_named_in(name: ProjectName | None, other: Claims) -> bool:
    """Whether a name stands in the headline of another article or among its proper names."""
    if name is None:
        return False
    if any(len(a) >= MIN_SOUGHT_ACRONYM and a[:MARK_LETTERS] in other.details for a in name.acronyms):
        return True
    if _is_spelt_by(name, other.details):
        return True
    if other.name is not None:  # its own name says more than words of another's that it holds (a parent programme's)
        return False
    if len(name.distinctive) >= MIN_SOUGHT_WORDS and name.words <= other.title_words:
        return True
    sought = {word[:MARK_LETTERS] for word in name.distinctive}
    return len(sought) >= MIN_SOUGHT_WORDS and sought <= other.details


def _is_spelt_by(name: ProjectName, details: frozenset[str]) -> bool:
    """Whether an acronym among an article's proper names is spelt by a name's words."""
    initials = name.initials
    return any(mark[0] in initials and is_spelt(mark, name) for mark in _short_marks(details))


@lru_cache(maxsize=4096)  # an article is compared with dozens
def _short_marks(details: frozenset[str]) -> tuple[str, ...]:
    """The marks that may be acronyms."""
    return tuple(mark for mark in details if MIN_SOUGHT_ACRONYM <= len(mark) < MARK_LETTERS)


def are_organisations_named(ours: Claims, theirs: Claims, role: Literal["implementers", "funders"]) -> bool:
    """Whether an organisation that the one article gives a role stands among the other's proper names, frequent ones
    aside."""
    return any(
        organisation.key not in FREQUENT_ORGANISATIONS and _is_organisation_in(organisation, other.details)
        for claims, other in ((ours, theirs), (theirs, ours))
        for organisation in getattr(claims, role)
    )


def _is_organisation_in(organisation: Organisation, details: frozenset[str]) -> bool:
    acronyms, words = _marks_of(organisation)
    return not acronyms.isdisjoint(details) or (len(words) >= MIN_SOUGHT_WORDS and words <= details)


@lru_cache(maxsize=8192)  # the organisations of the same few projects are looked for again and again
def _marks_of(organisation: Organisation) -> tuple[frozenset[str], frozenset[str]]:
    """The marks by which an organisation is looked for: any of its acronyms, or all of its distinctive words."""
    acronyms = frozenset(a[:MARK_LETTERS] for a in organisation.acronyms if len(a) >= MIN_SOUGHT_ACRONYM)
    distinctive = (word for word in organisation.words if word not in COMMON_WORDS and word not in EVERYWHERE)
    return acronyms, frozenset(word[:MARK_LETTERS] for word in distinctive)
