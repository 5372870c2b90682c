"""Listings: web pages of links to articles."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator

from crawler.sources.registry import SourceKind
from crawler.sources.settings import SourceSettings


class ListingSettings(SourceSettings):
    """A page of links."""

    kind: Literal["listing"] = Field("listing", description="A page of links.")
    links: str | None = Field(
        None,
        min_length=1,
        max_length=1_000,
        description='CSS selector of the links, or "re:" and a regular expression that their addresses match.',
    )

    @field_validator("links")
    @classmethod
    def _links_compile(cls, links: str | None) -> str | None:
        if links is None:
            return None
        if links.startswith("re:"):
            try:
                re.compile(links.removeprefix("re:"))
            except (re.error, RecursionError, OverflowError) as error:
                raise ValueError(f"not a regular expression: {error}") from None
            return links
        from cssselect import HTMLTranslator, SelectorError

        try:
            HTMLTranslator().css_to_xpath(links)
        except SelectorError as error:
            raise ValueError(f'not a CSS selector: {error}; a regular expression begins with "re:"') from None
        return links


KIND = SourceKind(ListingSettings, rank=3)
