"""Which sources are watched: the configuration's own and the chosen ones of the catalogue, but for the paused ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import ValidationError

from crawler.sources.registry import parse_source
from crawler.sources.settings import SourceSettings
from tipwatch.config.catalogue import CatalogueEntry, choose, read_catalogue
from tipwatch.config.problems import did_you_mean
from tipwatch.config.settings import Settings
from tipwatch.errors import BadInput, NotFound

__all__ = ["all_sources", "find_source", "source_called", "watched_sources"]


def all_sources(settings: Settings) -> tuple[SourceSettings, ...]:
    """The configuration's own sources, then the chosen ones of the catalogue; an own one of the same name or address
    wins. Paused ones are among them."""
    chosen = settings.catalogue
    found = list(settings.sources)
    if chosen.tags or chosen.names:
        labels = {source.label.casefold() for source in found}
        keys = {source.key for source in found}
        for entry in choose(read_catalogue(), tags=chosen.tags, names=chosen.names, excluded=chosen.excluded):
            source = _from_catalogue(entry)
            if source.label.casefold() not in labels and source.key not in keys:
                labels.add(source.label.casefold())
                keys.add(source.key)
                found.append(source)
    return tuple(found)


def watched_sources(settings: Settings) -> tuple[SourceSettings, ...]:
    """`all_sources` without the paused ones."""
    found = all_sources(settings)
    paused = {source.key for name in settings.paused if (source := find_source(found, name)) is not None}
    return tuple(source for source in found if source.key not in paused) if paused else found


def find_source(sources: Iterable[SourceSettings], word: str) -> SourceSettings | None:
    """The source of a name or an address, in whatever case and with or without a slash at its end."""
    wanted = word.casefold().rstrip("/")
    found = {
        name.casefold().rstrip("/"): source
        for source in reversed(tuple(sources))
        for name in (source.key, source.url or "", source.label)
    }
    return found.get(wanted)


def source_called(sources: Sequence[SourceSettings], word: str) -> SourceSettings:
    """As `find_source`.

    Raises:
        NotFound: there is none; with the nearest name.
    """
    source = find_source(sources, word)
    if source is None:
        hint = did_you_mean(word, [source.label for source in sources])
        raise NotFound(f"no source is called {word!r}", hint or "see `tipwatch sources list`")
    return source


def _from_catalogue(entry: CatalogueEntry) -> SourceSettings:
    try:
        return parse_source(dict(entry.source))
    except ValidationError as error:
        raise BadInput(
            f"the catalogue's source {entry.name!r} is damaged: {error.errors()[0]['msg']}", "install tipwatch again"
        ) from error
