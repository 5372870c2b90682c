"""Feeds: RSS, Atom, RDF and JSON Feed; polled outside Scrapy, through whose engine a feed costs fifteen times as
much."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crawler.sources.registry import SourceKind
from crawler.sources.settings import Address, SourceSettings


class FeedSettings(SourceSettings):
    """A feed."""

    kind: Literal["feed"] = Field("feed", description="What kind of source it is; a feed where not given.")
    fallback: Address | None = Field(None, description="A listing page read instead while the feed fails.")


KIND = SourceKind(FeedSettings, "crawler.sources.feed.visit:visit", "crawler.sources.feed.recognise:recognise", 2)
