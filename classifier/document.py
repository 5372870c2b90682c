"""What goes into the classifier and what comes out of it: `Document` in, `Verdict` and `Facts` out; and its labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from classifier.schema import FACTS, FactName

Band = Literal["yes", "maybe", "no"]
"""What people are shown: `maybe` is the middle band of a probability, never silently dropped."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the classifier reads it.

    Args:
        title: the headline, one line.
        text: the body, plain text, paragraphs parted by a blank line; may be empty.
        lang: ISO 639-1 code where known; None lets the classifier detect it.
        published: `YYYY-MM-DD`, `YYYY-MM` or `YYYY` where known; relative dates ("next year") are read from it.
        url: the article's address; its host and country domain help to read a bare `$`.
        outlet: name or host of who published it.
    """

    title: str
    text: str
    lang: str | None = None
    published: str | None = None
    url: str | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of the document, verbatim: `getattr(document, part)[start:end] == text`."""

    text: str
    part: Literal["title", "text"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that decided a verdict, with its weight (positive speaks for it, negative against).

    Words that weighed have no `does`; of a sentence that weighed by what it does, `does` is one of `SENTENCE_ROLES` and
    the words are its first ones.
    """

    about: Literal["relevant", "new_project"]
    words: str
    weight: float
    evidence: Evidence | None = None
    does: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money stated in the document, with its scope.

    `scope` tells whose money it is: this project's total, a share of it (one donor's part), the parent programme's, or
    somebody else's. `is_uncertain` marks a currency that was guessed (a bare `$`).
    """

    amount: float
    currency: str
    scope: Literal["project", "share", "programme", "other"]
    evidence: Evidence
    is_uncertain: bool = False


DOUBTFUL = 0.66
"""A value of a fact that is right less often than two times in three is told with a word of caution. One in six of
those taken from published articles is, by cross-validation, and half of these are right; of the others nine in ten."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A project's facts, each as stated in the document; empty rather than guessed.

    Lists are in order of mention. `countries` are ISO 3166-1 alpha-2 codes, `currency` ISO 4217, `start` and `end`
    `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. `evidence` maps each stated fact to the sentences that state it, `probabilities`
    to how likely each of its values, in words, is right; values whose probability nobody measured are not in it.
    """

    name: str | None = None
    implementers: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    amount: float | None = None
    currency: str | None = None
    is_currency_uncertain: bool = False
    start: str | None = None
    end: str | None = None
    duration_months: int | None = None
    people: int | None = None
    sums: tuple[Sum, ...] = ()
    evidence: Mapping[FactName, tuple[Evidence, ...]] = field(default_factory=dict)
    probabilities: Mapping[FactName, Mapping[str, float]] = field(default_factory=dict)

    @property
    def doubtful(self) -> dict[FactName, tuple[str, ...]]:
        """The values, in words, that are told with a word of caution, by fact."""
        found = {
            name: tuple(value for value, probability in values.items() if probability < DOUBTFUL)
            for name, values in self.probabilities.items()
        }
        return {name: values for name, values in found.items() if values}

    def as_project(self) -> dict[str, Any]:
        """The facts as the `project` object of the labelled corpus; JSON-ready, every field present."""
        plain: dict[str, Any] = {}
        for spec in FACTS:
            for field_name in spec.fields:
                value = getattr(self, field_name)
                plain[field_name] = list(value) if spec.is_list else value
        if self.amount is not None and self.amount == int(self.amount):
            plain["amount"] = int(self.amount)
        return plain


MOST_PROJECTS = 12
"""Projects told apart in one text: each is read by itself, which costs some milliseconds; longer lists are tables."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier makes of a document.

    Probabilities are in 0..1. `is_relevant` and `is_new_project` are the decisions at the configured thresholds; the
    bands say whether a probability lies in the middle band. `facts` is None where the document was ruled out by its
    cheap reading, and may be given for a `maybe`. `is_language_known` is False where no lexicon knows the language and
    facts are read from figures and names alone. `is_title_only` is True where the document had no text beside its
    title: then a new project is at most `maybe`, and `awaits_support` where its probability says more, until a text or
    a second outlet supports it.

    Where the text tells of several projects, `facts` are those of the first, `elsewhere` the spans of the text that
    tell of other projects alone, and `others` the verdicts with the facts of each further one, in order of the text.
    """

    lang: str
    relevance: float
    is_relevant: bool
    relevance_band: Band
    new_project_probability: float
    is_new_project: bool
    new_project_band: Band
    topic: str
    reasons: tuple[Reason, ...] = ()
    facts: Facts | None = None
    is_language_known: bool = True
    is_title_only: bool = False
    awaits_support: bool = False
    elsewhere: tuple[tuple[int, int], ...] = ()
    others: tuple[Verdict, ...] = ()


TOPICS: tuple[str, ...] = (
    "project",
    "policy-law",
    "crime-case",
    "rescue",
    "report-data",
    "event",
    "campaign",
    "opinion-feature",
    "project-update",
    "funding-call",
    "other-relevant",
    "drug-arms",
    "wildlife-goods",
    "smuggling-migration",
    "development-project",
    "human-rights-other",
    "traffic-transport",
    "science-tech",
    "general-news",
    "sport-business",
)
"""The topics of the labelling guide; the first is that of exactly those articles that report a new project."""

RELEVANT_TOPICS = TOPICS[: TOPICS.index("other-relevant") + 1]
"""Those of articles about trafficking in persons."""

SENTENCE_ROLES: dict[str, str] = {
    "N": "start",
    "D": "facts",
    "R": "running",
    "M": "more",
    "I": "intention",
    "G": "gift",
    "T": "event",
    "A": "call",
    "P": "person",
    "L": "law",
    "F": "figures",
    "C": "crime",
    "S": "statement",
    "B": "background",
    "O": "other",
}
"""What a sentence of an article does, by the letters of `seeds/corpus/sentence-roles.tsv` (`GUIDE.md` there explains
them): the encoder gives each sentence a score for each.
Source of such roles: Teufel and Moens, Summarizing Scientific Articles, 2002 (argumentative zoning)."""

ROLE_LETTERS = "".join(SENTENCE_ROLES)
