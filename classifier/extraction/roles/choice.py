"""Which organisations run a project, pay for it, or take part.

In: the organisations of a document (`entities`). Out: for each role the organisations in order of mention, each with
its clean name and the sentences that state it. An organisation may have two roles (it pays for its own project).
Method: the features of all mentions of one organisation are pooled and weighed by one linear model a role; the members
of a list lean on each other, and those who may pay are weighed as rivals too.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.entities.matching import is_same_organisation
from classifier.entities.mention import Mention
from classifier.entities.name_words import load_name_words
from classifier.extraction.linear import Models
from classifier.extraction.roles.competitors import score_competitors
from classifier.extraction.roles.coordination import lists_of, smooth_coordination
from classifier.extraction.roles.entities import Entity
from classifier.lexicon import load_offices
from classifier.schema import ROLES
from classifier.text.tokens import fold

FALLBACKS = {"implementers": 0.24, "funders": 0.35}
"""Probabilities from which the likeliest organisation is taken where none reaches the threshold: a project has somebody
who runs it and somebody who pays for it, and a partner only sometimes."""


OWN_FUNDER = 0.4
"""Probability from which one who runs a project pays for it too: by cross-validation most of those between this and the
threshold of funders do (the Council of Europe beside the European Union)."""


RUNNER_SHARE = 0.65
"""Share of the likeliest runner's probability that a further one must have: where one body surely runs a project, a
doubtful one beside it is more often a partner or a bystander. From 0.6 to 0.7 cross-validation finds it alike."""

PARTNER_LEAN = 1.8
"""How much more a partner's probability counts against those of the other roles. Those that are stated less often have
lower ones, so that the likeliest role was a partner's too seldom; from 1.7 to 2 alike."""


def classify_roles(entities: Sequence[Entity], models: Models) -> dict[str, list[Entity]]:
    """For each role the organisations whose probability reaches the role's threshold, in order of mention.

    One that is likelier a partner than anything else is only that.
    """
    entities = [entity for entity in entities if not _is_nobody_in_particular(entity.name)]
    known = [frozenset(entity.features) for entity in entities]
    chances = {role: [models[role].probability(features) for features in known] for role in ROLES}
    chances["funders"] = score_competitors(
        chances["funders"], [models["funders_among"].score(features) for features in known]
    )
    chances["partners"] = [
        0.0 if _is_land(entity) else max(chance, _PHRASE_FLOOR) if _is_named_partner(entity) else chance
        for chance, entity in zip(chances["partners"], entities, strict=True)
    ]
    lists = lists_of(entities, [_is_land(entity) for entity in entities])
    for role in ("implementers", "partners"):  # who pays is told one by one
        chances[role] = smooth_coordination(chances[role], lists, heeds_likeliest=role == "implementers")
    for at, entity in enumerate(entities):
        _heed_label(entity, chances, at)
    partners = {
        at
        for at, chance in enumerate(chances["partners"])
        if chance >= models["partners"].threshold
        and PARTNER_LEAN * chance > max(chances["implementers"][at], chances["funders"][at])
    }
    bars = {role: [models[role].threshold] * len(entities) for role in ROLES}
    share = RUNNER_SHARE * max(chances["implementers"], default=0.0)
    bars["implementers"] = [max(bar, share) for bar in bars["implementers"]]
    bars["funders"] = [
        min(bar, OWN_FUNDER) if chance >= models["implementers"].threshold else bar
        for bar, chance in zip(bars["funders"], chances["implementers"], strict=True)
    ]
    roles: dict[str, list[Entity]] = {}
    for role in ("implementers", "funders"):
        order = sorted(range(len(entities)), key=lambda at: -chances[role][at])
        taken = [at for at in order if at not in partners and chances[role][at] >= bars[role][at]]
        if not taken:
            taken = [at for at in order if chances[role][at] >= FALLBACKS[role]][:1]
        roles[role] = _distinct(entities, taken, is_paying=role == "funders")
    own = [entity for role in ("implementers", "funders") for entity in roles[role]]
    order = sorted(range(len(entities)), key=lambda at: -chances["partners"][at])
    others = [at for at in order if chances["partners"][at] >= models["partners"].threshold]
    roles["partners"] = [
        entity
        for entity in _distinct(entities, others)
        if not any(entity is one or is_same_organisation(entity.name, one.name) for one in own)
    ]
    return roles


