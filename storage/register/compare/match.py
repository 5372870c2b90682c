"""Whether two articles report one project: decided from what each claims, with the reason in words.

Two sets of claims go in; `same`, `different` or `perhaps` comes out, with the log-odds it rests on. How they compare
field by field is said by `levels`; what each agreement and difference weighs is learnt from labelled pairs (`linkage`).
Two identifiers in common, two projects of one article, or a text that says that its project follows the other's decide
alone; they are known, not learnt.

Pure: no database, no clock, no network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storage.register.compare.claims import Claims
from storage.register.compare.levels import Level, compare_fields
from storage.register.compare.linkage import MOST, Weights, weights_in_use
from storage.register.compare.relations import find_predecessor

Decision = Literal["same", "different", "perhaps"]


@dataclass(frozen=True, slots=True)
class MatchDecision:
    """A decision with its reason, and the log-odds it rests on.

    `is_contradicted` is True where a plain contradiction decided, not a lack of agreement.
    """

    decision: Decision
    reason: str
    points: float = 0.0
    is_contradicted: bool = False


UNLIKE = MatchDecision("different", "nothing suggests that they are one")


# What is known for certain is beyond any sum of terms, and stays so as the mean of ten.
CERTAIN = 20 * MOST
# A term of less is not worth a word.
WORTH_A_WORD = 0.2


def compare_claims(ours: Claims, theirs: Claims) -> MatchDecision:
    """Decides whether two sets of claims are of one project.

    Returns:
        `same` with the agreements in words; `different` with what speaks against it; `perhaps` where it could be
        either. Symmetric in its arguments.
    """
    if ours.is_beside(theirs):
        return MatchDecision("different", "two projects of one article", -CERTAIN, is_contradicted=True)
    if (found := find_predecessor(ours, theirs)) is not None:
        return MatchDecision("different", f"the one follows the other: {found.words}", -CERTAIN, is_contradicted=True)
    if ours.iati_id is not None and ours.iati_id == theirs.iati_id:
        return MatchDecision("same", f"the same IATI identifier ({ours.iati_id})", CERTAIN)
    weights = weights_in_use()
    levels = compare_fields(ours, theirs)
    odds = weights.add_up(level.term for level in levels)
    veto = next((level for level in levels if level.term in weights.vetoes), None)
    if veto is not None:
        return MatchDecision("different", veto.words, odds, is_contradicted=True)
    return MatchDecision(_decide(odds, weights), _say(levels, weights, _decide(odds, weights)), odds)


def join_decisions(matches: Sequence[MatchDecision]) -> MatchDecision:
    """How an article is like a group, from how it is like each of its members, at least one: by the mean of their
    log-odds (average link), so that one member that is much alike does not outvote those that are not."""
    odds = sum(match.points for match in matches) / len(matches)
    decision = _decide(odds, weights_in_use())
    if decision == "same":
        distinctive = max(matches, key=lambda match: match.points)
    else:
        distinctive = min(matches, key=lambda match: (not match.is_contradicted, abs(match.points - odds)))
    return MatchDecision(decision, distinctive.reason, odds, decision == "different" and distinctive.is_contradicted)


def list_terms(ours: Claims, theirs: Claims) -> list[tuple[Level, float]]:
    """All that was weighed with what it adds to the log-odds, the weightiest first: for whoever asks why."""
    weights = weights_in_use()
    terms = [(level, weights.terms.get(level.term, 0.0)) for level in compare_fields(ours, theirs)]
    return sorted(terms, key=lambda term: -abs(term[1]))


def _decide(odds: float, weights: Weights) -> Decision:
    return "same" if odds >= weights.same else "perhaps" if odds >= weights.perhaps else "different"


def _say(levels: Sequence[Level], weights: Weights, decision: Decision) -> str:
    """The terms in words, the weightiest first: what speaks for, and where it is not the same, what speaks against."""
    said = [(weights.terms.get(level.term, 0.0), level.words) for level in levels if level.words]
    speak_for = [words for weight, words in sorted(said, key=lambda one: -one[0]) if weight >= WORTH_A_WORD]
    against = [words for weight, words in sorted(said, key=lambda one: one[0]) if weight <= -WORTH_A_WORD]
    if decision == "same" or not against:
        return "; ".join(speak_for) or "too little in common"
    if decision == "different" or not speak_for:
        return "; ".join(against)
    return f"{'; '.join(speak_for)}, but {'; '.join(against)}"
