"""What a crawl tells while it runs, and what it sums up at its end."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

Found = Literal["relevant", "new-project", "known-project"]


class Progress(Protocol):
    """Hears of a crawl's progress; called in the event loop, and returns at once.

    Totals grow as work is found; `sources_done` and `pages_done` count up to them.
    """

    def sources(self, done: int, total: int) -> None:
        """So many of the sources that are due have been visited."""

    def pages(self, done: int, total: int) -> None:
        """So many of the pages known so far have been read, parked or put off."""

    def failed(self, source: str, kind: str, text: str) -> None:
        """A source failed, and why."""

    def found(self, kind: Found, title: str) -> None:
        """A page was worth telling about."""


class SilentProgress:
    """Progress that nobody follows."""

    def sources(self, done: int, total: int) -> None:
        """Nothing."""

    def pages(self, done: int, total: int) -> None:
        """Nothing."""

    def failed(self, source: str, kind: str, text: str) -> None:
        """Nothing."""

    def found(self, kind: Found, title: str) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class FailedSource:
    """A source that failed in this crawl."""

    name: str
    kind: str
    text: str


@dataclass(slots=True)
class CrawlSummary:
    """What one crawl did.

    Sources: `sources` were due; of them `changed` had a new document, `unchanged` had not, `failed` failed, and
    `postponed` belong to hosts that asked to be left alone. `entries` are new. Pages: `pages` were fetched; of them
    `relevant` are about the subject, `new_projects` and `known_projects` tell of projects, `ruled_out` of nothing we
    look for, `parked` cannot be read, `delayed` are tried again later. `is_stopped` is set where the crawl was
    stopped before its end.
    """

    sources: int = 0
    changed: int = 0
    unchanged: int = 0
    postponed: int = 0
    entries: int = 0
    pages: int = 0
    ruled_out: int = 0
    relevant: int = 0
    new_projects: int = 0
    known_projects: int = 0
    near_copies: int = 0
    parked: int = 0
    delayed: int = 0
    failed_sources: list[FailedSource] = field(default_factory=list)
    seconds: float = 0.0
    is_stopped: bool = False

    @property
    def failed(self) -> int:
        """Number of sources that failed."""
        return len(self.failed_sources)

    def as_json(self) -> dict[str, Any]:
        """The summary as plain data, `failed` included."""
        return {**asdict(self), "failed": self.failed, "seconds": round(self.seconds, 3)}
