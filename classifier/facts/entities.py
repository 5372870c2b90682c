"""The organisations of a document, each with all its mentions and what speaks for or against a role of it.

In: a `Reading`'s context, its mentions of organisations, the countries of work, the sums. Out: an `Entity` for each
organisation, with the features of all its mentions pooled. Which role it plays is decided in `roles`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from classifier.facts.body_counts import told_several
from classifier.facts.context import Context, behind_gloss, crossed, neighbours, place
from classifier.facts.linear import Linear
from classifier.facts.mention import Mention
from classifier.facts.money import Money
from classifier.facts.name_form import name_rank
from classifier.facts.name_labels import labelled_role
from classifier.facts.reading import Sentence
from classifier.lexicon import load_donor_countries, load_provinces

_GROUPS = {
    "agency": "agency",
    "body": "agency",
    "donor": "donor",
    "both": "agency",
    "country": "gov",
    "government": "gov",
    "embassy": "gov",
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
            around = listed[mention.group, mention.kind] = _list_features(context, mention, group, others)
        features = [*around, *_own_features(context, mention, group, money_spans)]
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
    for told in told_several(context.reading):
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
    return _kind_of(entity.mentions[0])


def _kind_of(mention: Mention) -> str:
    """The broad kind of a mention; a state of a federation is told from other places, since it has money to give."""
    if mention.kind == "place":
        return "province" if mention.name in load_provinces() else "place"
    return _GROUPS.get(mention.kind, "name")


def _list_features(
    context: Context, mention: Mention, group: Sequence[Mention], others: Sequence[Mention]
) -> list[str]:
    """What surrounds a list of mentions, for those of one kind in it."""
    sentence = mention.sentence
    first, last = group[0].first, group[-1].last
    walls = [(other.first, other.last) for other in others]
    around = context.around(sentence, first, last, walls)
    near = [feature for feature in around if ":0" in feature or ":1" in feature]
    kind = _kind_of(mention)
    features = [*around, *crossed(kind, near), *neighbours(sentence, first, last), place(sentence)]
    features.append(f"g:{min(len(group), 4)}")
    nearest = context.nearest(sentence, first, last, walls)
    features += nearest
    features += crossed(kind, [one for one in nearest if one.count(":") == 1])
    if mention.kind in ("country", "government"):
        features += crossed(mention.kind, near)
    governors = context.governors(sentence, first)
    features += governors
    features += crossed(kind, governors)
    features += context.classes(sentence)
    if context.is_followed_by_verb(sentence, last) or context.is_followed_by_verb(
        sentence, behind_gloss(sentence, last)
    ):
        subject = [f"v&{one}" for one in governors]
        features += subject
        features += crossed(kind, subject)
    if first <= 1:
        features.append("lead")
        features += crossed("lead", [feature for feature in around if feature[0] == "R" and feature[-1] != "x"])
    if sentence.index <= _TOP_SENTENCES:
        features += crossed("top", near)
    features += _relations(context, mention, first, last, others)
    features += _words_beside(sentence, first, last)
    return features


_WINDOW = 8
"""Words on each side that may say what a body does; further ones belong to another clause."""
_STEM = 6
"""Letters of a word that are compared, so that `funds`, `funded` and `funding` are near alike, in all languages."""
_LONGEST_LABEL = 5  # tokens before the colon of a line
_STOPS = frozenset(".;:")


def _words_beside(sentence: Sentence, first: int, last: int) -> list[str]:
    """The words before and after and the pairs of them, wherever they stand up to a stop, cut to their stems."""
    tokens = sentence.tokens
    features = _label(sentence, first)
    for side, places in (
        ("wl", range(first - 1, max(-1, first - 1 - _WINDOW), -1)),
        ("wr", range(last, min(last + _WINDOW, len(tokens)))),
    ):
        nearer = ""
        for at in places:
            token = tokens[at]
            if token.kind != "w":
                if token.text in _STOPS:
                    break
                nearer = ""
                continue
            stem = token.folded[:_STEM]
            features.append(f"{side}={stem}")
            if nearer:
                features.append(f"{side}={nearer}_{stem}")
            nearer = stem
    return features


def _label(sentence: Sentence, first: int) -> list[str]:
    """What a line with a colon says that it gives: `Implementing partner: X`."""
    tokens = sentence.tokens
    for at in range(1, min(_LONGEST_LABEL + 1, first)):
        if tokens[at].text == ":":
            role = labelled_role(tokens, at)
            told = [] if role is None else [f"lab:{role}"]
            return [*told, *(f"lab={token.folded[:_STEM]}" for token in tokens[:at] if token.kind == "w")]
    return []


_TOP_SENTENCES = 3  # the headline and the lead, where most projects are told


def _own_features(
    context: Context,
    mention: Mention,
    group: Sequence[Mention],
    money_spans: Mapping[int, list[tuple[int, int]]],
) -> list[str]:
    """What is beside a mention itself, and its form."""
    sentence = mention.sentence
    features = _apposition(context, sentence, mention)
    features += _company(group, mention)
    if sentence.index in money_spans:
        features.append("money")
        features += _money_beside(mention, sentence, money_spans)
    if mention.quoted:
        features.append("quoted")
    if mention.acronym:
        features.append("acronym")
    if mention.is_told:
        features.append("told")
    return features


def _apposition(context: Context, sentence: Sentence, mention: Mention) -> list[str]:
    """What kind of body the words beside a name call it: `the charity Unseen`, `Kafa, a local organisation`."""
    tokens, heads = sentence.tokens, context.heads
    features = []
    for at in range(max(0, mention.first - 3), mention.first):
        hit = heads.match(tokens, at)
        if hit is not None and hit.last <= mention.first and not tokens[at].text[0].isupper():
            features.append(f"apl:{_GROUPS.get(hit.value, hit.value)}")
    after = mention.last
    if after < len(tokens) and tokens[after].text in ",(":
        for at in range(after + 1, min(after + 6, len(tokens))):
            if tokens[at].text in ",.;)":
                break
            hit = heads.match(tokens, at)
            if hit is not None and not tokens[at].text[0].isupper():
                features.append(f"apr:{_GROUPS.get(hit.value, hit.value)}")
    return list(dict.fromkeys(features))


def _company(group: Sequence[Mention], mention: Mention) -> list[str]:
    """With what a name stands in a list, and what its own form is."""
    features = [f"with:{_kind_of(other)}" for other in group if other is not mention]
    if features:
        features.append(f"{_kind_of(mention)}&listed")
    words = mention.name.split()
    capitals = sum(word[:1].isupper() for word in words)
    features.append("f:all-caps" if mention.name.isupper() else "f:plain")
    if capitals < len(words):
        features.append("f:small-words")
    if mention.kind in ("proper", "acronym"):
        features += [f"name&{one}" for one in features]
        features.append(f"name&w:{min(len(words), 5)}")
    return list(dict.fromkeys(features))


def _money_beside(mention: Mention, sentence: Sentence, spans: Mapping[int, list[tuple[int, int]]]) -> list[str]:
    """Whether a sum stands close by, and on which side: `$4 million from the X`, `X ($200,000)`."""
    features = []
    for first, last in spans.get(sentence.index, ()):
        if last <= mention.first:
            features.append("sumL:near" if mention.first - last <= _NEAR_SUM else "sumL:far")
        elif first >= mention.last:
            features.append(
                "sumR:next"
                if first - mention.last <= 1
                else "sumR:near"
                if first - mention.last <= _NEAR_SUM
                else "sumR:far"
            )
    return list(dict.fromkeys(features))


_NEAR_SUM = 6
"""Tokens between a sum and who gives or gets it in one clause."""


def _relations(context: Context, mention: Mention, first: int, last: int, others: Sequence[Mention]) -> list[str]:
    """What lies between this list of mentions and its neighbours: `B:donor:funds` reads "a donor funds this"."""
    before = max((other for other in others if other.last <= first), key=lambda other: other.last, default=None)
    after = min((other for other in others if other.first >= last), key=lambda other: other.first, default=None)
    features = []
    for side, other in (("B", before), ("A", after)):
        if other is None:
            features.append(f"{side}:none")
            continue
        low, high = (other.last, first) if side == "B" else (last, other.first)
        kind = _kind_of(other)
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
    kind = _kind_of(lead)
    features = [f"k:{kind}", f"kind:{lead.kind}", f"n:{min(len(entity.mentions), 4)}"]
    if lead.agency:
        features.append(f"id:{lead.agency}")
    features += [f"h:{head}" for mention in entity.mentions for head in mention.heads]
    homes = {mention.home for mention in entity.mentions if mention.home}
    if homes:
        at_home = "work" if homes & set(work) else "abroad"
        wealth = "rich" if homes & load_donor_countries() else "other"
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
