"""The news world as data: outlets and articles.

Frozen records only: `reading` makes them from the files of `seeds/newsroom/`, the rest of the package draws and
serves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tipwatch.errors import TipwatchError

__all__ = ["Article", "NewsroomError", "Outlet", "World", "Wrapped"]

SourceFormat = Literal["rss2", "rdf", "atom", "json-feed", "google-news", "listing", "sitemap", "html"]
PageFault = Literal["consent", "paywall", "gone"]


class NewsroomError(TipwatchError):
    """The news world's files do not fit together."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """An article of another outlet in a search feed; `opens` tells whether the wrapped link leads to it."""

    article: str
    opens: bool


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet: its one source and how its pages look.

    Args:
        host: its name, under `.example`; `name` is what people call it.
        format: of its source at `source_path`; `article_path` is a pattern with {slug}, {year}, {month},
            {day}, {number}.
        template: file of `templates/` that draws its pages.
        encoding: of the feed's bytes; `declared_encoding` is what header and prolog claim.
        validators: which of ETag and Last-Modified it sends.
        moved_from: a path that answers `moved_status` and the way to `source_path`; configured sources use it.
        status: what the source answers, where it is not 200.
        link_suffix: what its feed puts behind every link (tracking parameters).
        links: CSS selector of a listing's articles.
        disallow: paths that robots.txt forbids.
        wraps: what its search feed shows of other outlets.
    """

    host: str
    name: str
    format: SourceFormat
    lang: str
    template: str
    source_path: str
    article_path: str = "/news/{slug}"
    tagline: str = ""
    tags: tuple[str, ...] = ()
    encoding: str = "utf-8"
    declared_encoding: str = "utf-8"
    validators: Literal["both", "etag", "last-modified", "none"] = "both"
    delay_seconds: float = 0.0
    is_gzipped: bool = False
    is_malformed: bool = False
    has_full_text: bool = False
    status: int = 200
    moved_from: str | None = None
    moved_status: int = 301
    link_suffix: str = ""
    links: str | None = None
    disallow: tuple[str, ...] = ()
    wraps: tuple[Wrapped, ...] = ()

    @property
    def kind(self) -> Literal["feed", "listing", "sitemap"]:
        """The source's kind as the configuration names it."""
        if self.format == "listing":
            return "listing"
        return "sitemap" if self.format == "sitemap" else "feed"

    @property
    def is_working(self) -> bool:
        """False for a source that can never give an entry: missing, gone, or no feed at all."""
        return self.status == 200 and self.format != "html"


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its outlet holds it; `round` is the first that shows it, `number` its place in its file."""

    key: str
    host: str
    slug: str
    number: int
    lang: str
    round: int
    published_at: datetime
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    path: str
    byline: str | None = None
    caption: str | None = None
    fault: PageFault | None = None

    @property
    def text(self) -> str:
        """The body as plain text, paragraphs parted by a blank line."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class World:
    """Everything there is, whatever the round. `interface` holds the pages' own words, by language."""

    outlets: tuple[Outlet, ...]
    articles: tuple[Article, ...]
    interface: Mapping[str, Mapping[str, Any]]
    by_key: Mapping[str, Article] = field(default_factory=dict)

    def articles_of(self, host: str, *, until_round: int) -> list[Article]:
        """An outlet's articles that can be seen in a round, newest first."""
        shown = [article for article in self.articles if article.host == host and article.round <= until_round]
        return sorted(shown, key=lambda article: (article.published_at, article.key), reverse=True)