def _is_nobody_in_particular(name: str) -> bool:
    """Whether a name says only of what kind bodies are: `NGOs`, `Ministries`, `Fijian NGO`, or `State` and no more."""
    words, known = fold(name).split(), load_name_words()
    if len(words) == 1 and words[0] in known.bare_bodies:
        return True
    return len(words) <= 2 and words[-1] in known.kinds_of_bodies and "united" not in words


def _heed_label(entity: Entity, chances: dict[str, list[float]], at: int) -> None:
    """Lets a part stand that a line's label states outright (`Donor: X`), and no other that is only guessed.

    A country after a label is as a rule where the body before it is at home; it may pay.
    """
    told = {role for role in ROLES if f"lab:{role}" in entity.features}
    if len(told) != 1 or (_is_land(entity) and "funders" not in told):
        return
    for role in ROLES:
        chance = chances[role][at]
        if role in told:
            chances[role][at] = max(chance, _LABEL_FLOOR)
        elif chance < _SURE:
            chances[role][at] = min(chance, _LABEL_CEILING)


_LABEL_FLOOR = 0.8
_LABEL_CEILING = 0.2
"""Probabilities of a part that a label states, and of the others: above every threshold, and below every one."""
_SURE = 0.6
"""Probability from which the rest of the article says itself that a labelled body plays another part as well."""


def _is_land(entity: Entity) -> bool:
    """Whether only a country or a place is named, no government of it: it pays, or is where the work is done."""
    return all(mention.kind in ("country", "place") for mention in entity.mentions)


def _is_named_partner(entity: Entity) -> bool:
    """Whether a phrase says so outright: `in partnership with the Government of Burundi`."""
    return entity.mentions[0].kind in _PARTNER_KINDS and not _PARTNER_PHRASES.isdisjoint(entity.features)


_PARTNER_PHRASES = frozenset(["L:partner_with:0"])
_PARTNER_KINDS = frozenset(["government", "state", "ngo", "university"])
"""Kinds of bodies of which, after such a phrase, four of five are partners; agencies share the work, donors pay."""
_PHRASE_FLOOR = 0.85


def _distinct(entities: Sequence[Entity], taken: Sequence[int], *, is_paying: bool = False) -> list[Entity]:
    """The likeliest first, none twice under another name; then in order of mention.

    Of one payer under two names, a body before an office of it, and before the state it belongs to.
    """
    kept: list[int] = []
    offices = load_offices()

    def rank(at: int) -> tuple[bool, bool]:
        lead = entities[at].mentions[0]
        return is_paying and lead.agency in offices, is_paying and lead.kind in _WHOLE_STATES

    for at in sorted(taken, key=rank):
        one = entities[at]
        if not any(
            is_same_organisation(one.name, entities[other].name)
            or (is_paying and _is_same_payer(one.mentions[0], entities[other].mentions[0]))
            for other in kept
        ):
            kept.append(at)
    return [entities[at] for at in sorted(kept)]


def _is_same_payer(one: Mention, other: Mention) -> bool:
    """Whether the money is one: of a state and a ministry of it, of a ministry and an office of it."""
    if one.home and one.home == other.home and {one.kind, other.kind} & _WHOLE_STATES:
        return {one.kind, other.kind} <= _WHOLE_STATES | _OF_STATES
    offices = load_offices()
    ids = [offices.get(mention.agency or "", mention.agency) for mention in (one, other)]
    return ids[0] is not None and ids[0] == ids[1]


_WHOLE_STATES = frozenset(["country", "government"])
_OF_STATES = frozenset(["donor", "embassy", "state"])
"""Kinds of mentions that mean a state, and of bodies that pay in its name: an article that has both means one sum."""
