"""Reads the entries of a document, named as feedparser names things, of which nothing is known but themselves. Pure.

In: all entries of a JSON Feed, or of a damaged document. Out: those that are new or changed, each identity once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crawler.feeds.document import FetchedDocument, ParsedFeed, join_notes
from crawler.feeds.entries import EntryReader
from crawler.feeds.entry_identity import first_link, hash_content, identify
from crawler.feeds.scan import fingerprint, split_fingerprints
from crawler.text.plain_text import read_title
from storage.records import EntrySeen


def parse_entries(
    found: Sequence[Any], feed: Mapping[str, Any], site_urls: Sequence[str], job: FetchedDocument, notes: list[str]
) -> ParsedFeed:
    """The document that holds these; `feed` is what it says of itself, `site_urls` are addresses of no entry."""
    reader = EntryReader(job.url, job.seen_at, job.languages, _text(feed, "language"))
    if len(found) > job.max_entries:
        notes.append(f"holds {len(found):,} entries; the first {job.max_entries:,} are used")
    considered = found[: job.max_entries]
    entries, prints = read_entries(considered, reader, site_urls, split_fingerprints(job.fingerprints))
    notes += reader.notes()
    title = read_title(_text(feed, "title"))
    return ParsedFeed(tuple(entries), len(found), title, reader.language, b"".join(prints), join_notes(notes))


def read_entries(
    found: Sequence[Any], reader: EntryReader, site_urls: Sequence[str], known: frozenset[bytes] = frozenset()
) -> tuple[list[EntrySeen], list[bytes]]:
    """Those of the entries whose fingerprint is not known, and the fingerprints of all."""
    told = []
    for entry in found:
        guid = _text(entry, "id").strip()
        # feedparser makes an address of any guid that is not said to be none, "id-7" too
        links = [guid if "://" in guid else ""] if entry.get("guidislink") else [_text(entry, "link")]
        # an element of that name makes text of them
        listed = [one for one in entry.get("links") or () if isinstance(one, Mapping)]
        links += [_text(one, "href") for one in listed if one.get("rel", "alternate") == "alternate"]
        content_hash = hash_content(_text(entry, "title"), _text(entry, "summary"))
        told.append((guid, first_link(links, reader.url), content_hash))
    identities = identify(told, [reader.url, *site_urls])
    entries: list[EntrySeen] = []
    prints: dict[str, bytes] = {}
    for entry, identity, (_, _, content_hash) in zip(found, identities, told, strict=True):
        if identity.text in prints:
            continue
        mark = prints[identity.text] = fingerprint(identity.text, content_hash)
        one = reader.read(entry, identity, content_hash) if mark not in known else None
        if one is not None:
            entries.append(one)
    return entries, list(prints.values())


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "")
