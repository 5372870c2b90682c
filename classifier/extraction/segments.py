"""Tells several projects of one text apart: what of the text tells of which.

In: everything gathered of a document. Out: one `Segment` a project, or none where the text tells of one project, as
nearly all do. A text is parted only where it says so itself: it counts its projects (`The first …`, `The second …`,
or as many names as it says there are projects), or each has a name of its own and its own sum, length or dates, in
sentences or in clauses of one sentence. A package of grants without names stays one project, as the labelling guide
says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from classifier.document import MOST_PROJECTS
from classifier.entities.matching import is_same_name, is_same_organisation
from classifier.extraction.candidates import Candidate
from classifier.extraction.context import Context
from classifier.extraction.counting import Counting
from classifier.extraction.extractor import Extracted
from classifier.extraction.linear import Models
from classifier.extraction.names.choice import probability_of
from classifier.text.parsed_text import Sentence

_LEAST_CHANCE = 0.3
"""Chance at least of a further project's name: parents, funds and laws that only look like one lie below."""

_LEAST_COUNTED = 0.03
"""The same where the text says how many projects it tells of: bodies and places lie below."""

_NOUN_TOKENS = 6  # between a name and the noun that calls it a project: `, a new three-year project`

_OPENING = frozenset(("launches", "funds", "funded_by", "receives", "implements", "implemented_by"))
"""Classes of cues one of which a sentence holds that brings in a project."""

_PARENT = frozenset(("L:parent:0", "L:parent:1", "pre:under"))
"""Features of a name that say it is what the project is part of."""

Place = tuple[Sentence, int]
"""A token of a sentence."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of tokens of a sentence of the text, from `first` up to, not including, `last`."""

    sentence: Sentence
    first: int
    last: int

    def holds(self, place: Place) -> bool:
        """Whether a token lies in it."""
        return self.sentence is place[0] and self.first <= place[1] < self.last

    @property
    def characters(self) -> tuple[int, int]:
        """Where it stands in the text; a whole sentence with its signs."""
        tokens = self.sentence.tokens
        start = self.sentence.start if self.first == 0 else tokens[self.first].start
        end = self.sentence.end if self.last == len(tokens) else tokens[self.last - 1].end
        return start, end


@dataclass(slots=True)
class Segment:
    """One project of several: its name, where it has one, what tells of it alone, and what of others alone.

    `counted_in` are the sentences that say how many projects there are.
    """

    name: Candidate | None
    own: list[Span] = field(default_factory=list)
    others: list[Span] = field(default_factory=list)
    counted_in: list[Sentence] = field(default_factory=list)

    def tells(self, places: Iterable[Place]) -> bool:
        """Whether one of these places is in what tells of it alone."""
        return any(span.holds(place) for place in places for span in self.own)

    def leaves(self, places: Iterable[Place]) -> bool:
        """Whether one of these places is in what tells of another alone."""
        return any(span.holds(place) for place in places for span in self.others)


@dataclass(slots=True)
class _Head:
    """What brings in a project: a sentence, or a clause of one."""

    span: Span
    name: Candidate | None
    is_counted: bool = False

    @property
    def sentence(self) -> Sentence:
        return self.span.sentence


def find_segments(gathered: Extracted, models: Models) -> list[Segment]:
    """The projects of the text, in order; empty where it tells of one only, or where they cannot be told apart."""
    counting = Counting(gathered.reading)
    grounds = _grounds(gathered)
    if not counting.is_enumerated and len(grounds) < 2:
        return []
    names = _distinct_names(gathered, models, grounds, counting)
    heads = _find_heads(gathered, names, counting)
    if len(heads) < 2:
        heads = _find_clauses(gathered, names)
    if not 2 <= len(heads) <= MOST_PROJECTS:
        return []
    is_told = counting.is_enumerated or counting.number == len(heads)
    parts = _share_out(gathered, heads, counting)
    context = Context(gathered.reading)
    is_grounded = (
        _is_grounded(part, head, gathered, grounds, context, counting=counting, is_told=is_told)
        for part, head in zip(parts, heads, strict=True)
    )
    return parts if all(is_grounded) else []


