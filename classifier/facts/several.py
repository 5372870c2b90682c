"""Reads each project of a text that tells of several, with its own facts.

In: a `Document` and its language. Out: the facts of each project, nearly always of one. What `parts` tells apart is
read again part by part, the sentences about other projects blanked, so that offsets stay those of the whole text.
What all have in common (who announces it, who pays for all) counts for each; a sum of all together is nobody's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from classifier.concepts import load_concepts
from classifier.document import Document, Evidence, Facts, Sum
from classifier.facts.gathering import Gathered, gather_all
from classifier.facts.linear import Models, load_models
from classifier.facts.matching import is_same_name, is_same_organisation
from classifier.facts.one import read_gathered
from classifier.facts.parts import Part, find_parts
from classifier.facts.sums import sum_value
from classifier.facts.tokens import fold
from classifier.features import TAGS, read_text
from classifier.lexicon import load_lexicon

if TYPE_CHECKING:
    from classifier.facts.reading import Sentence

__all__ = ["ProjectFacts", "read_projects"]


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """The facts of one project of a text; `elsewhere` are the spans of the text that tell of others alone."""

    facts: Facts
    elsewhere: tuple[tuple[int, int], ...] = ()


def read_projects(document: Document, lang: str, models: Models | None = None) -> tuple[ProjectFacts, ...]:
    """The projects the document tells of, at least one, in its order.

    Several only where the text itself tells them apart, each by its name or by a sum of its own, and where each is
    said to be against trafficking in persons.

    Args:
        document: the article.
        lang: ISO 639-1 code.
        models: the weights; the shipped ones if None.
    """
    models = load_models() if models is None else models
    gathered = gather_all(document, lang, models)
    parts = find_parts(gathered, models)
    found = [_read_part(part, parts, gathered, models) for part in parts if _is_on_subject(part, gathered)]
    if not found or any(_is_vague(one.facts) for one in found):
        return (ProjectFacts(read_gathered(gathered, models)),)
    return tuple(found)


def _is_vague(facts: Facts) -> bool:
    """Whether nothing would tell a project from another of the same article."""
    return facts.name is None and facts.amount is None


def _is_on_subject(part: Part, gathered: Gathered) -> bool:
    """Whether a project is said to be against trafficking in persons: by itself, where the projects are counted, or,
    where it is for people in need, by the headline; never one that is said to have nothing to do with it."""
    lang, document = gathered.reading.lang, gathered.reading.document
    own = "\n".join(document.text[sentence.start : sentence.end] for sentence in part.own)
    counted = "\n".join(
        (document.title if sentence.part == "title" else document.text)[sentence.start : sentence.end]
        for sentence in part.counted_in
    )
    if _is_negated(part, lang):
        return False
    of_its_own = _concepts_in(own, lang)
    if "tip" in of_its_own or "tip" in _concepts_in(counted, lang):
        return True
    return "tip" in _concepts_in(document.title, lang) and not _OF_NEED.isdisjoint(of_its_own)


_OF_NEED = frozenset(("tip_weak", "plight", "violence", "migration", "service"))
"""Concepts one of which a project for people in need is told with."""


def _concepts_in(text: str, lang: str) -> frozenset[str]:
    return frozenset(TAGS[hit.tag] for hit in read_text("", text, load_concepts(lang)).hits)


def _is_negated(part: Part, lang: str) -> bool:
    """Whether a word of negation stands shortly before a word for trafficking: `has nothing to do with trafficking`."""
    negated = {fold(word) for word in load_lexicon(lang).enumeration.get("negated", ())}
    for sentence in part.own:
        words = [token.folded for token in sentence.tokens]
        for at, word in enumerate(words):
            if word in negated:
                after = sentence.tokens[at + 1 : at + 1 + _NEGATION_TOKENS]
                text = " ".join(token.text for token in after)
                if not {"tip", "tip_weak"}.isdisjoint(_concepts_in(text, lang)):
                    return True
    return False


_NEGATION_TOKENS = 6  # `has nothing to do with human trafficking`


# --- one of several -------------------------------------------------------------------------------


def _read_part(part: Part, parts: Sequence[Part], gathered: Gathered, models: Models) -> ProjectFacts:
    document = gathered.reading.document
    own = {sentence.index for sentence in part.own}
    elsewhere = tuple((sentence.start, sentence.end) for sentence in part.others)
    common_sums = [  # the words of the sum alone: who pays, and in whose francs, is told around it
        (sentence.tokens[first].start, sentence.tokens[last - 1].end)
        for one in gathered.sums
        for sentence, first, last in one.places
        if sentence.part == "text" and sentence.index not in own
    ]
    masked = replace(document, text=_blank(document.text, (*elsewhere, *common_sums)))
    facts = read_gathered(gather_all(masked, gathered.reading.lang, models), models)
    facts = _without_others(_named(facts, part, parts, document), part, gathered)
    return ProjectFacts(replace(facts, sums=(*facts.sums, *_other_sums(facts, part, gathered))), elsewhere)


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spaces in place of these spans: as long as before."""
    for start, end in spans:
        text = text[:start] + "".join("\n" if sign == "\n" else " " for sign in text[start:end]) + text[end:]
    return text


