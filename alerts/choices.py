"""A setting that is one of some words which are known only when the program runs: those that are registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class OneOf:
    """For `Annotated[str, OneOf(words)]`: checked, described and explained as `Literal` is."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return handler.generate_schema(Literal[self.words])
