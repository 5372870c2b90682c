"""What a digest says, before it is words on a page: frozen records that templates read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """One outlet's article about a project or story. `host` is shown beside every link, so that a link cannot lie."""

    outlet: str
    host: str
    url: str
    title: str
    language: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class FactLine:
    """One line of a fact card. `others` are what other articles claim instead, with who claims it."""

    label: str
    value: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of an article in its own words and language."""

    text: str
    language: str
    outlet: str


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """A project as a reader sees it.

    `confidence` is in words ("sure", "probably"); `note` says what is new, for an update.
    """

    public_id: str
    title: str
    places: str
    facts: tuple[FactLine, ...]
    quotation: Quotation | None
    tellings: tuple[Telling, ...]
    confidence: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story that is no new project (or only maybe one), told once; `outlets` counts who told it."""

    article_id: int
    title: str
    topic: str
    telling: Telling
    outlets: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """A source that needs a look: its state in a word, since when, why, and what to do."""

    name: str
    state: str
    since_at: datetime | None
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the digest rests on: active sources, those without trouble, articles read in the period."""

    sources: int
    healthy_sources: int
    articles_read: int


@dataclass(frozen=True, slots=True)
class DigestContent:
    """Everything one digest says; all lists in the order they are shown."""

    subscription: str
    slot_key: str
    timezone: str
    slot_at: datetime
    period_from_at: datetime
    period_to_at: datetime
    new_projects: tuple[ProjectCard, ...]
    updates: tuple[ProjectCard, ...]
    maybe: tuple[StoryLine, ...]
    news: tuple[StoryLine, ...]
    sources: tuple[SourceTrouble, ...]
    coverage: Coverage
    left_out: int = 0  # new projects that are not shown, but in the attached table

    @property
    def is_empty(self) -> bool:
        """Nothing about projects: no new one, no update, no maybe."""
        return not (self.new_projects or self.updates or self.maybe)
