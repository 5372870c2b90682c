"""Feeds: RSS, Atom, RDF and JSON Feed."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from crawler.sources.registry import SourceKind
from crawler.sources.settings import Address, SourceSettings


class FeedSettings(SourceSettings):
    """A feed."""

    is_subscribed: ClassVar[bool] = True

    kind: Literal["feed"] = Field("feed", description="What kind of source it is; a feed where not given.")
    fallback: Address | None = Field(None, description="A listing page read instead while the feed fails.")


KIND = SourceKind(FeedSettings, rank=2)
