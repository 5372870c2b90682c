"""Searches on ReliefWeb."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crawler.sources.registry import SourceKind
from crawler.sources.settings import Address, SearchSettings


class ReliefWebSettings(SearchSettings):
    """A search on ReliefWeb."""

    kind: Literal["reliefweb"] = Field("reliefweb", description="A search on ReliefWeb.")
    url: Address = Field("https://reliefweb.int", description="Address of the site; ReliefWeb unless given.")
    appname: str | None = Field(
        None, min_length=1, max_length=100, description="Your appname from ReliefWeb, for its API."
    )


KIND = SourceKind(ReliefWebSettings)
