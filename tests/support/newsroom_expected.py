"""What a careful reader finds in the news world: its articles with their labels, and the projects there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.support.newsroom_labels import Labels, read_labels, read_projects
from tipwatch.demo.newsroom import Newsroom
from tipwatch.resources import seeds_folder

__all__ = ["ExpectedArticle", "ExpectedProject", "expected_articles", "expected_projects"]


@dataclass(frozen=True, slots=True)
class ExpectedProject:
    """A project that a crawl must find once, with the addresses of the articles that tell it, oldest first."""

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
    fault: str | None
    labels: Labels


def expected_articles(newsroom: Newsroom) -> list[ExpectedArticle]:
    """All articles that can be seen up to the current round, oldest first."""
    world = newsroom.world
    labels = read_labels(seeds_folder() / "newsroom")
    names = {outlet.host: outlet.name for outlet in world.outlets}
    return [
        ExpectedArticle(
            key=article.key,
            url=newsroom.url(article.key),
            host=article.host,
            outlet=names[article.host],
            lang=article.lang,
            round=article.round,
            published_at=article.published_at,
            title=article.title,
            summary=article.summary,
            text=article.text,
            fault=article.fault,
            labels=labels[article.key],
        )
        for article in sorted(world.articles, key=lambda article: (article.published_at, article.key))
        if article.round <= newsroom.round
    ]


def expected_projects(newsroom: Newsroom) -> list[ExpectedProject]:
    """The projects there are up to the current round, each once, by key."""
    told: dict[str, list[str]] = {}
    for article in expected_articles(newsroom):
        if article.labels.project is not None:
            told.setdefault(article.labels.project, []).append(article.url)
    known = read_projects(seeds_folder() / "newsroom")
    projects = [known[key] for key in sorted(told)]
    return [ExpectedProject(p.key, p.name, p.countries, tuple(told[p.key])) for p in projects]