# --- where each begins ----------------------------------------------------------------------------


def _distinct_names(
    gathered: Extracted, models: Models, grounds: Sequence[Place], counting: Counting
) -> list[Candidate]:
    """Names of different projects, the likeliest first; acronyms and parts of a name go with it.

    Where the text says how many there are, as many less likely ones will do, if a sum or time stands by each.
    """
    model = models["name"]
    ranked = sorted(
        ((probability_of(one, model), one) for one in gathered.names if _PARENT.isdisjoint(one.features)),
        key=lambda pair: -pair[0],
    )
    likely = [one for chance, one in ranked if chance >= max(_LEAST_CHANCE, model.threshold)]
    if not likely and ranked and ranked[0][0] >= model.threshold:
        likely = [ranked[0][1]]
    names = _keep_distinct(likely)
    if counting.number is not None and len(names) < counting.number:
        grounded = {sentence.index for sentence, _ in grounds}
        beside = [
            one
            for chance, one in ranked
            if chance >= _LEAST_COUNTED and any(sentence.index in grounded for sentence in one.sentences)
        ]
        counted = _keep_distinct([*(name for name in names if name in beside), *beside])
        if len(counted) >= counting.number:
            return counted[: counting.number]
    return names


def _keep_distinct(names: Sequence[Candidate]) -> list[Candidate]:
    found: list[Candidate] = []
    for one in names:
        name = str(one.value)
        if not any(is_same_name(name, str(o.value)) or is_same_organisation(name, str(o.value)) for o in found):
            found.append(one)
    return found


def _find_heads(gathered: Extracted, names: Sequence[Candidate], counting: Counting) -> list[_Head]:
    """The sentence that brings in each project, in order of the text."""
    heads: dict[int, _Head] = {}
    for name, sentences in zip(names, _named_alone(names), strict=True):
        if sentences:
            heads.setdefault(sentences[0].index, _Head(_whole(sentences[0]), name))
    for sentence in counting.heads:
        heads.setdefault(sentence.index, _Head(_whole(sentence), None)).is_counted = True
    ordered = [heads[index] for index in sorted(heads)]
    return _join_heads(ordered, gathered) if counting.is_enumerated else ordered


def _whole(sentence: Sentence) -> Span:
    return Span(sentence, 0, len(sentence.tokens))


def _named_alone(names: Sequence[Candidate]) -> list[list[Sentence]]:
    """For each name the sentences of the text that name it and no other."""
    by_name = [{s.index: s for s in name.sentences if s.part == "text"} for name in names]
    return [[s for index, s in its.items() if sum(index in other for other in by_name) == 1] for its in by_name]


def _join_heads(heads: list[_Head], gathered: Extracted) -> list[_Head]:
    """A name that stands in the sentence or paragraph after `The first is …` is that project's."""
    joined: list[_Head] = []
    for head in heads:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.name is None
            and not head.is_counted
            and _is_one_paragraph(gathered, before.sentence, head.sentence)
        ):
            before.name = head.name
        else:
            joined.append(head)
    return joined


def _find_clauses(gathered: Extracted, names: Sequence[Candidate]) -> list[_Head]:
    """Clauses of one sentence that each begin with a name: `A, worth 2 million, and B, worth 1 million`."""
    by_sentence: dict[int, list[tuple[int, Sentence, Candidate]]] = {}
    for name in names:
        for sentence, first, _ in name.places:
            here = by_sentence.setdefault(sentence.index, [])
            if sentence.part == "text" and all(name is not known for _, _, known in here):
                here.append((first, sentence, name))
    for here in by_sentence.values():
        if len(here) < 2:
            continue
        here.sort(key=lambda found: found[0])
        ends = [first for first, _, _ in here[1:]] + [len(here[0][1].tokens)]
        return [
            _Head(Span(sentence, first, end), name) for (first, sentence, name), end in zip(here, ends, strict=True)
        ]
    return []


