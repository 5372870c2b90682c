"""What goes into the reading of a page and what comes out of it; all cross to the worker processes and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from classifier.document import Document, Verdict
from storage.records import ArticleReading, PendingPage

if TYPE_CHECKING:
    from crawler.http.client import Response


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it came. `body` None: there is none to read (gone), and `note` says why.

    `body` is as encoded as `content_encoding` says; `max_bytes` bounds it decoded.
    """

    page: PendingPage
    url: str
    body: bytes | None
    fetched_at: datetime
    content_type: str = ""
    content_encoding: str = ""
    max_bytes: int = 15_000_000
    note: str | None = None

    @classmethod
    def of(cls, page: PendingPage, response: Response, at: datetime, max_bytes: int) -> Self:
        """A page as it was answered."""
        encoding = response.headers.get("Content-Encoding", "")
        return cls(page, response.url, response.body, at, response.content_type, encoding, max_bytes)


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read and what the classifier makes of it. `is_ruled_out`: by the cheap reading alone, and without
    text."""

    reading: ArticleReading
    verdict: Verdict
    is_ruled_out: bool

    @property
    def entry_ids(self) -> tuple[int, ...]:
        """The entries that led to it."""
        return self.reading.entry_ids


@dataclass(frozen=True, slots=True)
class PassedPage:
    """A page that was not ruled out: what was read, and the document to be judged."""

    reading: ArticleReading
    document: Document
