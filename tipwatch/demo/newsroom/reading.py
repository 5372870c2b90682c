"""Reads the news world from its files.

What enters: a folder with `outlets.yaml`, `interface.yaml` and `articles/*.yaml`. What leaves: a `World`. It promises
that everything referred to exists; else a `NewsroomError` names the file and the article. The labels that stand beside
each article are for tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tipwatch.demo.newsroom.world import Article, NewsroomError, Outlet, World, Wrapped

__all__ = ["load_world"]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is much faster where it is there


def load_world(folder: Path) -> World:
    """The world of a folder.

    Raises:
        NewsroomError: a file is missing or damaged, or refers to what is not there.
    """
    try:
        outlets = tuple(_read_outlet(entry) for entry in _read_yaml(folder / "outlets.yaml"))
        interface = _read_yaml(folder / "interface.yaml")
    except (KeyError, TypeError) as error:
        raise NewsroomError(f"{folder}: an outlet lacks or misspells a field: {error}") from error
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


def _read_outlet(entry: Mapping[str, Any]) -> Outlet:
    fields = dict(entry)
    wraps = tuple(Wrapped(item["article"], item["opens"]) for item in fields.pop("wraps", ()))
    for name in ("tags", "disallow"):
        fields[name] = tuple(fields.get(name, ()))
    return Outlet(**fields, wraps=wraps)


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
            paragraphs=_read_paragraphs(entry["text"]),
            path=entry.get("path") or outlet.article_path.format(slug=entry["slug"], number=4100 + 37 * number, **when),
            byline=entry.get("byline"),
            caption=entry.get("caption"),
            fault=entry.get("fault"),
        )
    except (KeyError, ValueError) as error:
        raise NewsroomError(f"{where}: {error!r} is missing or wrong") from error


def _read_paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
