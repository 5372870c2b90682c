"""Feeds of an OPML file as sources of the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from crawler.sources.registry import parse_source
from crawler.sources.settings import SourceSettings
from tipwatch.config.opml import OutlineFeed

__all__ = ["new_sources"]


def new_sources(
    feeds: Iterable[OutlineFeed], watched: Sequence[SourceSettings], *, extra_tags: Sequence[str] = ()
) -> tuple[list[str | dict[str, Any]], list[tuple[str, str]]]:
    """The feeds that are not watched yet, ready for `sources:`, and those that cannot be, each with the reason.

    A name that is taken already gets a number behind it.
    """
    keys = {source.key for source in watched}
    labels = {source.label.casefold() for source in watched}
    fresh: list[str | dict[str, Any]] = []
    refused: list[tuple[str, str]] = []
    for feed in feeds:
        raw: dict[str, Any] = {"url": feed.url}
        if feed.name:
            raw["name"] = _free_name(feed.name[:190], labels)
        if tags := list(dict.fromkeys((*feed.tags, *extra_tags))):
            raw["tags"] = tags
        if feed.language:
            raw["languages"] = [feed.language[:2].lower()]
        try:
            source = parse_source(raw)
        except ValidationError as error:
            refused.append((feed.url, error.errors()[0]["msg"].removeprefix("Value error, ")))
            continue
        if source.key in keys:
            continue
        if source.label.casefold() in labels:  # without a name of its own, two addresses of one path
            raw["name"] = _free_name(source.label[:190], labels)
        keys.add(source.key)
        labels.add(str(raw.get("name", source.label)).casefold())
        fresh.append(feed.url if len(raw) == 1 else raw)
    return fresh, refused


def _free_name(name: str, taken: set[str]) -> str:
    wanted, number = name, 1
    while wanted.casefold() in taken:
        number += 1
        wanted = f"{name} {number}"
    return wanted
