"""What surrounds a mention of an organisation, and what stands beside it: what its part is told by.

In: a mention, the list it stands in, and the sentence's other mentions and sums. Out: names of features. Pure. What is
said of a list is said of each body in it (`list_features`); the rest is a mention's own (`own_features`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.entities.mention import Mention
from classifier.entities.name_labels import labelled_role
from classifier.extraction.context import Context, behind_gloss, crossed, neighbours, place
from classifier.lexicon import load_places
from classifier.text.parsed_text import Sentence

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


def kind_of(mention: Mention) -> str:
    """The broad kind of a mention; a state of a federation is told from other places, since it has money to give."""
    if mention.kind == "place":
        return "province" if mention.name in load_places().provinces else "place"
    return _GROUPS.get(mention.kind, "name")


def list_features(context: Context, mention: Mention, group: Sequence[Mention], others: Sequence[Mention]) -> list[str]:
    """What surrounds a list of mentions, for those of one kind in it."""
    sentence = mention.sentence
    first, last = group[0].first, group[-1].last
    intervening = [(other.first, other.last) for other in others]
    around = context.around(sentence, first, last, intervening)
    near = [feature for feature in around if ":0" in feature or ":1" in feature]
    kind = kind_of(mention)
    features = [*around, *crossed(kind, near), *neighbours(sentence, first, last), place(sentence)]
    features.append(f"g:{min(len(group), 4)}")
    nearest = context.nearest(sentence, first, last, intervening)
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


def own_features(
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
    features = [f"with:{kind_of(other)}" for other in group if other is not mention]
    if features:
        features.append(f"{kind_of(mention)}&listed")
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
        kind = kind_of(other)
        names = {
            name
            for cue in context.cues(mention.sentence)
            if low <= cue.first and cue.last <= high
            for name in cue.value
        }
        features += [f"{side}:{kind}:{name}" for name in names] or [f"{side}:{kind}:nothing"]
        features += [f"{side}:{name}" for name in names & _RELATIONS]
    return features
