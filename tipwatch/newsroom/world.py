"""The news world as data: outlets, articles with their labels, and the projects that they tell.

What enters: a folder with `outlets.yaml`, `projects.yaml`, `interface.yaml` and `articles/*.yaml`. What leaves: a frozen
`World`. It promises that everything referred to exists and that labels agree with the labelling guide's rules (a new project
is relevant and has facts); else a `NewsroomError` names the file and the article.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from tipwatch.errors import TipwatchError

__all__ = [
    "FACT_DEFAULTS",
    "Article",
    "ExpectedArticle",
    "ExpectedProject",
    "Labels",
    "NewsroomError",
    "Outlet",
    "Project",
    "World",
    "Wrapped",
    "load_world",
]

SourceFormat = Literal["rss2", "rdf", "atom", "json-feed", "google-news", "listing", "sitemap", "html"]
PageFault = Literal["consent", "paywall", "gone"]

FACT_DEFAULTS: Mapping[str, Any] = {
    "name": None,
    "implementers": [],
    "funders": [],
    "partners": [],
    "countries": [],
    "amount": None,
    "currency": None,
    "start": None,
    "end": None,
    "duration_months": None,
}
"""The `project` object of the labelled corpus, empty."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads the world ten times as fast where it is there


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
        format: of its source at `source_path`; `article_path` is a pattern with {slug}, {year}, {month}, {day}, {number}.
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
class Labels:
    """What a careful reader makes of an article; `facts` has every key of `FACT_DEFAULTS` where it is a new project."""

    is_relevant: bool
    is_new_project: bool
    topic: str
    project: str | None = None
    story: str | None = None
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its outlet holds it; `round` is the first round in which it can be seen, `number` its place in its file."""

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
    labels: Labels
    path: str
    byline: str | None = None
    caption: str | None = None
    fault: PageFault | None = None

    @property
    def text(self) -> str:
        """The body as plain text, paragraphs parted by a blank line."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the world: what all articles about it have in common."""

    key: str
    name: str | None
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedProject:
    """A project that a crawl must find once, with the canonical addresses of the articles that tell it, oldest first."""

    key: str
    name: str | None
    countries: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """An article that a crawl must find, by its canonical address, with its labels."""

    key: str
    url: str
    host: str
    outlet: str
    lang: str
    round: int
    published_at: datetime
    title: str
    summary: str
    text: str
    fault: PageFault | None
    labels: Labels


@dataclass(frozen=True, slots=True)
class World:
    """Everything there is, whatever the round. `interface` holds the pages' own words, by language."""

    outlets: tuple[Outlet, ...]
    articles: tuple[Article, ...]
    projects: Mapping[str, Project]
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
        outlets = tuple(_read_outlet(entry) for entry in _read_yaml(folder / "outlets.yaml"))
        projects = {
            key: Project(key, entry.get("name"), tuple(entry["countries"]))
            for key, entry in _read_yaml(folder / "projects.yaml").items()
        }
        interface = _read_yaml(folder / "interface.yaml")
    except (KeyError, TypeError) as error:
        raise NewsroomError(f"{folder}: an outlet or project lacks or misspells a field: {error}") from error
    hosts = {outlet.host: outlet for outlet in outlets}
    articles: list[Article] = []
    for file in sorted((folder / "articles").glob("*.yaml")):
        content = _read_yaml(file)
        if content.get("outlet") not in hosts:
            raise NewsroomError(f"{file.name}: outlet {content.get('outlet')!r} is not in outlets.yaml")
        outlet = hosts[content["outlet"]]
        for number, entry in enumerate(content["articles"], start=1):
            articles.append(_read_article(entry, outlet, number, projects, file.name))
    by_key = {article.key: article for article in articles}
    for outlet in outlets:
        for wrapped in outlet.wraps:
            if wrapped.article not in by_key:
                raise NewsroomError(f"outlets.yaml: {outlet.host} wraps {wrapped.article!r}, which is not there")
    return World(outlets, tuple(articles), projects, interface, by_key)


def _read_yaml(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader either way
    except (OSError, yaml.YAMLError) as error:
        raise NewsroomError(f"cannot read {file}: {error}") from error


def _read_outlet(entry: Mapping[str, Any]) -> Outlet:
    fields = dict(entry)
    wraps = tuple(Wrapped(item["article"], item["opens"]) for item in fields.pop("wraps", ()))
    for name in ("tags", "disallow"):
        fields[name] = tuple(fields.get(name, ()))
    return Outlet(**fields, wraps=wraps)


def _read_article(
    entry: Mapping[str, Any], outlet: Outlet, number: int, projects: Mapping[str, Project], file: str
) -> Article:
    where = f"{file}, article {entry.get('slug', number)!r}"
    try:
        published_at = datetime.fromisoformat(entry["published"])
        labels = _read_labels(entry, projects, where)
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
            paragraphs=_read_paragraphs(entry["text"]),
            labels=labels,
            path=entry.get("path") or outlet.article_path.format(slug=entry["slug"], number=4100 + 37 * number, **when),
            byline=entry.get("byline"),
            caption=entry.get("caption"),
            fault=entry.get("fault"),
        )
    except (KeyError, ValueError) as error:
        raise NewsroomError(f"{where}: {error!r} is missing or wrong") from error


def _read_paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _read_labels(entry: Mapping[str, Any], projects: Mapping[str, Project], where: str) -> Labels:
    project, facts = entry.get("project"), entry.get("facts")
    is_new_project = project is not None
    if is_new_project and (project not in projects or facts is None or entry["topic"] != "project"):
        raise NewsroomError(f"{where}: a new project needs a known project, facts and the topic 'project'")
    if facts is not None and not _has_known_keys(facts, tuple(FACT_DEFAULTS)):
        raise NewsroomError(f"{where}: facts may only hold {', '.join(FACT_DEFAULTS)}")
    return Labels(
        is_relevant=is_new_project or entry["relevant"],
        is_new_project=is_new_project,
        topic=entry["topic"],
        project=project,
        story=entry.get("story"),
        facts={**FACT_DEFAULTS, **facts} if is_new_project and facts else None,
    )


def _has_known_keys(facts: Mapping[str, Any], known: Sequence[str]) -> bool:
    return set(facts) <= set(known)
