"""The kinds of sources: a folder of `crawler/sources` with a `kind` module each, found here and nowhere listed.

What a kind does beyond its settings is named as `module:name` and loaded when first needed: Scrapy takes a quarter of a
second, and worker processes want none of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import attrgetter, or_
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
        visit: `module:name` of what visits those that are due; see `crawler.sources.visit.VisitKind`.
        recognise: `module:name` of what tells whether an address is of this kind, for `tipwatch sources check`; see
            `crawler.sources.trial.Recognise`. None where that cannot be told.
        rank: the order in which kinds are asked whether they recognise an address, lowest first: one that takes nearly
            anything comes late.
    """

    settings: type[SourceSettings]
    visit: str
    recognise: str | None = None
    rank: int = 0

    @property
    def name(self) -> str:
        """Its word in `kind:`."""
        return str(self.settings.model_fields["kind"].default)


@cache
def source_kinds() -> Mapping[str, SourceKind]:
    """All kinds by name."""
    folders = [found.name for found in pkgutil.iter_modules(crawler.sources.__path__) if found.ispkg]
    kinds = [importlib.import_module(f"crawler.sources.{folder}.kind").KIND for folder in folders]
    return {one.name: one for one in sorted(kinds, key=lambda one: (one.name != DEFAULT_KIND, one.name))}


def load(name: str) -> Any:
    """What `module:name` names."""
    module, _, attribute = name.partition(":")
    return attrgetter(attribute)(importlib.import_module(module))


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
