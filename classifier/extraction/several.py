"""Reads each project of a text that tells of several, with its own facts.

In: a `Document` and its language. Out: the facts of each project, nearly always of one. What `parts` tells apart is
read again part by part, the sentences about other projects blanked, so that offsets stay those of the whole text.
What all have in common (who announces it, who pays for all) counts for each; a sum of all together is nobody's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from classifier.document import Document, Evidence, Facts, Sum
from classifier.entities.matching import is_same_name, is_same_organisation
from classifier.extraction.amounts.features import sum_value
from classifier.extraction.encoder_evidence import Scorer
from classifier.extraction.extractor import Extracted, extract_candidates
from classifier.extraction.linear import Models, load_models
from classifier.extraction.one import read_gathered
from classifier.extraction.segments import Place, Segment, find_segments
from classifier.languages import load_lexicon
from classifier.prefilter.terms import load_terms
from classifier.text.tokens import fold


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """The facts of one project of a text; `elsewhere` are the spans of the text that tell of others alone."""

    facts: Facts
    elsewhere: tuple[tuple[int, int], ...] = ()


def read_projects(
    document: Document, lang: str, models: Models | None = None, scorer: Scorer | None = None
) -> tuple[ProjectFacts, ...]:
    """The projects the document tells of, at least one, in its order.

    Several only where the text itself tells them apart, each by its name or by a sum of its own, and where each is
    said to be against trafficking in persons.

    Args:
        document: the article.
        lang: ISO 639-1 code.
        models: the weights; the shipped ones if None.
        scorer: what the encoder says of candidates in this document.
    """
    models = load_models() if models is None else models
    gathered = extract_candidates(document, lang, models, scorer)
    parts = find_segments(gathered, models)
    found = [_read_part(part, parts, gathered, models, scorer) for part in parts if _is_on_subject(part, gathered)]
    if not found or any(_is_vague(one.facts) for one in found):
        return (ProjectFacts(read_gathered(gathered, models)),)
    return tuple(found)


def _is_vague(facts: Facts) -> bool:
    """Whether nothing would tell a project from another of the same article."""
    return facts.name is None and facts.amount is None


def _is_on_subject(part: Segment, gathered: Extracted) -> bool:
    """Whether a project is said to be against trafficking in persons: by itself, where the projects are counted, or by
    the headline; never one that is said to have nothing to do with it."""
    lang, document = gathered.reading.lang, gathered.reading.document
    own = "\n".join(document.text[slice(*span.characters)] for span in part.own)
    counted = "\n".join(
        (document.title if sentence.part == "title" else document.text)[sentence.start : sentence.end]
        for sentence in part.counted_in
    )
    if _is_negated(part, lang):
        return False
    terms = load_terms()
    return any(terms.count(told) for told in (own, counted, document.title))


def _is_negated(part: Segment, lang: str) -> bool:
    """Whether a word of negation stands shortly before a word for trafficking: `has nothing to do with trafficking`."""
    words = load_lexicon(lang).enumeration
    negated, subject = ({fold(word) for word in words.get(kind, ())} for kind in ("negated", "subject"))
    for span in part.own:
        tokens = span.sentence.tokens[span.first : span.last]
        for at, token in enumerate(tokens):
            if token.folded in negated:
                after = tokens[at + 1 : at + 1 + _NEGATION_TOKENS]
                if any(one.folded in subject for one in after):
                    return True
    return False


_NEGATION_TOKENS = 6  # `has nothing to do with human trafficking`


# --- one of several -------------------------------------------------------------------------------


def _read_part(
    part: Segment, parts: Sequence[Segment], gathered: Extracted, models: Models, scorer: Scorer | None
) -> ProjectFacts:
    document = gathered.reading.document
    elsewhere = tuple(span.characters for span in part.others)
    common_sums = [  # the words of the sum alone: who pays, and in whose francs, is told around it
        (sentence.tokens[first].start, sentence.tokens[last - 1].end)
        for one in gathered.sums
        for sentence, first, last in one.places
        if sentence.part == "text" and not part.tells([(sentence, first)])
    ]
    masked = replace(document, text=_blank(document.text, (*elsewhere, *common_sums)))
    facts = read_gathered(extract_candidates(masked, gathered.reading.lang, models, scorer), models)
    facts = _without_others(_named(facts, part, parts, document), part, gathered)
    return ProjectFacts(replace(facts, sums=(*facts.sums, *_other_sums(facts, part, gathered))), elsewhere)


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spaces in place of these spans: as long as before."""
    for start, end in spans:
        text = text[:start] + "".join("\n" if sign == "\n" else " " for sign in text[start:end]) + text[end:]
    return text


