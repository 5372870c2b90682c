"""Which organisations run a project, pay for it, or take part.

In: a `Reading`, its mentions of organisations, the countries of work. Out: for each role the organisations in order of
mention, each with its clean name and the sentences that state it. An organisation may have two roles (it pays for its
own project). Method: the features of all mentions of one organisation are pooled and weighed by one linear model a role.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from classifier.facts.context import Context, crossed, neighbours, place
from classifier.facts.linear import Linear, Models
from classifier.facts.matching import is_same_organisation
from classifier.facts.money import Money
from classifier.facts.organisations import Mention
from classifier.facts.reading import Sentence

ROLES: tuple[str, ...] = ("implementers", "funders", "partners")
_GROUPS = {
    "agency": "agency",
    "body": "agency",
    "donor": "donor",
    "both": "agency",
    "country": "gov",
    "government": "gov",
    "embassy": "gov",
    "place": "place",
    "state": "state",
    "fund": "fund",
    "ngo": "ngo",
    "university": "ngo",
}
_MAX_NAME_CHARACTERS = 120
_RELATIONS = frozenset(
    (
        "funded_by",
        "funds",
        "receives",
        "implements",
        "implemented_by",
        "launches",
        "partner_with",
        "works_with",
        "partner",
    )
)


@dataclass(slots=True)
class Entity:
    """One organisation with all its mentions and the pooled features of them."""

    key: str
    mentions: list[Mention]
    features: list[str]
    own: list[list[str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The fullest name the text gives it, with its acronym where the text adds one."""
        best = max(
            self.mentions,
            key=lambda mention: (
                len(mention.name) <= _MAX_NAME_CHARACTERS,
                len(mention.name),
                mention.sentence.part == "text",
            ),
        )
        acronym = next(
            (mention.acronym for mention in self.mentions if mention.acronym and mention.name == best.name), None
        )
        return f"{best.name} ({acronym})" if acronym else best.name

    def best_sentence(self, model: Linear) -> Sentence:
        """The sentence whose own features speak most for a role."""

        def weight(at: int) -> float:
            return sum(model.weights.get(name, 0.0) for name in set(self.own[at]))

        return self.mentions[max(range(len(self.mentions)), key=weight)].sentence


def gather(context: Context, mentions: Sequence[Mention], work: Sequence[str], sums: Sequence[Money]) -> list[Entity]:
    """The organisations of a document with their features, in order of first mention."""
    money_sentences = {money.sentence.index for money in sums}
    by_sentence: dict[int, list[Mention]] = {}
    groups: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.sentence.index, []).append(mention)
        groups.setdefault(mention.group, []).append(mention)
    pooled: dict[str, Entity] = {}
    for mention in mentions:
        others = [other for other in by_sentence[mention.sentence.index] if other.group != mention.group]
        features = _mention_features(context, mention, groups[mention.group], others, money_sentences)
        entity = pooled.get(mention.key)
        if entity is None:
            pooled[mention.key] = entity = Entity(mention.key, [], [f"first:{place(mention.sentence)}"])
        entity.mentions.append(mention)
        entity.features += features
        entity.own.append(features)
    entities = list(pooled.values())
    kinds = Counter(_group_of(entity) for entity in entities)
    for entity in entities:
        entity.features += _entity_features(entity, work, kinds)
    return entities


def _group_of(entity: Entity) -> str:
    return _GROUPS.get(entity.mentions[0].kind, "name")


def _mention_features(
    context: Context, mention: Mention, group: Sequence[Mention], others: Sequence[Mention], money_sentences: set[int]
) -> list[str]:
    sentence = mention.sentence
    first, last = group[0].first, group[-1].last
    walls = [(other.first, other.last) for other in others]
    around = context.around(sentence, first, last, walls)
    near = [feature for feature in around if ":0" in feature or ":1" in feature]
    kind = _GROUPS.get(mention.kind, "name")
    features = [*around, *crossed(kind, near), *neighbours(sentence, first, last), place(sentence)]
    features.append(f"g:{min(len(group), 4)}")
    features += [f"s:{name}" for name in context.classes(sentence)]
    if first <= 1:
        features.append("lead")
        features += crossed("lead", [feature for feature in around if feature[0] == "R" and feature[-1] != "x"])
    if mention.quoted:
        features.append("quoted")
    if sentence.index in money_sentences:
        features.append("money")
    if sentence.index == 0 or sentence.index <= 3:
        features += crossed("top", near)
    if mention.acronym:
        features.append("acronym")
    features += _relations(context, mention, first, last, others)
    return features


def _relations(context: Context, mention: Mention, first: int, last: int, others: Sequence[Mention]) -> list[str]:
    """What lies between this list of mentions and the one before and after it: `B:donor:funds` reads "a donor funds this"."""
    before = max((other for other in others if other.last <= first), key=lambda other: other.last, default=None)
    after = min((other for other in others if other.first >= last), key=lambda other: other.first, default=None)
    features = []
    for side, other in (("B", before), ("A", after)):
        if other is None:
            features.append(f"{side}:none")
            continue
        low, high = (other.last, first) if side == "B" else (last, other.first)
        kind = _GROUPS.get(other.kind, "name")
        names = {
            name
            for cue in context.cues(mention.sentence)
            if low <= cue.first and cue.last <= high
            for name in cue.value
        }
        features += [f"{side}:{kind}:{name}" for name in names] or [f"{side}:{kind}:nothing"]
        features += [f"{side}:{name}" for name in names & _RELATIONS]
    return features


def _entity_features(entity: Entity, work: Sequence[str], kinds: Counter[str]) -> list[str]:
    lead = entity.mentions[0]
    kind = _GROUPS.get(lead.kind, "name")
    features = [f"k:{kind}", f"kind:{lead.kind}", f"n:{min(len(entity.mentions), 4)}"]
    if lead.agency:
        features.append(f"id:{lead.agency}")
    features += [f"h:{head}" for mention in entity.mentions for head in mention.heads]
    homes = {mention.home for mention in entity.mentions if mention.home}
    if homes:
        at_home = "work" if homes & set(work) else "abroad"
        features += [f"home:{at_home}", f"{kind}&home:{at_home}"]
    elif kind == "gov":
        features += ["home:work", "gov&home:open"]
    features.append(f"{kind}&alone" if kinds[kind] == 1 else f"{kind}&many")
    if not kinds["agency"] and not kinds["ngo"]:
        features.append(f"{kind}&no-agency")
    size = max(len(mention.name.split()) for mention in entity.mentions)
    features.append(f"w:{min(size, 6)}")
    features += crossed(
        kind, [feature for feature in set(entity.features) if feature.startswith(("p:", "first:", "quoted"))]
    )
    return features


def cast_roles(entities: Sequence[Entity], models: Models) -> dict[str, list[Entity]]:
    """For each role the organisations whose probability reaches the role's threshold, in order of mention."""
    roles: dict[str, list[Entity]] = {}
    for role in ROLES:
        model = models[role]
        weighed = [(model.probability(entity.features), entity) for entity in entities]
        taken = sorted((pair for pair in weighed if pair[0] >= model.threshold), key=lambda pair: -pair[0])
        kept: list[Entity] = []
        for _, entity in taken:
            if not any(is_same_organisation(entity.name, other.name) for other in kept):
                kept.append(entity)
        roles[role] = [entity for entity in entities if any(entity is one for one in kept)]
    own = {entity.key for role in ("implementers", "funders") for entity in roles[role]}
    roles["partners"] = [entity for entity in roles["partners"] if entity.key not in own]
    return roles
