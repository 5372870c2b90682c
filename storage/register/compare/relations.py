"""How one project of the register stands to another that it is not: it follows it, belongs to it, adds money to it.

Two articles' claims go in; the relation comes out with its direction and the words that say so, None where there is
none. What is reported earlier never follows what is reported later. Numbers of phases and shares of a round of awards
are read in any language, the rest in those of `relations.yaml`. Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.register.compare.claims import Claims, days_apart
from storage.register.compare.mentions import are_organisations_named
from storage.register.compare.names import ProjectName, compare_names, fold_words
from storage.register.compare.organisation_levels import FEW_ORGANISATIONS, MANY_ORGANISATIONS, share_organisation
from storage.register.compare.organisations import compare_lists
from storage.register.compare.ties import Tie, TieKind
from storage.register.compare.words import COMMON_ACRONYMS

LATER_DAYS = 60
"""What follows a project or adds to its money is reported so much later at least: two accounts of one launch are
not."""
PHASE_DAYS = 180
"""Bare numbers behind one name ("Harbour 1", "Harbour 2") reported within half a year are two houses', not two
phases'."""
ROUND_DAYS = 550
"""An award is news within a year and a half of its round."""
MIN_LETTERS = 4
"""A single word or an acronym of fewer letters stands in a sentence without meaning the project."""
STEM_LETTERS = 6
"""Names are inflected: their words are compared by their beginnings."""


@dataclass(frozen=True, slots=True)
class Relation:
    """`ours` stands to `theirs` as `kind` says, or, where not `is_ours`, the other way round; `words` say why."""

    kind: TieKind
    is_ours: bool
    words: str


def relate(ours: Claims, theirs: Claims) -> Relation | None:
    """The relation of two articles' projects, which must be two."""
    is_one_name = _have_one_name(ours, theirs)
    found = (_compare_phases(ours, theirs) if is_one_name else None) or next(
        _list_ties(ours, theirs, is_one_name), None
    )
    return found or _find_award(ours, theirs)


def _have_one_name(ours: Claims, theirs: Claims) -> bool:
    """Whether one name is meant: the same in the same countries, or nearly the same for the work of one
    organisation."""
    match = compare_names(ours.name, theirs.name)
    is_same = match.kind == "same" and match.is_distinctive and not ours.is_elsewhere(theirs)
    return is_same or (match.kind in ("same", "near") and share_organisation(ours, theirs))


def find_predecessor(ours: Claims, theirs: Claims) -> Relation | None:
    """The relation where one of the articles says that its project follows the other's, which has another name."""
    if all(tie.kind != "follows" for tie in (*ours.ties, *theirs.ties)):  # nearly always
        return None
    if compare_names(ours.name, theirs.name).kind in ("same", "near"):
        return None
    return next((found for found in _list_ties(ours, theirs, False) if found.kind == "follows"), None)


def _compare_phases(ours: Claims, theirs: Claims) -> Relation | None:
    one, other = ours.phase or 1, theirs.phase or 1
    if one == other:
        return None
    if not (ours if one > other else theirs).is_phase_said:
        gap = days_apart(ours, theirs)
        if ours.is_housed or theirs.is_housed or (gap is not None and gap < PHASE_DAYS):
            return None
    return Relation("follows", one > other, f"another phase or edition ({max(one, other)} and {min(one, other)})")


def _list_ties(ours: Claims, theirs: Claims, is_one_name: bool) -> Iterator[Relation]:
    if ours.is_elsewhere(theirs):
        return
    for near, far, is_ours in ((ours, theirs, True), (theirs, ours, False)):
        for tie in near.ties:
            if tie.kind == "part-of":
                is_meant = not is_one_name and _is_named(far.name, tie)
            elif tie.kind == "follows":
                is_meant = _is_later(near, far) and _is_named(far.name, tie)
            else:
                is_meant = _is_later(near, far) and (is_one_name or _is_named(far.name, tie) or _is_grantee(near, far))
            if is_meant:
                yield Relation(tie.kind, is_ours, f"“{tie.sentence}”")


def _is_later(near: Claims, far: Claims) -> bool:
    """Whether an article was reported clearly after the other; of dates that do not tell, whether it may have been."""
    if near.published_on is None or far.published_on is None:
        return True
    gap = days_apart(near, far)
    if gap is None:
        return near.published_on.year >= far.published_on.year
    return gap >= LATER_DAYS and near.published_on > far.published_on


def _is_grantee(near: Claims, far: Claims) -> bool:
    """Whether money is added to an organisation's work by the same funder in the same place, neither of which has a
    name."""
    return (
        near.name is None
        and far.name is None
        and bool(near.countries & far.countries)
        and compare_lists(near.implementers, far.implementers) == "same"
        and compare_lists(near.funders, far.funders) == "same"
    )


def _is_named(name: ProjectName | None, tie: Tie) -> bool:
    """Whether a project's name stands where a tie names the other: its acronym, or its words one after another,
    in any form; one word alone only as a name is written."""
    if name is None:
        return False
    if any(len(a) >= MIN_LETTERS and a.upper() in tie.list_names() for a in name.acronyms - COMMON_ACRONYMS):
        return True
    words = [word for word in fold_words(name.text) if not word.isdigit() and word not in COMMON_ACRONYMS]
    said = fold_words(" ".join(tie.list_names()) if len(words) == 1 else tie.named_in)
    if not name.distinctive or len("".join(words)) < MIN_LETTERS:
        return False
    return any(
        all(part.startswith(word[:STEM_LETTERS]) for word, part in zip(words, said[at:], strict=False))
        for at in range(len(said) - len(words) + 1)
    )


def _find_award(ours: Claims, theirs: Claims) -> Relation | None:
    """One award of a round of awards: its implementer is among the many that the other names, and its money no more."""
    gap = days_apart(ours, theirs)
    if gap is not None and gap > ROUND_DAYS:
        return None
    for award, whole, is_ours in ((ours, theirs, True), (theirs, ours, False)):
        if (
            0 < len(award.implementers) <= FEW_ORGANISATIONS
            and len(whole.implementers) >= MANY_ORGANISATIONS
            and compare_lists(award.funders, whole.funders) in ("same", "family")
            and (
                compare_lists(award.implementers, whole.implementers) == "same"
                or are_organisations_named(award, whole, "implementers")
            )
            and compare_names(award.name, whole.name).kind != "other"
            and not _is_more(award, whole)
        ):
            return Relation("part-of", is_ours, "one of the awards of this round")
    return None


def _is_more(award: Claims, whole: Claims) -> bool:
    return any(
        a.is_main and b.is_main and a.currency == b.currency and a.amount > b.amount
        for a in award.sums
        for b in whole.sums
    )
