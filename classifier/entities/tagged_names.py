"""Names that the encoder tags, as places in the sentences of a reading.

In: a `ParsedText` and the encoder's `TaggedSpan`s. Out: runs of tokens, cut to a name. They add candidates in every
language; where rules of a lexicon find a name at the same place, theirs stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from classifier.encoder.tags import ORGANISATION, TaggedSpan
from classifier.entities.mention import Mention, name_key
from classifier.text.parsed_text import ParsedText, Sentence

_AROUND = frozenset("\"'«»“”„’‘「」『』《》()（）[],;:.،؛。、–—-")
"""Signs that a name neither begins nor ends with."""


def tagged_places(reading: ParsedText, tags: Iterable[TaggedSpan], kind: int) -> list[tuple[Sentence, int, int]]:
    """Each span of a kind as (sentence, first token, after the last), in order; one that spans two sentences is left
    out, as is one of boilerplate."""
    before = len(reading.document.title) + 1
    places = []
    for tag in tags:
        if tag.kind != kind:
            continue
        part, shift = ("text", before) if tag.start >= before else ("title", 0)
        start, end = tag.start - shift, tag.end - shift
        sentence = next((s for s in reading.sentences if s.part == part and s.start <= start and end <= s.end), None)
        if sentence is None:
            continue
        tokens = sentence.tokens
        first = next((at for at, token in enumerate(tokens) if token.end > start), len(tokens))
        last = next((at for at in range(len(tokens), first, -1) if tokens[at - 1].start < end), first)
        while first < last and tokens[first].text in _AROUND:
            first += 1
        while first < last and tokens[last - 1].text in _AROUND:
            last -= 1
        if first < last:
            places.append((sentence, first, last))
    return places


def add_tagged_mentions(mentions: Sequence[Mention], reading: ParsedText, tags: Iterable[TaggedSpan]) -> list[Mention]:
    """The mentions with those of organisations that only the encoder finds, in order."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for mention in mentions:
        taken.setdefault(mention.sentence.index, []).append((mention.first, mention.last))
    added = []
    for sentence, first, last in tagged_places(reading, tags, ORGANISATION):
        if any(start < last and first < end for start, end in taken.get(sentence.index, ())):
            continue
        name = " ".join(reading.raw(sentence, first, last).split())
        if key := name_key(name):
            added.append(Mention(sentence, first, last, name, f"name:{key}", "proper"))
    order = {sentence.index: number for number, sentence in enumerate(reading.all_sentences)}
    return sorted([*mentions, *added], key=lambda one: (order[one.sentence.index], one.first))
