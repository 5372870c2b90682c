"""Searches in GDELT's DOC API."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crawler.sources.registry import SourceKind
from crawler.sources.settings import Address, SearchSettings


class GdeltSettings(SearchSettings):
    """A search in GDELT."""

    kind: Literal["gdelt"] = Field("gdelt", description="A search in GDELT.")
    url: Address = Field(
        "https://api.gdeltproject.org/api/v2/doc/doc", description="Address of the API; GDELT's DOC API unless given."
    )


KIND = SourceKind(GdeltSettings)
