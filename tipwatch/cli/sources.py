"""`tipwatch sources`: health of what is watched, and the configuration's list of sources edited in place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipwatch.cli.common import (
    ConfigOption,
    JsonOption,
    config_file,
    load,
    open_database,
    print_json,
    utc_now,
    write_out,
)
from tipwatch.text import counted

if TYPE_CHECKING:
    from tipwatch.config.opml import OutlineFeed

__all__ = ["register"]

group = typer.Typer(no_args_is_help=True, help="What is watched, how it is doing, and how to add to it.")

NEEDS_A_PERSON = frozenset({"broken", "gone", "moved"})  # states that do not mend themselves


def register(app: typer.Typer) -> None:
    """Hangs the commands into the command line."""
    app.add_typer(group, name="sources")


@group.command("list")
def list_(
    context: typer.Context,
    *,
    config: ConfigOption = None,
    json: JsonOption = False,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="The bundled catalogue instead, watched or not.")
    ] = False,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Only sources with this tag; may be repeated.")
    ] = None,
    failing: Annotated[bool, typer.Option("--failing", help="Only sources with a problem.")] = False,
) -> int:
    """List the watched sources with their health, or the bundled catalogue.

    Exit code 1 when a source needs a person (gone, moved, broken for long).

    Examples: `tipwatch sources list --failing`, `tipwatch sources list --catalogue --tag donors`
    """
    from tipwatch.errors import ExitCode

    if catalogue:
        _list_catalogue(tag or [], is_json=json)
        return ExitCode.DONE
    from storage.sources.health import list_source_health
    from storage.sources.sources import sync_sources

    configuration = load(context, config)
    now = utc_now()
    with open_database(configuration) as database:
        database.write_now(sync_sources, [source.as_spec() for source in configuration.sources], now)
        with database.reading() as connection:
            health = [one for one in list_source_health(connection, now) if one.is_active]
    if tag:
        health = [one for one in health if set(tag) & set(one.tags)]
    if failing:
        health = [one for one in health if one.state not in ("ok", "never-polled")]
    if json:
        from dataclasses import asdict

        print_json([asdict(one) for one in health])
    else:
        from tipwatch.cli.show import ago, print_table

        rows = [
            (
                one.state,
                one.name,
                one.kind,
                ago(one.last_success_at, now),
                ago(one.last_news_at, now),
                one.articles,
                one.projects,
                _what(one),
            )
            for one in health
        ]
        headings = ("state", "source", "kind", "last read", "last news", "articles", "projects", "")
        print_table(
            headings, rows, empty="No source is watched. Choose some with `catalogue:` or `tipwatch sources add URL`."
        )
    return ExitCode.NEEDS_A_PERSON if any(one.state in NEEDS_A_PERSON for one in health) else ExitCode.DONE


@group.command("check")
def check(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a feed, a site or a sitemap.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> int:
    """Try an address before adding it: what it is, what it holds, and the line for `config.yaml`.

    Exit code 1 when there is nothing to watch.

    Example: `tipwatch sources check https://example.org/news`
    """
    from tipwatch.cli.source_check import as_json, check_address, print_report
    from tipwatch.errors import ExitCode

    report = check_address(url, config_file(context, config))
    if not json:
        return print_report(report)
    print_json(as_json(report))
    return ExitCode.DONE if report.suggestion is not None else ExitCode.NEEDS_A_PERSON


@group.command("add")
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a feed or a page.")],
    *,
    config: ConfigOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help="feed (default), listing or sitemap.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="What it is called; host and path unless given.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; may be repeated.")] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", metavar="CODE", help="Language of its articles; may be repeated.")
    ] = None,
    links: Annotated[
        str | None, typer.Option("--links", help='Listing: CSS selector of the links, or "re:" and a pattern.')
    ] = None,
) -> None:
    """Add a source to `config.yaml` in place; comments stay. A running daemon takes it up by itself.

    Example: `tipwatch sources add https://example.org/feed.xml --tag donors`
    """
    from tipwatch.config.edit import add_sources

    given: dict[str, Any] = {"url": url, "kind": kind, "name": name, "tags": tag, "languages": language, "links": links}
    source = {key: value for key, value in given.items() if value}
    file = config_file(context, config)
    configuration = add_sources(file, [url if len(source) == 1 else source])
    print(f"Added to {file}, which now watches {counted(len(configuration.sources), 'source')}. Next: tipwatch crawl")


@group.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file, as feed readers export it.")],
    config: ConfigOption = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Give them this tag too; may be repeated.")
    ] = None,
) -> None:
    """Add the feeds of an OPML file to `config.yaml`; those that are watched already are passed over.

    Example: `tipwatch sources import subscriptions.opml --tag imported`
    """
    from tipwatch.config.edit import add_sources
    from tipwatch.config.load import load_config
    from tipwatch.config.opml import read_opml
    from tipwatch.config.opml_sources import new_sources
    from tipwatch.text import one_line

    feeds = read_opml(file.read_bytes(), str(file))
    target = config_file(context, config)
    fresh, refused = new_sources(feeds, load_config(target, is_for_mail=False).sources, extra_tags=tag or [])
    for url, reason in refused:
        print(f"left out: {one_line(url)} ({one_line(reason)})", file=sys.stderr)
    if fresh:
        add_sources(target, fresh)
    known = len(feeds) - len(fresh) - len(refused)
    print(f"{counted(len(fresh), 'feed')} added to {target}, {known} already watched, {len(refused)} left out.")


@group.command("export")
def export(
    context: typer.Context,
    config: ConfigOption = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to a file instead.")] = None,
) -> None:
    """Print the watched feeds as OPML, for other feed readers. Credentials are left out.

    Example: `tipwatch sources export --out tipwatch.config.opml`
    """
    from tipwatch.config.opml import write_opml

    configuration = load(context, config)
    text = write_opml((_outline(source) for source in configuration.sources if source.kind == "feed"), "tipwatch")
    write_out(text.encode(), out)


def _outline(source: Any) -> OutlineFeed:
    from tipwatch.config.opml import OutlineFeed

    return OutlineFeed(
        source.address, source.label, source.tags, source.fallback or "", next(iter(source.languages), "")
    )


def _list_catalogue(tags: list[str], *, is_json: bool) -> None:
    from tipwatch.cli.show import print_table
    from tipwatch.config.catalogue import read_catalogue, tags_of

    entries = [entry for entry in read_catalogue() if not tags or set(tags) & set(entry.tags)]
    if is_json:
        print_json([{**entry.source, "region": entry.region, "why": entry.why} for entry in entries])
        return
    rows = [
        (
            entry.name,
            entry.source.get("kind", "feed"),
            ",".join(entry.source.get("languages", [])),
            entry.region,
            ",".join(entry.tags),
            entry.why,
        )
        for entry in entries
    ]
    print_table(
        ("name", "kind", "lang", "region", "tags", "why"), rows, empty="The catalogue has no source with that tag."
    )
    print(
        f"\n{counted(len(rows), 'source')}. Tags: "
        + ", ".join(f"{tag} ({count})" for tag, count in tags_of(entries).items())
    )


def _what(health: Any) -> str:
    """In words what is wrong and what to do, empty where nothing is."""
    if health.state == "moved":
        return f"moved for good to {health.redirect_to}; change its address"
    if health.state == "gone":
        return "gone (410); remove or replace it"
    return health.error_text or ""
