"""The news world as data: outlets and articles, read from its files.

What enters: a folder with `outlets.yaml`, `interface.yaml` and `articles/*.yaml`. What leaves: a `World` of frozen
records. It promises that everything referred to exists; else a `NewsroomError` names the file and the article. The
labels that stand beside each article are for tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import TypeAdapter, ValidationError

from tipwatch.errors import TipwatchError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is much faster where it is there

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


def load_world(folder: Path) -> World:
    """The world of a folder.

    Raises:
        NewsroomError: a file is missing or damaged, or refers to what is not there.
    """
    try:
        outlets = TypeAdapter(tuple[Outlet, ...]).validate_python(_read_yaml(folder / "outlets.yaml"))
    except ValidationError as error:
        raise NewsroomError(f"{folder}: an outlet lacks or misspells a field: {error}") from error
    interface = _read_yaml(folder / "interface.yaml")
    hosts = {outlet.host: outlet for outlet in outlets}
    articles: list[Article] = []
    for file in sorted((folder / "articles").glob("*.yaml")):
        content = _read_yaml(file)
        if content.get("outlet") not in hosts:
            raise NewsroomError(f"{file.name}: outlet {content.get('outlet')!r} is not in outlets.yaml")
        outlet = hosts[content["outlet"]]
        for number, entry in enumerate(content["articles"], start=1):
            articles.append(_read_article(entry, outlet, number, file.name))
    by_key = {article.key: article for article in articles}
    for outlet in outlets:
        for wrapped in outlet.wraps:
            if wrapped.article not in by_key:
                raise NewsroomError(f"outlets.yaml: {outlet.host} wraps {wrapped.article!r}, which is not there")
    return World(outlets, tuple(articles), interface, by_key)


def _read_yaml(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader either way
    except (OSError, yaml.YAMLError) as error:
        raise NewsroomError(f"cannot read {file}: {error}") from error


def _read_article(entry: Mapping[str, Any], outlet: Outlet, number: int, file: str) -> Article:
    where = f"{file}, article {entry.get('slug', number)!r}"
    try:
        published_at = datetime.fromisoformat(entry["published"])
        when = {"year": f"{published_at:%Y}", "month": f"{published_at:%m}", "day": f"{published_at:%d}"}
        return Article(
            key=f"{outlet.host.removesuffix('.example')}/{entry['slug']}",
            host=outlet.host,
            slug=entry["slug"],
            number=number,
            lang=entry.get("lang", outlet.lang),
            round=entry.get("round", 1),
            published_at=published_at.astimezone(UTC),
            title=entry["title"],
            summary=" ".join(entry["summary"].split()),
            paragraphs=tuple(" ".join(each.split()) for each in entry["text"].strip().split("\n\n")),
            path=entry.get("path") or outlet.article_path.format(slug=entry["slug"], number=4100 + 37 * number, **when),
            byline=entry.get("byline"),
            caption=entry.get("caption"),
            fault=entry.get("fault"),
        )
    except (KeyError, ValueError) as error:
        raise NewsroomError(f"{where}: {error!r} is missing or wrong") from error
