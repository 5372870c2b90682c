"""Whether a new article shows a project to be two: some of its articles are one with the new one, others contradict it.

How the article is like each of the project's goes in; the articles that are one with it rather than with the rest come
out. Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.register.compare.claims import Member
from storage.register.compare.match import MatchDecision, compare_claims, join_decisions


def find_split(linked: Sequence[tuple[Member, MatchDecision]]) -> tuple[list[Member], list[Member], str] | None:
    """The articles that are one with a new one, the rest, and the contradiction between; None where it shows no such
    thing.

    Args:
        linked: the articles of a project that have facts, each with how the new one is like it. The new article is not
            one with the project as a whole.
    """
    against = next((match for _, match in linked if match.is_contradicted), None)
    near = [(member, match) for member, match in linked if match.decision == "same"]
    rest = [member for member, match in linked if match.decision != "same"]
    if against is None or not near:
        return None
    # what was joined on little stays, unless it is more like the new one than like what it was joined to
    part = [
        member
        for member, match in near
        if match.points > join_decisions([compare_claims(member.claims, other.claims) for other in rest]).points
    ]
    return (part, [m for m, _ in linked if all(m is not one for one in part)], against.reason) if part else None
