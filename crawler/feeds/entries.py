"""Reads one entry of a feed, as feedparser gives it, into an `EntrySeen`. Pure.

Whatever is missing or nonsense in an entry is left out of it; one that names nothing (no link, no title, no text) is
skipped and counted. An entry without a page of its own is an article by its title and text alone: its canonical address
is made for it, and what readers are shown is the link it gives, else the feed's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler.feeds.entry_identity import EntryIdentity
from crawler.text.dates import read_date
from crawler.text.plain_text import LONGEST_SUMMARY, cut, read_summary, read_title
from storage.articles.made_address import make_address
from storage.host_names import host_of
from storage.records import EntrySeen
from storage.urls import canonicalise_url

LONGEST_OUTLET = 120

# How feedparser names the times of an entry, the best first.
_TIMES = ("published", "updated", "created")


class EntryReader:
    """Reads the entries of one document, and keeps what it had to leave out: `skipped` are the identities of entries
    that name nothing.

    `language` is what the entries are in unless they say otherwise: the one language configured, else what the feed
    declares.
    """

    def __init__(self, url: str, seen_at: datetime, languages: Sequence[str], declared_language: str) -> None:
        self.url = url
        self._seen_at = seen_at
        self._languages = tuple(languages)
        self.skipped: set[str] = set()
        self._without_page = 0
        self.language = self._choose_language(declared_language)

    def read(self, entry: Any, identity: EntryIdentity, content_hash: str) -> EntrySeen | None:
        """One entry; None where it names nothing."""
        try:
            return self._read(entry, identity, content_hash)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
            self.skipped.add(identity.text)  # one entry beyond repair must not take the others with it
            return None

    def notes(self) -> list[str]:
        """Remarks for health."""
        notes = []
        if self.skipped:
            notes.append(f"{len(self.skipped)} entries without link, title or text left out")
        if self._without_page:
            notes.append(f"{self._without_page} entries without a page of their own")
        return notes

    def _read(self, entry: Any, identity: EntryIdentity, content_hash: str) -> EntrySeen | None:
        outlet = _outlet(entry)
        title = _without_outlet(read_title(_text(entry, "title")), outlet)
        summary = _summary(entry)
        if title and summary.startswith(title) and len(summary) - len(title) < LONGEST_OUTLET:
            summary = ""  # aggregators repeat headline and outlet here
        url, canonical_url = self._addresses(identity)
        if not canonical_url:
            if not title and not summary:
                self.skipped.add(identity.text)
                return None
            self._without_page += 1
            canonical_url = make_address(self.url, identity.text)
        return EntrySeen(
            identity=_storable(identity.text),
            url=url,
            canonical_url=canonical_url,
            host=host_of(url),
            title=title or cut(summary.partition("\n")[0], 150),
            summary=summary,
            published_at=self._time(entry),
            language=_language(_text(entry, "language")) or self.language,
            outlet=outlet,
            content_hash=content_hash,
        )

    def _addresses(self, identity: EntryIdentity) -> tuple[str, str]:
        """The address to show, and the canonical one of the entry's own page; empty where it has none."""
        try:
            url = unwrap_link(identity.link)
            canonical_url = canonicalise_url(url)
        except ValueError:
            return self.url, ""
        return url, canonical_url if identity.has_own_page else ""

    def _time(self, entry: Any) -> datetime | None:
        languages = self._languages or ((self.language,) if self.language else ())
        for name in _TIMES:
            text = dict.get(entry, name)  # feedparser's own `get` makes up one time from another
            at = read_date(text, self._seen_at, languages) if isinstance(text, str) else None
            if at is not None:
                return at
        return None

    def _choose_language(self, declared: str) -> str | None:
        code = _language(declared)
        configured = [base for language in self._languages if (base := _language(language))]
        if configured and code not in configured:  # site programs declare English whatever is written
            return configured[0] if len(configured) == 1 else None
        return code


def unwrap_link(url: str) -> str:
    """The address that a search engine's redirect carries (Bing News, Google Alerts); else `url` itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_wrapped = (host.endswith("bing.com") and parts.path.lower().startswith("/news/apiclick")) or (
        parts.path == "/url" and (host.startswith(("www.google.", "google.")))
    )
    if is_wrapped:
        query = parse_qs(parts.query)
        for name in ("url", "q"):
            target = query.get(name, [""])[0]
            if target.startswith(("http://", "https://")):
                return target
    return url


def _text(entry: Any, name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _summary(entry: Any) -> str:
    """The longer of summary and content, as plain text."""
    summary = _text(entry, "summary")
    contents = [part.get("value") for part in entry.get("content") or () if isinstance(part, dict)]
    longest = max((part for part in contents if isinstance(part, str)), key=len, default="")
    if len(longest) > len(summary):
        full = read_summary(longest)
        return full if len(full) >= min(len(summary), LONGEST_SUMMARY) // 2 else read_summary(summary)
    return read_summary(summary)


def _outlet(entry: Any) -> str | None:
    """Who published it, where an aggregator says so: `source` (Google News, Atom), `News:Source` (Bing)."""
    source = entry.get("source")
    name = source.get("title") if isinstance(source, dict) else None
    name = name or entry.get("news_source")
    return read_title(name, LONGEST_OUTLET) or None if isinstance(name, str) else None


def _without_outlet(title: str, outlet: str | None) -> str:
    """Google News appends the outlet to every title."""
    if outlet:
        for dash in (" - ", " – ", " | "):
            if title.endswith(f"{dash}{outlet}") and len(title) > len(outlet) + len(dash):
                return title[: -len(outlet) - len(dash)].rstrip()
    return title


def _language(text: str) -> str | None:
    """`pt` of `pt-BR`; None of what is no code."""
    code = text.strip().lower().replace("_", "-").partition("-")[0]
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else None


def _storable(text: str) -> str:
    """Without what databases refuse: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
