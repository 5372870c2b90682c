"""Regions of the world by name, and the countries in each (`regions.yaml`, after the United Nations' M49)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

CODE_LENGTH = 2  # a longer word is the name of a smaller region


@cache
def _table() -> dict[str, list[str]]:
    text = files(__package__).joinpath("regions.yaml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = yaml.safe_load(text)
    return table


def region_names() -> tuple[str, ...]:
    """All names, in alphabetical order."""
    return tuple(sorted(_table()))


@cache
def countries_of(region: str) -> frozenset[str]:
    """The two-letter codes of a region's countries.

    Raises:
        KeyError: no region is called so.
    """
    parts = _table()[region]
    small = [part for part in parts if len(part) == CODE_LENGTH]
    return frozenset(small).union(*(countries_of(part) for part in parts if len(part) != CODE_LENGTH))
