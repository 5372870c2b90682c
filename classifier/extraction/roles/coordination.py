"""Lets the members of one list (`A, B and C will run it`) have the part that the list has.

In: the organisations of a document, and how likely each has a part. Out: probabilities that lean towards those of the
list each stands in. What surrounds a list is said of all its members, but their own forms differ: of six grantees in a
row a model that weighs each by itself takes those whose names sound like charities, and misses the others. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from classifier.extraction.linear import log_odds, probability_of
from classifier.extraction.roles.entities import Entity

LEAN = 0.5
"""How far a member's score goes towards its list's. By cross-validation grouped by story, .4 to .6 alike: F1 of
implementers rises by .01 on the corpus' articles and by .02 on those retold by others."""

_LIKELIEST = 0.5
"""Of a list's score the share of its likeliest member, beside the mean, for those who run a project: one that surely
does speaks for those beside it. A partner beside others that are none says less."""

Lists = Sequence[Sequence[int]]
"""For each list that has two bodies or more their places among the organisations."""


def lists_of(entities: Sequence[Entity], is_land: Sequence[bool]) -> Lists:
    """The lists of a document. Countries and places (`is_land`) belong to none: they say where others are."""
    members: dict[int, set[int]] = {}
    for at, entity in enumerate(entities):
        if not is_land[at]:
            for mention in entity.mentions:
                members.setdefault(mention.group, set()).add(at)
    return [sorted(places) for places in members.values() if len(places) > 1]


def smooth_coordination(chances: Sequence[float], lists: Lists, *, heeds_likeliest: bool) -> list[float]:
    """The probabilities of one part, each nearer to that of the longest list it stands in; others as they were."""
    scores = [log_odds(chance) for chance in chances]
    leaning = list(chances)
    for at in {place for places in lists for place in places}:
        longest = max((places for places in lists if at in places), key=len)
        among = [scores[place] for place in longest]
        of_list = math.fsum(among) / len(among)
        if heeds_likeliest:
            of_list += _LIKELIEST * (max(among) - of_list)
        leaning[at] = probability_of(scores[at] + LEAN * (of_list - scores[at]))
    return leaning
