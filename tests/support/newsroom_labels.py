"""What a careful reader makes of each article of the news world, and the projects that they announce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from classifier.document import Facts
from tipwatch.demo.newsroom import NewsroomError

__all__ = ["LabelledProject", "Labels", "read_labels", "read_projects"]

FACT_DEFAULTS: Mapping[str, Any] = Facts().as_project()
"""The `project` object of the labelled corpus, empty."""


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
class LabelledProject:
    """A project of the world: what all articles about it have in common."""

    key: str
    name: str | None
    countries: tuple[str, ...]


def read_projects(folder: Path) -> dict[str, LabelledProject]:
    """The projects of a world's folder, by their keys."""
    return {
        key: LabelledProject(key, entry.get("name"), tuple(entry["countries"]))
        for key, entry in _read_yaml(folder / "projects.yaml").items()
    }


def read_labels(folder: Path) -> dict[str, Labels]:
    """The labels of a world's folder, by the keys of its articles.

    Raises:
        NewsroomError: they do not agree with the labelling guide (a new project is relevant and has facts).
    """
    projects = read_projects(folder)
    found = {}
    for file in sorted((folder / "articles").glob("*.yaml")):
        content = _read_yaml(file)
        for entry in content["articles"]:
            key = f"{content['outlet'].removesuffix('.example')}/{entry['slug']}"
            found[key] = _read_labels(entry, projects, key)
    return found


def _read_yaml(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _read_labels(entry: Mapping[str, Any], projects: Mapping[str, LabelledProject], where: str) -> Labels:
    project, facts = entry.get("project"), entry.get("facts")
    is_new_project = project is not None
    if is_new_project and (project not in projects or facts is None or entry["topic"] != "project"):
        raise NewsroomError(f"{where}: a new project needs a known project, facts and the topic 'project'")
    if facts is not None and not set(facts) <= set(FACT_DEFAULTS):
        raise NewsroomError(f"{where}: facts may only hold {', '.join(FACT_DEFAULTS)}")
    return Labels(
        is_relevant=is_new_project or entry["relevant"],
        is_new_project=is_new_project,
        topic=entry["topic"],
        project=project,
        story=entry.get("story"),
        facts={**FACT_DEFAULTS, **facts} if is_new_project and facts else None,
    )
