"""`tipwatch sources add`, `import`, `remove`, `pause`, `resume` and `undo`: `config.yaml` edited in place.

A running daemon takes an edit up by itself.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipwatch.cli.common import ConfigOption, config_file
from tipwatch.cli.sources import group
from tipwatch.text import counted, one_line

if TYPE_CHECKING:
    from tipwatch.config.load import Configuration

__all__ = ["group"]  # that of `sources`, with these commands in it

SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="Its name or address.")]


@group.command("add")
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a feed or a page.")],
    *,
    config: ConfigOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help="feed (default), listing or sitemap.")] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the source; its host and path unless given.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; may be repeated.")] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", metavar="CODE", help="Language of its articles; may be repeated.")
    ] = None,
    links: Annotated[
        str | None,
        typer.Option("--links", help='Listing: CSS selector of the links, or "re:" and a regular expression.'),
    ] = None,
) -> None:
    """Add a source to `config.yaml` in place; comments stay. A running daemon picks it up by itself.

    Example: `tipwatch sources add https://example.org/feed.xml --tag donors`
    """
    from tipwatch.config.edit import add_sources

    given: dict[str, Any] = {"url": url, "kind": kind, "name": name, "tags": tag, "languages": language, "links": links}
    source = {key: value for key, value in given.items() if value}
    file = config_file(context, config)
    configuration = add_sources(file, [url if len(source) == 1 else source])
    print(f"Added to {file}, {_watching(configuration)}. Next: tipwatch crawl")


@group.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file, as feed readers export it.")],
    config: ConfigOption = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Give them this tag too; may be repeated.")
    ] = None,
) -> None:
    """Add the feeds of an OPML file to `config.yaml`; those already watched are skipped.

    Example: `tipwatch sources import subscriptions.opml --tag imported`
    """
    from tipwatch.config.edit import add_sources
    from tipwatch.config.load import load_config
    from tipwatch.config.opml import new_sources, read_opml
    from tipwatch.config.selection import all_sources

    feeds = read_opml(file.read_bytes(), str(file))
    target = config_file(context, config)
    known_sources = all_sources(load_config(target, is_for_mail=False).settings)  # paused ones, too
    fresh, refused = new_sources(feeds, known_sources, extra_tags=tag or [])
    for url, reason in refused:
        print(f"left out: {one_line(url)} ({one_line(reason)})", file=sys.stderr)
    if fresh:
        add_sources(target, fresh)
    known = len(feeds) - len(fresh) - len(refused)
    print(f"{counted(len(fresh), 'feed')} added to {target}, {known} already watched, {len(refused)} left out.")


@group.command("remove")
def remove(context: typer.Context, source: SourceArgument, config: ConfigOption = None) -> None:
    """Remove a source from `config.yaml`; one from the catalogue is listed under `except`. What it brought is kept.

    Example: `tipwatch sources remove "Example news"`
    """
    from tipwatch.config.edit import remove_source

    file = config_file(context, config)
    name, configuration = remove_source(file, source)
    print(f"Removed {one_line(name)} from {file}, {_watching(configuration)}. Undo: tipwatch sources undo")


@group.command("pause")
def pause(context: typer.Context, source: SourceArgument, config: ConfigOption = None) -> None:
    """Stop visiting a source until `sources resume`; its settings and what it brought are kept.

    Example: `tipwatch sources pause "Example news"`
    """
    from tipwatch.config.edit import pause_source

    file = config_file(context, config)
    name, configuration = pause_source(file, source)
    print(f"{one_line(name)} is paused in {file}, {_watching(configuration)}.")
    print(f"Later: tipwatch sources resume {_quoted(name)}")


@group.command("resume")
def resume(context: typer.Context, source: SourceArgument, config: ConfigOption = None) -> None:
    """Watch a paused source again.

    Example: `tipwatch sources resume "Example news"`
    """
    from tipwatch.config.edit import resume_source

    file = config_file(context, config)
    name, configuration = resume_source(file, source)
    print(f"{one_line(name)} is no longer paused in {file}, {_watching(configuration)}.")


@group.command("undo")
def undo(context: typer.Context, config: ConfigOption = None) -> None:
    """Undo the last of these edits to `config.yaml`; run it again to redo the edit.

    Refused if the file has been edited by hand since. The previous version is kept as `config.yaml.bak`.

    Example: `tipwatch sources undo`
    """
    from tipwatch.config.edit import undo_edit

    file = config_file(context, config)
    print(f"Undone in {file}, {_watching(undo_edit(file))}.")


def _watching(configuration: Configuration) -> str:
    return f"which now watches {counted(len(configuration.sources), 'source')}"


def _quoted(name: str) -> str:
    import shlex

    return one_line(shlex.quote(name))