def _named(facts: Facts, part: Part, parts: Sequence[Part], document: Document) -> Facts:
    """Its own name, never another's."""
    evidence = dict(facts.evidence)
    if part.name is not None:
        own = str(part.name.value)
        if facts.name is not None and is_same_name(facts.name, own):
            return facts
        evidence["name"] = tuple(s.evidence(document) for s in part.name.sentences if s in part.own)[:1]
        return replace(facts, name=own, evidence=evidence)
    others = (str(one.name.value) for one in parts if one.name is not None)
    if facts.name is not None and any(is_same_name(facts.name, other) for other in others):
        evidence.pop("name", None)
        return replace(facts, name=None, evidence=evidence)
    return facts


def _without_others(facts: Facts, part: Part, gathered: Gathered) -> Facts:
    """Without countries and bodies that the text ties to another project: told with it, and not with this one."""
    own, others = _indexes(part.own), _indexes(part.others)

    def is_others(places: set[int]) -> bool:
        return bool(places & others) and not places & own

    def bodies(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if not is_others(set(_places_of_body(name, gathered))))

    places_of = {str(one.value): _indexes(one.sentences) for one in gathered.countries}
    kept = replace(
        facts,
        countries=tuple(code for code in facts.countries if not is_others(places_of.get(code, set()))),
        implementers=bodies(facts.implementers),
        funders=bodies(facts.funders),
        partners=bodies(facts.partners),
    )
    evidence = {name: found for name, found in facts.evidence.items() if getattr(kept, name)}
    return replace(kept, evidence=evidence)


def _places_of_body(name: str, gathered: Gathered) -> Iterator[int]:
    for entity in gathered.entities:
        if is_same_organisation(name, entity.name):
            yield from (mention.sentence.index for mention in entity.mentions)


def _indexes(sentences: Iterable[Sentence]) -> set[int]:
    return {sentence.index for sentence in sentences}


def _other_sums(facts: Facts, part: Part, gathered: Gathered) -> Iterator[Sum]:
    """The sums that the rest of the text states: a larger one of all projects together is the programme's."""
    document = gathered.reading.document
    own, others = _indexes(part.own), _indexes(part.others)
    known: set[Evidence] = {one.evidence for one in facts.sums}
    for candidate in gathered.sums:
        sentence = candidate.sentences[0]
        evidence = sentence.evidence(document)
        if sentence.index in own or (sentence.part == "title" and evidence in known):
            continue
        amount, currency, is_uncertain = sum_value(candidate)
        is_whole = sentence in part.counted_in or not _OF_THE_WHOLE.isdisjoint(candidate.features)
        is_larger = facts.amount is None or amount > facts.amount
        is_common = sentence.index not in others and is_whole and is_larger
        yield Sum(amount, currency, "programme" if is_common else "other", evidence, is_uncertain)


_OF_THE_WHOLE = frozenset(f"{side}:{cue}:{near}" for side in "LR" for cue in ("total", "parent") for near in "01")
"""Cues beside a sum that say it is the whole of something."""