def _named(facts: Facts, part: Segment, parts: Sequence[Segment], document: Document) -> Facts:
    """Its own name, never another's."""
    evidence = dict(facts.evidence)
    if part.name is not None:
        own = str(part.name.value)
        if facts.name is not None and is_same_name(facts.name, own):
            return facts
        evidence["name"] = tuple(
            span.sentence.evidence(document) for span in part.own if span.sentence in part.name.sentences
        )[:1]
        return replace(facts, name=own, evidence=evidence)
    others = (str(one.name.value) for one in parts if one.name is not None)
    if facts.name is not None and any(is_same_name(facts.name, other) for other in others):
        evidence.pop("name", None)
        return replace(facts, name=None, evidence=evidence)
    return facts


def _without_others(facts: Facts, part: Segment, gathered: Extracted) -> Facts:
    """Without countries and bodies that the text ties to another project: told with it, and not with this one, unless
    this one has none of its own and they are told of all as well."""

    def own_of(values: tuple[str, ...], places_of: Callable[[str], list[Place]]) -> tuple[str, ...]:
        places = {value: places_of(value) for value in values}
        has_own = any(part.tells(its) for its in places.values())

        def is_kept(its: list[Place]) -> bool:
            is_of_all = any(s.part == "text" and not part.leaves([(s, at)]) for s, at in its)
            return part.tells(its) or not part.leaves(its) or (is_of_all and not has_own)

        return tuple(value for value in values if is_kept(places[value]))

    def places_of_country(code: str) -> list[Place]:
        return [(s, first) for one in gathered.countries if one.value == code for s, first, _ in one.places]

    def places_of_body(name: str) -> list[Place]:
        return [
            (mention.sentence, mention.first)
            for entity in gathered.entities
            if is_same_organisation(name, entity.name)
            for mention in entity.mentions
        ]

    kept = replace(
        facts,
        countries=own_of(facts.countries, places_of_country),
        implementers=own_of(facts.implementers, places_of_body),
        funders=own_of(facts.funders, places_of_body),
        partners=own_of(facts.partners, places_of_body),
    )
    evidence = {name: found for name, found in facts.evidence.items() if getattr(kept, name)}
    return replace(kept, evidence=evidence)


def _other_sums(facts: Facts, part: Segment, gathered: Extracted) -> Iterator[Sum]:
    """The sums that the rest of the text states: a larger one of all projects together is the programme's."""
    document = gathered.reading.document
    known: set[Evidence] = {one.evidence for one in facts.sums}
    for candidate in gathered.sums:
        places = [(sentence, first) for sentence, first, _ in candidate.places]
        sentence = candidate.sentences[0]
        evidence = sentence.evidence(document)
        if part.tells(places) or (sentence.part == "title" and evidence in known):
            continue
        amount, currency, is_uncertain = sum_value(candidate)
        is_whole = sentence in part.counted_in or not _OF_THE_WHOLE.isdisjoint(candidate.features)
        is_larger = facts.amount is None or amount > facts.amount
        is_common = not part.leaves(places[:1]) and is_whole and is_larger
        yield Sum(amount, currency, "programme" if is_common else "other", evidence, is_uncertain)


_OF_THE_WHOLE = frozenset(f"{side}:{cue}:{near}" for side in "LR" for cue in ("total", "parent") for near in "01")
"""Cues beside a sum that say it is the whole of something."""
