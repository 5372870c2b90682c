"""What goes into the reading of a feed, listing, sitemap or API's answer and what comes out of it; both cross to the
worker processes and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.http.failures import FetchError
from storage.records import EntrySeen


class FeedError(FetchError):
    """A document that came and is no feed: `not-a-feed`, `blocked`, `malformed`, `entities` and the like."""


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """One document to read.

    Args:
        body: as it came, decompressed.
        content_type: the header; only its charset counts, and that only where the bytes agree.
        url: where it came from, for relative links.
        seen_at: when; relative dates and impossible ones are judged by it.
        fingerprints: what the last poll of the source kept; None reads all.
        languages: those of the source as configured; help with dates, and stand in where the feed tells none.
        max_entries: newest entries looked at.
    """

    body: bytes
    content_type: str
    url: str
    seen_at: datetime
    fingerprints: bytes | None = None
    languages: tuple[str, ...] = ()
    max_entries: int = 500


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a document said.

    `entries` are those that are new or changed, in the order of the document. `total` is the number of entries in it
    that name something, `fingerprints` what to keep of them for the next poll, `note` a remark for health (None:
    nothing to remark).
    """

    entries: tuple[EntrySeen, ...]
    total: int
    title: str
    language: str | None
    fingerprints: bytes
    note: str | None = None


def join_notes(notes: Sequence[str]) -> str | None:
    """Remarks as one; None for none."""
    return "; ".join(notes) or None
