"""Tells several projects of one text apart: which sentences tell of which.

In: everything gathered of a document. Out: one `Part` a project, or none where the text tells of one project, as nearly
all do. A text is parted only where it says so itself: it counts its projects (`The first …`, `The second …`), or each
has a name of its own and its own sum, length or dates. A package of grants without names stays one project, as the
labelling guide has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from classifier.document import MOST_PROJECTS
from classifier.facts.candidates import Candidate
from classifier.facts.context import Context
from classifier.facts.gathering import Gathered
from classifier.facts.linear import Models
from classifier.facts.matching import is_same_name, is_same_organisation
from classifier.facts.names import chance_of
from classifier.facts.phrases import Found, PhraseBook
from classifier.facts.reading import Reading, Sentence
from classifier.facts.tokens import fold
from classifier.lexicon import load_lexicon

__all__ = ["Part", "find_parts"]

_LEAST_CHANCE = 0.3
"""Chance at least of a further project's name: parents, funds and laws that only look like one lie below."""

_COUNT_TOKENS = 7  # between a number and the noun it counts: `two new anti-trafficking projects`
_MOST_COUNTED = 20  # more projects than this are told of by number only
_LATEST_START = 2  # tokens before the words of counting: a quotation mark, `But`

_OPENING = frozenset(("launches", "funds", "funded_by", "receives", "implements", "implemented_by"))
"""Classes of cues one of which a sentence holds that brings in a project."""


@dataclass(slots=True)
class Part:
    """One project of several: its name, where it has one, the sentences that tell of it alone, and of others alone.

    `counted_in` are those that say how many projects there are.
    """

    name: Candidate | None
    own: list[Sentence] = field(default_factory=list)
    others: list[Sentence] = field(default_factory=list)
    counted_in: list[Sentence] = field(default_factory=list)


@dataclass(slots=True)
class _Head:
    """A sentence that brings in a project."""

    sentence: Sentence
    name: Candidate | None
    is_counted: bool = False


def find_parts(gathered: Gathered, models: Models) -> list[Part]:
    """The projects of the text, in order; empty where it tells of one only, or where they cannot be told apart."""
    counting = _Counting(gathered.reading)
    if not counting.is_told and len(_grounds(gathered)) < 2:
        return []
    names = _distinct_names(gathered, models)
    heads = _find_heads(gathered, names, counting)
    if len(heads) < 2:
        return []
    parts = _gather_sentences(gathered, heads, names, counting)
    context = Context(gathered.reading)
    grounded = [
        part
        for part, head in zip(parts, heads, strict=True)
        if _is_grounded(part, head, gathered, context, is_lenient=counting.is_told)
    ]
    return grounded if len(grounded) == len(parts) <= MOST_PROJECTS else []


# --- counting words -------------------------------------------------------------------------------


@cache
def _book(lang: str, section: str) -> PhraseBook[bool]:
    phrases = load_lexicon(lang).enumeration.get(section, [])
    return PhraseBook(((phrase, True) for phrase in phrases), is_arabic=lang == "ar")


