"""Feeds: RSS, Atom, RDF and JSON Feed."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from crawler.sources.registry import SourceKind
from crawler.sources.settings import Address, SourceSettings


class FeedSettings(SourceSettings):
    """A feed."""

    is_subscribed: ClassVar[bool] = True

    kind: Literal["feed"] = Field("feed", description="Kind of source; a feed unless given.")
    fallback: Address | None = Field(None, description="Page of links, read instead while the feed fails.")


KIND = SourceKind(FeedSettings, rank=2)