def _is_one_paragraph(gathered: Extracted, one: Sentence, other: Sentence) -> bool:
    return "\n" not in gathered.reading.document.text[one.end : other.start]


# --- what belongs to each -------------------------------------------------------------------------


def _share_out(gathered: Extracted, heads: Sequence[_Head], counting: Counting) -> list[Segment]:
    """Parts the text: what brings a project in is its own, and so are the sentences up to the next head, but those
    that tell of all projects.

    After the last head only its paragraph is, and what names it: an article's end is about all. After clauses of one
    sentence only what names a project is its own.
    """
    parts = [Segment(head.name, counted_in=counting.counts) for head in heads]
    owned = [(at, head.span) for at, head in enumerate(heads)]
    opened = {head.sentence.index: at for at, head in enumerate(heads)}
    has_sentences = len(opened) == len(heads)
    naming: dict[int, set[int]] = {}
    for at, head in enumerate(heads):
        for sentence in head.name.sentences if head.name is not None else ():
            naming.setdefault(sentence.index, set()).add(at)
    current: int | None = None
    last = heads[-1].sentence
    for sentence in gathered.reading.sentences:
        named = naming.get(sentence.index, set())
        if sentence.part == "title" or len(named) > 1:
            continue
        if sentence.index in opened:
            current, last = opened[sentence.index], sentence
        elif named and (current is not None or not has_sentences):
            current, last = next(iter(named)), sentence
            owned.append((current, _whole(sentence)))
        elif (
            current is not None
            and has_sentences
            and not counting.is_shared(sentence)
            and (current < len(heads) - 1 or _is_one_paragraph(gathered, last, sentence))
        ):
            last = sentence
            owned.append((current, _whole(sentence)))
    for owner, span in sorted(owned, key=lambda pair: (pair[1].sentence.index, pair[1].first)):
        for at, part in enumerate(parts):
            (part.own if owner == at else part.others).append(span)
    return parts


def _grounds(gathered: Extracted) -> list[Place]:
    """Where the text states a sum, a length or a span of time."""
    stated = [(place[0], place[1]) for one in (*gathered.sums, *gathered.lengths) for place in one.places]
    stated += [(span.sentence, span.first) for span in gathered.times.ranges]
    return list({(s.index, at): (s, at) for s, at in stated if s.part == "text"}.values())


def _is_grounded(
    part: Segment,
    head: _Head,
    gathered: Extracted,
    grounds: Sequence[Place],
    context: Context,
    *,
    counting: Counting,
    is_told: bool,
) -> bool:
    """Whether the text brings a project in as new, with facts of its own.

    Where the text counts its projects, a body of its own is enough; else it must be named and have a sum, a length or
    dates, and what brings it in must not lie in the past.
    """
    has_ground = part.tells(grounds)
    if is_told:
        bodies = ([(m.sentence, m.first) for m in entity.mentions] for entity in gathered.entities)
        return has_ground or any(part.tells(places) and not part.leaves(places) for places in bodies)
    classes = {name for cue in context.cues(head.sentence) for name in cue.value}
    is_brought_in = head.name is not None and not _OPENING.isdisjoint(classes) and _is_called_project(head, counting)
    return has_ground and is_brought_in and "past" not in classes


def _is_called_project(head: _Head, counting: Counting) -> bool:
    """Whether a noun for a project stands close to the name: `Coral Path, a three-year project`."""
    assert head.name is not None
    for sentence, first, last in head.name.places:
        if sentence is head.sentence:
            around = range(max(0, first - _NOUN_TOKENS), min(len(sentence.tokens), last + _NOUN_TOKENS))
            if counting.is_noun_at(sentence, around):
                return True
    return False