class _Counting:
    """What a text says of how many projects it tells of."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._lang = reading.lang
        self._numbers = {fold(word): number for word, number in load_lexicon(reading.lang).numbers.items()}
        text = [one for one in reading.sentences if one.part == "text"]
        self.firsts = [one for one in text if self._begins(one, "first")]
        self.seconds = [one for one in text if self._begins(one, "second")]
        self.laters = [one for one in text if self._begins(one, "later")] if self.seconds else []
        self.is_told = bool(self.seconds) and bool(self.firsts or self.counts)

    @cached_property
    def counts(self) -> list[Sentence]:
        """The sentences that say `two projects`."""
        return [one for one in self._reading.sentences if self._counts(one)]

    def is_shared(self, sentence: Sentence) -> bool:
        """Whether a sentence tells of all projects together."""
        return bool(_book(self._lang, "shared").find_all(sentence.tokens))

    def _begins(self, sentence: Sentence, section: str) -> bool:
        tokens = sentence.tokens
        for at in range(min(_LATEST_START, len(tokens))):
            hit = _book(self._lang, section).match(tokens, at)
            if hit is not None and hit.last < len(tokens):
                return self._is_of_project(sentence, hit)
        return False

    def _is_of_project(self, sentence: Sentence, hit: Found[bool]) -> bool:
        """Whether a project is counted, and no phase, year or step: a noun for one follows, or a verb or comma."""
        tokens = sentence.tokens
        counted, follows = _book(self._lang, "counted"), _book(self._lang, "follows")
        is_noun_within = any(counted.match(tokens, at) is not None for at in range(hit.first, hit.last))
        return (
            is_noun_within
            or tokens[hit.last].text in ",:"
            or any(book.match(tokens, hit.last) is not None for book in (counted, follows))
        )

    def _counts(self, sentence: Sentence) -> bool:
        """Whether it says `two projects`, `three new grants`, `both projects`."""
        tokens = sentence.tokens
        if _book(self._lang, "pairs").find_all(tokens):
            return True
        counted = _book(self._lang, "counted")
        for at, token in enumerate(tokens):
            number = self._numbers.get(token.folded) or (float(token.text) if token.text.isdecimal() else 0)
            if 2 <= number <= _MOST_COUNTED:
                noun = (counted.match(tokens, place) for place in range(at + 1, min(at + _COUNT_TOKENS, len(tokens))))
                if any(hit is not None for hit in noun):
                    return True
        return False


# --- where each begins ----------------------------------------------------------------------------


def _distinct_names(gathered: Gathered, models: Models) -> list[Candidate]:
    """Names of different projects, the likeliest first; acronyms and parts of a name go with it."""
    model = models["name"]
    ranked = sorted(
        ((chance_of(one, model), one) for one in gathered.names if not _is_of_parent(one)), key=lambda pair: -pair[0]
    )
    found: list[Candidate] = []
    for chance, one in ranked:
        least = _LEAST_CHANCE if found else model.threshold
        if chance < max(least, model.threshold):
            break
        name = str(one.value)
        if not any(is_same_name(name, str(o.value)) or is_same_organisation(name, str(o.value)) for o in found):
            found.append(one)
    return found


def _is_of_parent(name: Candidate) -> bool:
    """Whether it is said to be what the project is part of."""
    return not _PARENT.isdisjoint(name.features)


_PARENT = frozenset(("L:parent:0", "L:parent:1", "pre:under"))


def _find_heads(gathered: Gathered, names: Sequence[Candidate], counting: _Counting) -> list[_Head]:
    """Where each project is brought in, in order of the text."""
    heads: dict[int, _Head] = {}
    alone = _named_alone(names)
    for name, sentences in zip(names, alone, strict=True):
        if sentences:
            heads.setdefault(sentences[0].index, _Head(sentences[0], name))
    for sentence in (*counting.firsts, *counting.seconds, *counting.laters) if counting.is_told else ():
        heads.setdefault(sentence.index, _Head(sentence, None)).is_counted = True
    ordered = [heads[index] for index in sorted(heads)]
    return _join_heads(ordered, gathered) if counting.is_told else ordered


def _named_alone(names: Sequence[Candidate]) -> list[list[Sentence]]:
    """For each name the sentences of the text that name it and no other."""
    by_name = [{s.index: s for s in name.sentences if s.part == "text"} for name in names]
    return [[s for index, s in its.items() if sum(index in other for other in by_name) == 1] for its in by_name]


def _join_heads(heads: list[_Head], gathered: Gathered) -> list[_Head]:
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


def _is_one_paragraph(gathered: Gathered, one: Sentence, other: Sentence) -> bool:
    return "\n" not in gathered.reading.document.text[one.end : other.start]


# --- what belongs to each -------------------------------------------------------------------------


def _gather_sentences(
    gathered: Gathered, heads: Sequence[_Head], names: Sequence[Candidate], counting: _Counting
) -> list[Part]:
    """Sentences after a head are its project's up to the next head, but those that tell of all projects.

    After the last head only its paragraph is, and what names it: an article's end is about all.
    """
    parts = [Part(head.name, counted_in=counting.counts) for head in heads]
    begins = {head.sentence.index: at for at, head in enumerate(heads)}
    naming: dict[int, set[int]] = {}
    for at, head in enumerate(heads):
        for sentence in head.name.sentences if head.name is not None else ():
            naming.setdefault(sentence.index, set()).add(at)
    current: int | None = None
    last = heads[-1].sentence
    owner: dict[int, int] = {}
    text = [sentence for sentence in gathered.reading.sentences if sentence.part == "text"]
    for sentence in text:
        named = naming.get(sentence.index, set())
        if sentence.index in begins:
            current = begins[sentence.index]
        elif len(named) == 1 and current is not None:
            current = next(iter(named))
        if current is None or len(named) > 1:
            continue
        if not named and sentence.index not in begins:
            is_after = current == len(heads) - 1 and not _is_one_paragraph(gathered, last, sentence)
            if is_after or counting.is_shared(sentence):
                continue
        last = sentence
        owner[sentence.index] = current
    for sentence in text:
        if sentence.index in owner:
            for at, part in enumerate(parts):
                (part.own if owner[sentence.index] == at else part.others).append(sentence)
    return parts


def _grounds(gathered: Gathered) -> frozenset[int]:
    """The sentences of the text that state a sum, a length or a span of time."""
    stated = [place[0] for one in (*gathered.sums, *gathered.lengths) for place in one.places]
    stated += [span.sentence for span in gathered.times.ranges]
    return frozenset(sentence.index for sentence in stated if sentence.part == "text")


def _is_grounded(part: Part, head: _Head, gathered: Gathered, context: Context, *, is_lenient: bool) -> bool:
    """Whether the text brings a project in as new, with facts of its own.

    Where the text counts its projects, a body of its own is enough; else it must be named and have a sum, a length or
    dates, and what brings it in must not lie in the past.
    """
    own = {sentence.index for sentence in part.own}
    has_ground = not own.isdisjoint(_grounds(gathered))
    classes = {name for cue in context.cues(head.sentence) for name in cue.value}
    if is_lenient and (head.is_counted or head.name is not None):
        others = {sentence.index for sentence in part.others}
        bodies = ({mention.sentence.index for mention in entity.mentions} for entity in gathered.entities)
        return has_ground or any(own & places and not others & places for places in bodies)
    is_brought_in = head.name is not None and _is_called_project(head, gathered) and not _OPENING.isdisjoint(classes)
    return has_ground and is_brought_in and "past" not in classes


def _is_called_project(head: _Head, gathered: Gathered) -> bool:
    """Whether a noun for a project stands close to the name: `Coral Path, a three-year project`."""
    assert head.name is not None
    counted = _book(gathered.reading.lang, "counted")
    for sentence, first, last in head.name.places:
        if sentence is head.sentence:
            around = range(max(0, first - _NOUN_TOKENS), min(len(sentence.tokens), last + _NOUN_TOKENS))
            if any(counted.match(sentence.tokens, at) is not None for at in around):
                return True
    return False


_NOUN_TOKENS = 6  # `, a new three-year project`
