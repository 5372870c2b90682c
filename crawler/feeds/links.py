"""Finds the feeds that a web page names: HTML in, addresses out. Pure; runs in a worker process."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.feeds.entry_identity import first_link
from crawler.pages.article_text import parse_tree
from crawler.text.encoding import decode
from crawler.text.plain_text import read_title

MOST_LINKS = 20
"""Feeds told of at most: some pages name one for each of a thousand topics."""

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json"}
)
FEED_WORDS = ("rss", "atom", "feed", ".rdf")
USUAL_PATHS = ("/feed", "/rss.xml", "/feed.xml", "/rss", "/atom.xml")
"""Where common site programs put a feed that their pages do not name."""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as a page names it; whether it is one, only a visit tells."""

    url: str
    title: str


def find_feed_links(body: bytes, content_type: str, url: str) -> list[FeedLink]:
    """The feeds that a page names: those it declares first, then links that look like feeds."""
    root = parse_tree(decode(body, content_type)[0])
    if root is None:
        return []
    base = url
    for element in root.iter("base"):
        base = first_link([element.get("href") or ""], url) or url
        break
    found: dict[str, FeedLink] = {}
    for element in root.iter("link"):
        is_declared = "alternate" in (element.get("rel") or "").lower().split()
        if is_declared and (element.get("type") or "").partition(";")[0].strip().lower() in FEED_TYPES:
            _add(found, first_link([element.get("href") or ""], base), element.get("title") or "")
    for element in root.iter("a"):
        target = first_link([element.get("href") or ""], base)
        if target and _looks_like_a_feed(target):
            _add(found, target, element.text_content())
    return list(found.values())[:MOST_LINKS]


def usual_places(url: str) -> list[str]:
    """Addresses on the site of `url` where a feed often is."""
    parts = urlsplit(url)
    below = parts.path.rstrip("/")
    places = [f"{parts.scheme}://{parts.netloc}{path}" for path in USUAL_PATHS]
    if below and not below.rpartition("/")[2].count("."):
        places.insert(0, f"{parts.scheme}://{parts.netloc}{below}/feed")
    return places


def _add(found: dict[str, FeedLink], url: str, title: str) -> None:
    if url:
        found.setdefault(url, FeedLink(url, read_title(title, 120)))


def _looks_like_a_feed(url: str) -> bool:
    parts = urlsplit(url)
    last = [segment for segment in parts.path.lower().split("/") if segment][-2:]
    return any(word in segment for segment in last for word in FEED_WORDS) or "feed=" in parts.query.lower()
