"""How the organisations of two articles compare: who pays for it, who runs it, and who else is in both.

Two sets of claims go in, levels (see `levels`) come out. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from storage.register.compare.claims import Claims
from storage.register.compare.mentions import are_organisations_named
from storage.register.compare.organisations import Organisation, compare_lists
from storage.register.compare.words import FREQUENT_ORGANISATIONS

# An article that names so many implementers reports a round of awards, one that names so few of one of them.
MANY_ORGANISATIONS = 4
FEW_ORGANISATIONS = 2
# Other implementers so long after are at work on the next round.
ROUND_DAYS = 300


def compare_organisation_roles(
    ours: Claims, theirs: Claims, gap: int | None, *, is_translation: bool
) -> Iterator[tuple[str, str]]:
    """The levels of funders and implementers, each with its words."""
    yield from _compare_funders(ours, theirs, is_translation=is_translation)
    is_late = gap is not None and gap > ROUND_DAYS
    otherwise = "other, later" if is_late else "other, translated" if is_translation else "other"
    runner = _compare_implementers(ours, theirs, otherwise)
    if runner is not None:
        yield f"implementer: {runner[0]}", runner[1]


def share_organisation(ours: Claims, theirs: Claims) -> bool:
    """Whether one organisation runs both, or pays for both; those that hundreds of projects have say nothing."""
    return any(
        compare_lists(one, other) == "same" and not _share_only_frequent(one, other)
        for one, other in ((ours.implementers, theirs.implementers), (ours.funders, theirs.funders))
    )


def _compare_funders(ours: Claims, theirs: Claims, *, is_translation: bool) -> Iterator[tuple[str, str]]:
    likeness = compare_lists(ours.funders, theirs.funders)
    if likeness == "same":
        is_frequent = _share_only_frequent(ours.funders, theirs.funders)
        yield ("funder: same frequent" if is_frequent else "funder: same"), "the same funder"
    elif likeness == "family":
        yield "funder: family", "funders of one government or body"
    elif are_organisations_named(ours, theirs, "funders"):
        yield "funder: named", "the one's funder is named in the other's text"
    elif likeness == "other":
        yield ("funder: other, translated" if is_translation else "funder: other"), "different funders"


def _compare_implementers(ours: Claims, theirs: Claims, otherwise: str) -> tuple[str, str] | None:
    likeness = compare_lists(ours.implementers, theirs.implementers)
    if likeness == "same" and _is_one_of_many(ours.implementers, theirs.implementers):
        return "one of many", "the one's implementer is one of many"
    if likeness == "same":
        is_frequent = _share_only_frequent(ours.implementers, theirs.implementers)
        return ("same frequent" if is_frequent else "same"), "the same implementer"
    if _share_in_other_roles(ours, theirs):
        return "other role", "the same organisation in another role"
    if likeness == "family":
        return "family", "implementers of one body"
    if are_organisations_named(ours, theirs, "implementers"):
        return "named", "the one's implementer is named in the other's text"
    return (otherwise, "different implementers") if likeness == "other" else None


def _is_one_of_many(ours: tuple[Organisation, ...], theirs: tuple[Organisation, ...]) -> bool:
    """Whether one is a round of awards and the other one award's news."""
    few, many = sorted((len(ours), len(theirs)))
    return few <= FEW_ORGANISATIONS and many >= MANY_ORGANISATIONS


def _share_in_other_roles(ours: Claims, theirs: Claims) -> bool:
    """Whether an organisation that runs the one's project is said to pay for the other's, or to be a partner."""
    return any(
        compare_lists(one.implementers, (*other.partners, *other.funders)) == "same"
        for one, other in ((ours, theirs), (theirs, ours))
    )


def _share_only_frequent(ours: tuple[Organisation, ...], theirs: tuple[Organisation, ...]) -> bool:
    shared = {o.key for o in ours} & {o.key for o in theirs}
    return bool(shared) and shared <= FREQUENT_ORGANISATIONS
