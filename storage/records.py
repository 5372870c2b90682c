"""The records that cross storage's border: what the crawler hands in and gets, frozen and slotted.

All times are aware UTC `datetime`s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from classifier.document import Verdict
from storage.dates import DatePrecision


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as configured. `name` is its identity; a changed `url` keeps what was seen but drops the validators."""

    name: str
    kind: str
    url: str
    host: str
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between polls.

    `content_hash` is that of the last body read whole, so that a server without validators still costs no parse.
    `redirects_seen` counts consecutive polls that were sent on permanently to `redirect_to`. `fingerprints` is what the
    crawler kept of the entries of the last document (see `PollOutcome`); None where it kept nothing.
    """

    id: int
    name: str
    kind: str
    url: str
    etag: str | None
    last_modified: str | None
    content_hash: str | None
    next_due_at: datetime | None
    interval_seconds: int
    failures: int
    failing_since_at: datetime | None
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_news_at: datetime | None
    entries_in_last: int | None
    redirect_to: str | None
    redirects_seen: int
    fingerprints: bytes | None = None


LEAST_PROSE = 300
"""Characters of prose from which on an entry's own words are an article: two or three sentences, which say who starts
what where."""


@dataclass(frozen=True, slots=True)
class EntrySeen:
    """What a source says exists.

    `identity` is unique within its source (guid, else link, else a hash of the content), at most 200 characters.
    `url` is the link as it will be fetched; `canonical_url` joins the same article over sources. `content_hash` changes
    when the source changes the entry's title or summary.
    """

    identity: str
    url: str
    canonical_url: str
    host: str
    title: str
    summary: str
    published_at: datetime | None
    language: str | None
    outlet: str | None
    content_hash: str


PollStatus = Literal["changed", "unchanged", "failed", "gone"]

ENDS_EARLY = "ends in the middle, read in part"
"""In the `note` of a poll whose document was cut off on its way or where it was made."""


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """One poll of one source, stored in one transaction with its entries.

    Validators (`etag`, `last_modified`, `content_hash`) and `fingerprints` (a few bytes for each entry of the document,
    by which the next poll leaves out what has not changed) are stored only where status is `changed`; `unchanged` and
    `failed` leave them as they are. `error_kind` is a stable word (`http-404`, `timeout`, `not-a-feed`, `blocked`,
    `empty`, `too-large`, `tls`, `dns`, `refused-address`, `parse-timeout`, `no-links`, `paused`, …), `error_text` a
    sentence for an operator. `next_due_at` and `interval_seconds` are the crawler's decision. `note` is for health (for
    example, that a feed was longer than the limit, or damaged).
    """

    source_id: int
    polled_at: datetime
    status: PollStatus
    next_due_at: datetime
    interval_seconds: int
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    entries: tuple[EntrySeen, ...] = ()
    entries_in_last: int | None = None
    error_kind: str | None = None
    error_text: str | None = None
    redirect_to: str | None = None
    redirects_seen: int = 0
    note: str | None = None
    fingerprints: bytes | None = None


@dataclass(frozen=True, slots=True)
class PendingPage:
    """A page waiting to be fetched: one a canonical URL, with every entry that leads to it (the first seen leads)."""

    entry_ids: tuple[int, ...]
    url: str
    canonical_url: str
    host: str
    title: str
    summary: str
    published_at: datetime | None
    language: str | None
    outlet: str | None
    source_name: str
    attempts: int


ReadFrom = Literal["page", "summary", "import"]


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """An article as it was read, ready for the register.

    `read_from` is `summary` where the page was a consent wall, a challenge, a stub or gone and the entry's own title
    and summary stand in for it; `read_note` then says why. `text` is empty where the article was ruled out by its cheap
    reading. `published_at` is the first moment of the month or year where `published_precision` is one.
    `is_news` False: it is old or was imported as history, and readers are told neither of it nor of what it announces.
    """

    entry_ids: tuple[int, ...]
    url: str
    canonical_url: str
    title: str
    text: str
    language: str
    outlet: str
    published_at: datetime | None
    read_from: ReadFrom
    read_note: str | None = None
    published_precision: DatePrecision = "day"
    is_news: bool = True


@dataclass(frozen=True, slots=True)
class PageFailure:
    """A page that could not be read. `retry_at` None parks it: kept with its reason, replayable, not tried again.

    `stand_in` is then what the entry's own words make, as an article under a made address: that of the page stays free
    for what a later try brings.
    """

    entry_ids: tuple[int, ...]
    error_kind: str
    error_text: str
    retry_at: datetime | None
    stand_in: tuple[ArticleReading, Verdict] | None = None


RegistrationOutcome = Literal[
    "ruled-out", "known-article", "near-copy", "new-story", "known-story", "new-project", "known-project"
]


@dataclass(frozen=True, slots=True)
class Registration:
    """What the register made of an article; `reason` says in words why it joined what it joined.

    `others` tell the same of each further project, where the article tells of several.
    """

    article_id: int
    outcome: RegistrationOutcome
    project_id: str | None
    story_id: int | None
    reason: str | None
    others: tuple[Registration, ...] = ()
