"""Tells the entries of a feed apart, and which of them have a page of their own: guid, links and content in. Pure.

An entry is more than its link. What identifies it is its guid, else the link to its own page, else its content. A link
leads to a page of its own only where no other entry of the document that says something else has it too, as a server
sees it (without fragment), and where it is neither the feed's own address nor that of the site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urldefrag, urljoin

from crawler.text.plain_text import read_link
from storage.urls import MAX_URL_CHARACTERS

LONGEST_IDENTITY = 200
"""As storage keeps them; a longer one is replaced by its hash."""

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/pdf"})
"""Of what an entry without a link encloses, or whose content lies elsewhere, this is its page."""


@dataclass(frozen=True, slots=True)
class EntryIdentity:
    """What tells an entry from the others of its source.

    `link` is the address it gives, absolute; empty where it gives none that may be followed. `has_own_page` says
    whether that leads to its own page.
    """

    text: str
    link: str
    has_own_page: bool


def identify(told: Sequence[tuple[str, str, str]], site_urls: Iterable[str]) -> list[EntryIdentity]:
    """For (guid, link, content hash) of each entry of a document, its identity.

    A guid that stands on several entries which differ is the feed's mistake and identifies none of them; likewise a
    link. An entry that is there twice, guid and link and all, has one identity both times. `site_urls` are the feed's
    own addresses: of itself, and of the site that it is of.
    """
    pages = [_page_of(link) for _, link, _ in told]
    others = {"", *(_page_of(url).rstrip("/") for url in site_urls)}
    rest_of_guid = _count_partners((guid, (link, content_hash)) for guid, link, content_hash in told)
    rest_of_page = _count_partners((page, content_hash) for page, (_, _, content_hash) in zip(pages, told, strict=True))
    found = []
    for page, (guid, link, content_hash) in zip(pages, told, strict=True):
        has_own_page = page.rstrip("/") not in others and rest_of_page[page] == 1
        if guid and rest_of_guid[guid] == 1:
            text = shorten_identity(guid)
        else:
            text = shorten_identity(link) if has_own_page else f"content:{content_hash}"
        found.append(EntryIdentity(text, link, has_own_page))
    return found


def first_link(candidates: Iterable[str], base: str) -> str:
    """The first of these that may be followed, absolute; empty where none may."""
    for candidate in candidates:
        text = read_link(candidate)
        if not text:
            continue
        try:
            url = urljoin(base, text)
        except ValueError:
            continue
        scheme, _, rest = url.partition("://")
        host = rest.partition("/")[0]
        if scheme in ("http", "https") and host and "@" not in host and len(url) <= MAX_URL_CHARACTERS:
            return url
    return ""


def hash_content(title: str, summary: str) -> str:
    """Changes when title or summary do."""
    return blake2b(f"{title}\0{summary}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def shorten_identity(text: str) -> str:
    """At most 200 characters, the same for the same text."""
    if len(text) <= LONGEST_IDENTITY:
        return text
    return f"hash:{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


def _page_of(link: str) -> str:
    """What a server is asked for, by which two links are compared; empty for none."""
    try:
        return urldefrag(link).url.partition("://")[2]
    except ValueError:
        return ""


def _count_partners(pairs: Iterable[tuple[str, object]]) -> Counter[str]:
    return Counter(first for first, _ in set(pairs))
