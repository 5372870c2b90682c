"""The organisations of a document, each with all its mentions and what speaks for or against a role of it.

In: a `ParsedText`'s context, its mentions of organisations, the countries of work, the sums. Out: an `Entity` for each
organisation, with the features of all its mentions pooled. Which role it plays is decided in `roles`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from classifier.entities.mention import Mention
from classifier.entities.name_form import name_rank
from classifier.extraction.context import Context, crossed, place
from classifier.extraction.linear import Linear
from classifier.extraction.roles.counts import counted_organisations
from classifier.extraction.roles.mention_features import kind_of, list_features, own_features
from classifier.lexicon import load_places
from classifier.quantities.money import Money
from classifier.text.parsed_text import Sentence

_MAX_NAME_CHARACTERS = 120


@dataclass(slots=True)
class Entity:
    """One organisation with all its mentions and the pooled features of them."""

    key: str
    mentions: list[Mention]
    features: list[str]
    own: list[list[str]] = field(default_factory=list)
    lang: str = "en"

    @property
    def name(self) -> str:
        """The first of a known body's names, a long one before an acronym, else the fullest in the text; a description
        where there is no other."""
        return max(
            self.mentions,
            key=lambda mention: (
                not mention.is_told,
                self.lang != "en" or not _is_description(mention.name),
                len(mention.name) <= _MAX_NAME_CHARACTERS,
                not (mention.agency and _is_short_form(mention.name)),
                -name_rank(mention.agency, mention.name),
                len(mention.name),
                mention.sentence.part == "text",
            ),
        ).name

    def best_sentence(self, model: Linear) -> Sentence:
        """The sentence whose own features speak most for a role."""

        def weight(at: int) -> float:
            return sum(model.weights.get(name, 0.0) for name in set(self.own[at]))

        return self.mentions[max(range(len(self.mentions)), key=weight)].sentence


def _is_short_form(name: str) -> bool:
    """Whether a name is an acronym, which in many languages is not that of the words it stands for (`OIT`), or what
    newspapers call a body (`UN refugee agency`)."""
    return (" " not in name and name.isupper()) or name.startswith("UN ")


def _is_description(name: str) -> bool:
    """Whether a name ends in a word without a capital, in a script that has them: `UN refugee agency`."""
    last = name.rsplit(maxsplit=1)[-1]
    return last.islower() and name[0].isupper()


def gather(context: Context, mentions: Sequence[Mention], work: Sequence[str], sums: Sequence[Money]) -> list[Entity]:
    """The organisations of a document with their features, in order of first mention."""
    money_spans: dict[int, list[tuple[int, int]]] = {}
    for money in sums:
        money_spans.setdefault(money.sentence.index, []).append((money.first, money.last))
    by_sentence: dict[int, list[Mention]] = {}
    groups: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.sentence.index, []).append(mention)
        groups.setdefault(mention.group, []).append(mention)
    pooled: dict[str, Entity] = {}
    listed: dict[tuple[int, str], list[str]] = {}
    for mention in mentions:
        group = groups[mention.group]
        around = listed.get((mention.group, mention.kind))
        if around is None:
            others = [other for other in by_sentence[mention.sentence.index] if other.group != mention.group]
            around = listed[mention.group, mention.kind] = list_features(context, mention, group, others)
        features = [*around, *own_features(context, mention, group, money_spans)]
        entity = pooled.get(mention.key)
        if entity is None:
            pooled[mention.key] = entity = Entity(
                mention.key, [], [f"first:{place(mention.sentence)}"], lang=context.reading.lang
            )
        entity.mentions.append(mention)
        entity.features += features
        entity.own.append(features)
    entities = list(pooled.values())
    kinds = Counter(_group_of(entity) for entity in entities)
    named = min(sum(count for kind, count in kinds.items() if kind not in _LANDS), _MOST_BODIES)
    ranks: Counter[str] = Counter()
    for entity in entities:
        kind = _group_of(entity)
        body = "land" if kind in _LANDS else "body"
        entity.features.append(f"ord:{body}:{min(ranks[body], 4)}")
        if body == "body":
            entity.features += [f"bodies:{named}", f"{kind}&bodies:{named}"]
        ranks[body] += 1
        entity.features += _entity_features(entity, work, kinds)
    for told in counted_organisations(context.reading):
        for entity in entities:
            entity.features += _among_several(entity, told)
    return entities


def _among_several(entity: Entity, counted: str) -> list[str]:
    """What a body is in an article that says how many bodies it tells of: such give or get, and those that get run."""
    kind = _group_of(entity)
    told = set(entity.features)
    signs = ["listed" if told & {"g:2", "g:3", "g:4"} else "single"]
    if any(one.startswith("v&") for one in told):
        signs.append("subject")
    signs += [one for one in told if one.startswith("sumR")]
    return [counted, *crossed(counted, [kind, *signs]), *crossed(f"{counted}&{kind}", signs)]


_LANDS = frozenset(["gov", "place", "province"])
_MOST_BODIES = 6
"""Bodies that are counted: who is named alone runs the project, and of many only some do."""


def _group_of(entity: Entity) -> str:
    return kind_of(entity.mentions[0])


def _entity_features(entity: Entity, work: Sequence[str], kinds: Counter[str]) -> list[str]:
    lead = entity.mentions[0]
    kind = kind_of(lead)
    features = [f"k:{kind}", f"kind:{lead.kind}", f"n:{min(len(entity.mentions), 4)}"]
    if lead.agency:
        features.append(f"id:{lead.agency}")
    features += [f"h:{head}" for mention in entity.mentions for head in mention.heads]
    homes = {mention.home for mention in entity.mentions if mention.home}
    if homes:
        at_home = "work" if homes & set(work) else "abroad"
        wealth = "rich" if homes & load_places().donors else "other"
        features += [f"home:{at_home}", f"{kind}&home:{at_home}", f"{kind}&home:{at_home}&{wealth}"]
    elif kind == "gov":
        features += ["home:work", "gov&home:open"]
    features += [f"{kind}&{other}:{min(kinds[other], 4)}" for other in ("agency", "donor", "ngo", "state")]
    features.append(f"{kind}&alone" if kinds[kind] == 1 else f"{kind}&many")
    if not kinds["agency"] and not kinds["ngo"]:
        features.append(f"{kind}&no-agency")
    size = max(len(mention.name.split()) for mention in entity.mentions)
    features.append(f"w:{min(size, 6)}")
    features += crossed(
        kind, [feature for feature in set(entity.features) if feature.startswith(("p:", "first:", "quoted"))]
    )
    return features
