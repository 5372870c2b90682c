"""The kinds of sources: a folder of `crawler/sources` each, found here and nowhere listed.

Its module `kind` says what it is, and loads little. Its module `visit` has what it does: `poll`, which is a
`crawler.sources.visitor.Poll`, and where it has a rank `recognise`, a `crawler.sources.trial.Recognise`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Discriminator, GetCoreSchemaHandler, RootModel, Tag

import crawler.sources
from crawler.sources.settings import SourceSettings

DEFAULT_KIND = "feed"
"""That of a source whose kind is not said, such as a bare address."""


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source.

    Args:
        settings: what `sources:` may say of one; its `kind` names it.
        rank: the order in which kinds are asked whether they recognise an address, for `tipwatch sources check`, lowest
            first: one that takes nearly anything comes late. None where that cannot be told.
    """

    settings: type[SourceSettings]
    rank: int | None = None

    @property
    def name(self) -> str:
        """Its word in `kind:`."""
        return str(self.settings.model_fields["kind"].default)

    @property
    def visits(self) -> Any:
        """Its module `visit`, loaded when first needed."""
        return importlib.import_module(self.settings.__module__.removesuffix("kind") + "visit")


@cache
def source_kinds() -> Mapping[str, SourceKind]:
    """All kinds by name."""
    folders = [found.name for found in pkgutil.iter_modules(crawler.sources.__path__) if found.ispkg]
    kinds = [importlib.import_module(f"crawler.sources.{folder}.kind").KIND for folder in folders]
    return {one.name: one for one in sorted(kinds, key=lambda one: (one.name != DEFAULT_KIND, one.name))}


class _OfItsKind:
    """Has pydantic read a source with the model of its kind."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        models: Any = [Annotated[each.settings, Tag(name)] for name, each in source_kinds().items()]
        union: Any = Annotated[reduce(or_, models), Discriminator(kind), BeforeValidator(_with_keys_of_its_kind)]
        return handler.generate_schema(union)


AnySource = Annotated[SourceSettings, _OfItsKind()]
"""A source of any kind, as its own kind's settings."""


def parse_source(value: Any) -> SourceSettings:
    """A source as `sources:` gives it: its address alone, or keys and values. Raises pydantic's ValidationError."""
    return _model().model_validate(value).root


@cache
def _model() -> type[RootModel[AnySource]]:
    class Source(RootModel[AnySource]):
        model_config = ConfigDict(hide_input_in_errors=True)  # it may hold a secret

    return Source


def kind(value: Any) -> str:
    """Which kind a source is of, as it is configured; empty for what names none. Errors call it by this name."""
    word = value.get("kind", DEFAULT_KIND) if isinstance(value, dict) else getattr(value, "kind", DEFAULT_KIND)
    return word if isinstance(word, str) else ""


def _with_keys_of_its_kind(value: Any) -> Any:
    """The source, a bare address as a mapping. Raises ValueError for a key that is another kind's."""
    if isinstance(value, str):
        return {"url": value}
    own = source_kinds().get(kind(value))
    if own is None or not isinstance(value, dict):
        return value
    for key in value:
        if key not in own.settings.model_fields:
            owners = [name for name, other in source_kinds().items() if key in other.settings.model_fields]
            if owners:
                raise ValueError(f"{key}: belongs to kind: {' or '.join(owners)}")
    return value
