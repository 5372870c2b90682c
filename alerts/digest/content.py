"""What a digest says, before it is words on a page: frozen records that templates read.

Labels, values and sentences of ours are in the record's `language` already; what articles say is in theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from storage.projects.quotations import Quotation


@dataclass(frozen=True, slots=True)
class SourceLink:
    """One outlet's article about a project or story. `host` is shown beside every link, so that a link cannot lie."""

    outlet: str
    host: str
    url: str
    title: str
    language: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class FactLine:
    """One line of a fact card.

    `others` are what other articles claim instead, each with who claims it; `who` then says who claims the first
    value. `is_new` marks what a known project's new articles add. `kind` is which fact it is.
    """

    label: str
    value: str
    others: tuple[str, ...] = ()
    who: str = ""
    is_new: bool = False
    kind: Literal["party", "where", "sum", "when"] = "party"

    @property
    def is_disputed(self) -> bool:
        """Whether articles state it differently, so that it is doubtful; countries left out are no such claim."""
        return bool(self.others) and self.kind != "where"


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """A project as a reader sees it.

    `title` is the project's name where one is known, else a headline; `title_note` says in which language, where a
    reader should know ("Headline in Spanish"). `places` are names of countries. `quotation` says what it is;
    `evidence` is the sentence behind its sum or its parties, where that is another one. `confidence` is in words
    ("probably a new project (81%)"); `note` says what is new, for an update, or that it is known by headlines alone.
    """

    public_id: str
    title: str
    places: tuple[str, ...]
    facts: tuple[FactLine, ...]
    quotation: Quotation | None
    links: tuple[SourceLink, ...]
    confidence: str
    note: str | None = None
    title_language: str | None = None
    title_note: str = ""
    evidence: Quotation | None = None

    @property
    def amount(self) -> str:
        """The sum as the fact card says it first; empty where none is stated."""
        return next((fact.value for fact in self.facts if fact.kind == "sum"), "")

    @property
    def url(self) -> str:
        """The address of the first of its articles that has one; empty where none has."""
        return next((link.url for link in self.links if link.url), "")


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story that is no new project (or only maybe one), shown once; `outlets` counts who reported it."""

    article_id: int
    topic: str
    link: SourceLink
    outlets: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """A source worth a word: its state in words, since when (None where the state says it), why, and what to do (both
    empty for one that recovered)."""

    name: str
    state: str
    since_at: datetime | None
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class ParkedPage:
    """An article's page that could not be read and is not tried again by itself, who named it, and why in words."""

    title: str
    source: str
    host: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the digest rests on: active sources, the names of those in trouble, articles read in the period, and how
    many projects these brought that are too old to be new.

    `is_blind` where not one source could be read in it.
    """

    sources: int
    troubled: tuple[str, ...]
    articles_read: int
    older_projects: int = 0
    is_blind: bool = False


@dataclass(frozen=True, slots=True)
class DigestContent:
    """Everything one digest says; all lists in the order they are shown.

    `left_out` counts the new projects that are not in it but attached, `updates_left_out` those that come with the next
    one; `maybe_left_out`, `news_left_out` and `parked_left_out` the lines that are not shown.
    """

    subscription: str
    slot_key: str
    timezone: str
    slot_at: datetime
    period_from_at: datetime
    period_to_at: datetime
    new_projects: tuple[ProjectCard, ...]
    sources: tuple[SourceTrouble, ...]
    coverage: Coverage
    language: str = "en"
    left_out: int = 0
    updates: tuple[ProjectCard, ...] = ()
    maybe: tuple[StoryLine, ...] = ()
    news: tuple[StoryLine, ...] = ()
    parked: tuple[ParkedPage, ...] = ()
    parked_left_out: int = 0
    updates_left_out: int = 0
    maybe_left_out: int = 0
    news_left_out: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing about projects: no new one, no update, no maybe."""
        return not (self.new_projects or self.updates or self.maybe)


@dataclass(frozen=True, slots=True)
class Tally:
    """One bar of a weekly chart: what is counted, as readers call it, and how often."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class WeeklySummary:
    """A week (or other period) in numbers: totals, and counts by country, funder and topic, the largest first.

    `countries` and `funders` count new projects, `topics` stories. `projects` are
    those of them that are listed, one line each.
    """

    subscription: str
    timezone: str
    period_from_at: datetime
    period_to_at: datetime
    new_projects: int
    updates: int
    stories: int
    coverage: Coverage
    countries: tuple[Tally, ...] = ()
    funders: tuple[Tally, ...] = ()
    topics: tuple[Tally, ...] = ()
    projects: tuple[ProjectCard, ...] = ()
    language: str = "en"
