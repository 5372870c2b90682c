"""What keeps two articles apart though enough speaks for one project: the doubts of a careful reader.

Names, bodies and countries also agree between a project and what came after it: an evaluation, the next grant of the
same donor to the same charity, the part of a large programme in one country. What tells them apart is when each is
told, and a mark that no two of them share. Where neither is at hand, the two stay apart and are shown as perhaps the
same.

Pure: no database, no clock, no network.
"""

from __future__ import annotations

from collections.abc import Set

from storage.register.busy import BUSY_COUNTRIES, MANY_COUNTRIES
from storage.register.evidence import ROUND_DAYS, Claims, days_apart, is_late, months_apart
from storage.register.names import NameLikeness
from storage.register.organisations import compare_lists
from storage.register.same_sum import agree_in_total, differ_in_sum, share_exact_total

__all__ = ["find_doubt"]

# An article told when so much of a project's stated time has passed is no announcement. New projects of the labelled
# corpus are told up to two thirds into it (an official page, long after), evaluations from nine tenths.
NEARLY_OVER = 0.8
# Kinds of agreement that no two projects share by chance, whenever they are told.
MARKS = frozenset({"countries", "text", "dates"})
# So many kinds of agreement make even a round sum one grant's.
SURE_KINDS = 3


def find_doubt(ours: Claims, theirs: Claims, name: NameLikeness, kinds: Set[str]) -> str | None:
    """The doubt in words; None where there is none.

    Args:
        ours: the one article's claims.
        theirs: the other's.
        name: how their names stand.
        kinds: the independent kinds of agreement found (see `evidence.Point`).
    """
    gap = days_apart(ours, theirs)
    if _looks_back(ours) or _looks_back(theirs):
        # an evaluation names what it is about in full; by the bodies alone it may be of another round
        return None if name.kind == "same" and name.is_telling and gap is not None else "one looks back"
    if _is_anothers_work(ours, theirs, gap):
        return f"another implementer {(gap or 0) // 30} months later"
    if gap is not None and gap >= ROUND_DAYS and "name" not in kinds:
        # a year later the sum may be the parent programme's, or the next grant's: then only the name tells
        return f"no name tells that it is the same {gap // 30} months later"
    if _is_part_of_programme(ours, theirs, gap) and not agree_in_total(ours, theirs):
        return "one may be news of a large programme in one of its countries"
    return _find_doubt_without_dates(ours, theirs, name, kinds) if gap is None else None


def _looks_back(claims: Claims) -> bool:
    """Whether a project's stated time is nearly over when the article is published."""
    if not claims.start or not claims.end or claims.published_on is None:
        return False
    published = claims.published_on.isoformat()
    if published <= claims.start:
        return False
    length, passed = months_apart(claims.start, claims.end), months_apart(claims.start, published)
    return bool(length) and (passed or 0) >= NEARLY_OVER * (length or 0)


def _is_anothers_work(ours: Claims, theirs: Claims, gap: int | None) -> bool:
    """Whether other bodies are at work a year later: under one programme, whose name and sum both repeat."""
    return gap is not None and gap >= ROUND_DAYS and compare_lists(ours.implementers, theirs.implementers) == "other"


def _is_part_of_programme(ours: Claims, theirs: Claims, gap: int | None) -> bool:
    """Whether one tells of a single country of a large programme, and not as news of the same days."""
    small, large = sorted((ours.countries, theirs.countries), key=len)
    if len(small) != 1 or len(large) < MANY_COUNTRIES:
        return False
    # of two pages without dates both are about the whole; beside a dated article such a page may be years older
    is_one_dated = (ours.published_on is None) != (theirs.published_on is None)
    return is_late(gap) or (gap is None and is_one_dated)


def _find_doubt_without_dates(ours: Claims, theirs: Claims, name: NameLikeness, kinds: Set[str]) -> str | None:
    """Without dates nothing tells a yearly grant from the next, to the same body or to another under one name."""
    if name.kind in ("same", "near"):
        is_same_runner = compare_lists(ours.implementers, theirs.implementers) == "same"
        is_another = differ_in_sum(ours, theirs) and not (name.kind == "same" and is_same_runner)
        return "no dates tell one award from another" if is_another else None
    if kinds & MARKS or (ours.address and ours.address == theirs.address):
        return None
    if "sum" not in kinds or not agree_in_total(ours, theirs):
        return "no dates tell one round from the next"
    is_busy = ours.countries | theirs.countries <= BUSY_COUNTRIES
    if is_busy and len(kinds) < SURE_KINDS and not share_exact_total(ours, theirs):
        return "no dates tell one round sum from the next"
    return None
