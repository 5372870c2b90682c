"""Makes entries of what listings, sitemaps and APIs tell. Pure.

In: a link and what is said of it. Out: an `EntrySeen`, or None for a link that is no page's address. Promises: the same
article found twice has one identity; texts are plain.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urldefrag, urljoin

from crawler.feeds.document import ParsedFeed
from crawler.feeds.entry_identity import hash_content, shorten_identity
from crawler.text.plain_text import read_link, read_summary, read_title
from storage.host_names import host_of
from storage.records import EntrySeen
from storage.urls import canonicalise_url


def make_entry(
    link: str,
    *,
    base: str,
    title: str = "",
    summary: str = "",
    published_at: datetime | None = None,
    language: str | None = None,
    outlet: str | None = None,
) -> EntrySeen | None:
    """The entry for `link`, absolute or relative to `base`. Its identity is its canonical address: a page of links,
    unlike a feed, gives no other.
    """
    try:
        url = urldefrag(urljoin(base, read_link(link))).url
        canonical_url = canonicalise_url(url)
    except ValueError:
        return None
    title, summary = read_title(title), read_summary(summary)
    return EntrySeen(
        identity=shorten_identity(canonical_url),
        url=url,
        canonical_url=canonical_url,
        host=host_of(url),
        title=title,
        summary=summary,
        published_at=published_at,
        language=language,
        outlet=read_title(outlet or "") or None,
        content_hash=hash_content(title, summary),
    )


def collect(entries: Iterable[EntrySeen | None], most: int, *, title: str = "", note: str | None = None) -> ParsedFeed:
    """Entries as a document's contents: each identity once, at most `most`, in the order given (newest first)."""
    by_identity: dict[str, EntrySeen] = {}
    for entry in entries:
        if entry is not None:
            by_identity.setdefault(entry.identity, entry)
    kept = tuple(by_identity.values())[:most]
    if len(by_identity) > most:
        cut = f"{len(by_identity)} links, of which the first {most} were taken"
        note = f"{note}; {cut}" if note else cut
    return ParsedFeed(kept, len(by_identity), title, None, b"", note)


def only_language(languages: tuple[str, ...]) -> str | None:
    """The language of entries that do not tell it: the source's, where it has but one."""
    return languages[0] if len(languages) == 1 else None
