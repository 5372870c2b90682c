"""How likely what may be a project's name is a body that runs it, pays for it or takes part.

In: the organisations of a document and the models of roles. Out: a chance for a name. Pure. Names of bodies and of
projects look alike; the models of roles know what bodies do, those of names do not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from classifier.entities.mention import name_key
from classifier.extraction.linear import Models
from classifier.extraction.roles.entities import Entity
from classifier.schema import ROLES


def probability_as_organisation(entities: Sequence[Entity], models: Models) -> Callable[[str], float]:
    """What tells of a name how likely a body of that name has a role; only names that are asked for are weighed."""
    by_key: dict[str, list[Entity]] = {}
    for entity in entities:
        for name in {entity.name, *(mention.name for mention in entity.mentions)}:
            by_key.setdefault(name_key(name), []).append(entity)

    def chance(name: str) -> float:
        alike = [frozenset(entity.features) for entity in by_key.get(name_key(name), ())]
        return max((models[role].probability(features) for features in alike for role in ROLES), default=0.0)

    return chance
