"""Sitemaps, news sitemaps first of all."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crawler.sources.registry import SourceKind
from crawler.sources.settings import SourceSettings


class SitemapSettings(SourceSettings):
    """A sitemap, or an index of sitemaps."""

    kind: Literal["sitemap"] = Field("sitemap", description="A sitemap, or an index of sitemaps.")


KIND = SourceKind(SitemapSettings, rank=1)
