"""Chooses the sentences of a project that are quoted: one that says what it does and for whom, in digests, lists and
exports; and the one behind its sum, which a digest's card states itself. Pure.

Sentences are the articles' own, verbatim; a very long one is cut at a word and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from classifier.prefilter.terms import load_terms
from classifier.schema import FACT_NAMES, FactName
from storage.projects.projects import Project, ProjectSource

# Worth of a sentence that names trafficking, by a term of any language: it says what the project is for. More than who
# runs the project and its name together.
SUBJECT = 2.5
# What else a sentence is worth, by the fact it states: whoever runs the project, its name or the people it helps stand
# where it is introduced; money and dates stand in the card, and their sentences seldom say more.
WORTH: dict[FactName, float] = dict.fromkeys(FACT_NAMES, 0.0) | {
    "implementers": 1.0,
    "name": 1.0,
    "people": 1.0,
    "countries": 0.5,
    "funders": -0.5,
    "amount": -0.5,
    "start": -0.5,
    "end": -0.5,
    "duration_months": -0.5,
}
EVIDENCE: tuple[FactName, ...] = ("amount", "funders", "implementers", "name")  # what a doubter asks for, in order
SHORT, LONG = 50, 280  # characters: below, a label or a heading; above, half a paragraph
LONGEST = 360  # characters quoted at most
LEAST = 0.1
UNWIELDY = 0.5  # worth of a sentence that is too short or too long, against one that is neither
OWN_LANGUAGE = 1.5  # worth of one in the reader's language, against one that is not
CUT = " […]"


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of an article in its own words and language."""

    text: str
    language: str
    outlet: str


@dataclass(slots=True)
class _Candidate:
    text: str
    source: ProjectSource
    organisations: Sequence[str] = ()
    states: set[FactName] = field(default_factory=set)

    @property
    def names_subject(self) -> bool:
        """Whether it names trafficking otherwise than in the name of an agency against it."""
        bare = self.text
        for name in self.organisations:
            bare = bare.replace(name, " ")
        return load_terms().count(bare) > 0

    def worth(self, language: str) -> float:
        """At least a little, so that of sentences that say little the reader's language and a fair length decide."""
        says = sum(WORTH[name] for name in self.states) + SUBJECT * self.names_subject
        is_wieldy = SHORT <= len(self.text) <= LONG
        is_own = self.source.language == language
        return max(says, LEAST) * (1 if is_wieldy else UNWIELDY) * (OWN_LANGUAGE if is_own else 1)

    def quote(self) -> Quotation:
        return Quotation(cut(self.text, LONGEST, CUT), self.source.language, self.source.outlet)


def find_quotation(project: Project, language: str) -> Quotation | None:
    """The sentence that says what the project does and for whom, best in `language`; a headline where none names
    trafficking and it does; the project's own sentence where no fact has one; None where nothing says it."""
    candidates = list_candidates(project)
    if candidates:
        if not any(one.names_subject for one in candidates):
            candidates += [_Candidate(source.title, source) for source in project.sources]
        return max(candidates, key=lambda one: (one.worth(language), one.text == project.sentence)).quote()
    if not project.sentence:
        return None
    source = next(iter(project.sources), None)
    spoken = source.language if source else project.language
    return Quotation(cut(project.sentence, LONGEST, CUT), spoken, source.outlet if source else "")


def find_evidence(project: Project, quotation: Quotation | None, language: str) -> Quotation | None:
    """The sentence behind the sum (or else the funder, the implementer, the name) where `quotation` does not state it,
    best in `language`; None where it does, or no sentence is known."""
    candidates = list_candidates(project)
    for name in EVIDENCE:
        stating = [one for one in candidates if name in one.states]
        if not stating:
            continue
        if quotation is not None and any(cut(one.text, LONGEST, CUT) == quotation.text for one in stating):
            return None
        return min(stating, key=lambda one: one.source.language != language).quote()
    return None


def list_candidates(project: Project) -> list[_Candidate]:
    """The sentences of the shown facts, each with the facts it states, those of the first values first."""
    sources = {source.id: source for source in project.sources}
    facts = project.facts
    organisations = [claim.shown for claim in (*facts.implementers, *facts.funders, *facts.partners)]
    found: dict[tuple[int, str], _Candidate] = {}
    for name in FACT_NAMES:
        for claim in getattr(facts, name):
            for sentence in claim.sentences:
                source = sources.get(sentence.get("article", 0))
                text = str(sentence.get("text", "")).strip().lstrip("–—- ")
                if source is not None and text and sentence.get("part") == "text":
                    found.setdefault((source.id, text), _Candidate(text, source, organisations)).states.add(name)
    return list(found.values())


def cut(text: str, longest: int, ending: str = "…") -> str:
    """`text` where it has no more than `longest` characters, else its beginning, cut at a word, with `ending`."""
    if len(text) <= longest:
        return text
    return text[: longest - len(ending)].rsplit(" ", 1)[0].rstrip(" ,;:") + ending
