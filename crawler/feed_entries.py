"""Reads one entry of a feed, as feedparser gives it, into an `EntrySeen`. Pure.

Whatever is missing or nonsense in an entry is left out of it; one that names nothing (no link, no title, no text) is
skipped and counted. An entry without a usable link keeps its title and text under an address of the feed's own, made
for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit, urlunsplit

from crawler.feed_dates import read_date
from crawler.feed_scan import BY_CONTENT
from crawler.plain_text import LONGEST_SUMMARY, cut, read_link, read_summary, read_title
from storage.host_names import host_of
from storage.records import EntrySeen
from storage.register.urls import canonicalise_url

LONGEST_OUTLET = 120
MADE_PARAMETER = "tipwatch-entry"
"""In the address made for an entry without one: the feed's own, told apart by this."""

# How feedparser names the times of an entry, the best first.
_TIMES = ("published", "updated", "created")


class EntryReader:
    """Reads the entries of one document, and counts what it had to leave out.

    `language` is what the entries are in unless they say otherwise: the one language configured, else what the feed
    declares.
    """

    def __init__(self, url: str, seen_at: datetime, languages: Sequence[str], declared_language: str) -> None:
        self._url = url
        self._seen_at = seen_at
        self._languages = tuple(languages)
        self._skipped = 0
        self._without_link = 0
        self.language = self._choose_language(declared_language)

    def read(self, entry: Any, identity: str, content_hash: str, *, has_own_link: bool = True) -> EntrySeen | None:
        """One entry; None where it names nothing. One without a link of its own gets an address made for it."""
        has_own_link = has_own_link and not identity.startswith(BY_CONTENT)
        try:
            return self._read(entry, identity, content_hash, has_own_link=has_own_link)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
            self._skipped += 1  # one entry beyond repair must not take the others with it
            return None

    def notes(self) -> list[str]:
        """Remarks for health."""
        notes = []
        if self._skipped:
            notes.append(f"{self._skipped} entries without link, title or text left out")
        if self._without_link:
            notes.append(f"{self._without_link} entries without a usable link")
        return notes

    def _read(self, entry: Any, identity: str, content_hash: str, *, has_own_link: bool) -> EntrySeen | None:
        outlet = _outlet(entry)
        title = _without_outlet(read_title(_text(entry, "title")), outlet)
        summary = _summary(entry)
        if title and summary.startswith(title) and len(summary) - len(title) < LONGEST_OUTLET:
            summary = ""  # aggregators repeat headline and outlet here
        # what shares its link with others, or is identified by its content alone, has no page of its own there
        url, canonical_url = self._link(entry) if has_own_link else ("", "")
        if not url:
            if not title and not summary:
                self._skipped += 1
                return None
            self._without_link += 1
            url, canonical_url = self._made_address(identity)
        return EntrySeen(
            identity=_storable(identity),
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

    def _link(self, entry: Any) -> tuple[str, str]:
        """The first usable link, as fetched and canonical; two empty texts where there is none."""
        links = [link for link in entry.get("links") or () if isinstance(link, dict)]
        candidates = [_text(entry, "link")]
        candidates += [str(link.get("href") or "") for link in links if link.get("rel", "alternate") == "alternate"]
        if entry.get("guidislink"):
            candidates.append(_text(entry, "id"))
        for candidate in candidates:
            text = read_link(candidate)
            if not text:
                continue
            try:
                absolute = unwrap_link(urljoin(self._url, text))
                return absolute, canonicalise_url(absolute)
            except ValueError:
                continue
        return "", ""

    def _made_address(self, identity: str) -> tuple[str, str]:
        parts = urlsplit(self._url)
        mark = f"{MADE_PARAMETER}={blake2b(identity.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"
        url = urlunsplit(parts._replace(query=f"{parts.query}&{mark}" if parts.query else mark, fragment=""))
        return url, canonicalise_url(url)

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
