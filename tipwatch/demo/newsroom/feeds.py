"""Draws the sources of the news world: RSS, RDF, Atom, JSON Feed, search feeds, sitemaps, sound or damaged on purpose.

What enters: an outlet, the articles it shows and the address it is served at. What leaves: bytes and a content type.
Pure: the same input gives the same bytes. Encodings and damage are applied here, compression on the wire is the
server's.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import Environment

from tipwatch.demo.newsroom.world import Article, Outlet

__all__ = ["CONTENT_TYPES", "FeedItem", "FeedWriter", "wrapped_path"]

CONTENT_TYPES = {
    "rss2": "application/rss+xml",
    "google-news": "application/xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json-feed": "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An article in a source: `link` is as the feed writes it, `outlet` whose article it is."""

    article: Article
    outlet: Outlet
    link: str
    canonical: str


class FeedWriter:
    """Draws feeds and sitemaps from templates."""

    def __init__(self, templates: Environment) -> None:
        self._templates = templates

    def feed(self, outlet: Outlet, items: Sequence[FeedItem], base: str) -> tuple[bytes, str]:
        """The outlet's feed in its format, encoding and state of health; `base` is scheme, host and port.

        `items` are newest first and may be empty.
        """
        content_type = f"{CONTENT_TYPES[outlet.format]}; charset={outlet.declared_encoding}"
        if outlet.format == "json-feed":
            return _json_feed(outlet, items, base), content_type
        text = self._draw(f"{outlet.format}.xml", outlet=outlet, items=items, base=base)
        if outlet.is_malformed:
            text = _damage(text)
        return text.encode(outlet.encoding, errors="xmlcharrefreplace"), content_type

    def sitemap_index(self, parts: Sequence[tuple[str, datetime]]) -> bytes:
        """A sitemap index over (address, time of change)."""
        return self._draw("sitemap-index.xml", parts=parts).encode()

    def sitemap(self, outlet: Outlet, items: Sequence[FeedItem], *, is_compressed: bool) -> bytes:
        """A news sitemap, as a .gz file where asked (with a fixed time inside, so that its bytes never change)."""
        body = self._draw("sitemap.xml", outlet=outlet, items=items).encode()
        return gzip.compress(body, mtime=0) if is_compressed else body

    def _draw(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(**values) + "\n"


def wrapped_path(article: Article) -> str:
    """The path under which a search engine hides an article: an opaque token, always the same for one article."""
    token = base64.urlsafe_b64encode(b"\x08\x13\x22" + article.key.encode()).decode().rstrip("=")
    return f"/rss/articles/CBMi{token}"


def _json_feed(outlet: Outlet, items: Sequence[FeedItem], base: str) -> bytes:
    def describe(item: FeedItem) -> dict[str, Any]:
        article = item.article
        described: dict[str, Any] = {
            "id": item.canonical,
            "url": item.link,
            "title": article.title,
            "summary": article.summary,
            "date_published": article.published_at.isoformat(),
            "language": article.lang,
        }
        if outlet.has_full_text:
            described["content_html"] = "".join(f"<p>{paragraph}</p>" for paragraph in article.paragraphs)
        return described

    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}{outlet.source_path}",
        "language": outlet.lang,
        "description": outlet.tagline,
        "items": [describe(item) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _damage(text: str) -> str:
    """The feed as a careless program writes it: ampersands left bare and one element never closed.

    Every entry stays readable to a forgiving parser, which is what the damage is for.
    """
    return text.replace("&amp;", "&").replace("</category>", "", 1)
