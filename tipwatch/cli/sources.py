"""`tipwatch sources`: what is watched and how it is doing, what could be, and an address tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, OutOption, config_file, load, open_database, utc_now
from tipwatch.cli.show import ago, print_json, print_records, until, write_out
from tipwatch.errors import ExitCode
from tipwatch.text import counted

if TYPE_CHECKING:
    from tipwatch.config.opml import OutlineFeed

group = typer.Typer(no_args_is_help=True, help="The watched sources: list, check and change them.")

NEEDS_A_PERSON = frozenset({"broken", "gone", "moved"})  # states that do not mend themselves


@group.command("list")
def list_(
    context: typer.Context,
    *,
    config: ConfigOption = None,
    json: JsonOption = False,
    catalogue: Annotated[bool, typer.Option("--catalogue", help="List the bundled catalogue instead.")] = False,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Only sources with this tag; may be repeated.")
    ] = None,
    failing: Annotated[bool, typer.Option("--failing", help="Only sources with a problem.")] = False,
) -> int:
    """List the watched sources with their health, or the bundled catalogue.

    Exit code 1 when a source needs a person (gone, moved, or broken for a day or more).

    Examples: `tipwatch sources list --failing`, `tipwatch sources list --catalogue --tag donors`
    """
    if catalogue:
        _list_catalogue(tag or [], is_json=json)
        return ExitCode.DONE
    from storage.sources.health import list_source_health
    from storage.sources.sources import sync_sources
    from tipwatch.config.selection import all_sources

    configuration = load(context, config)
    now = utc_now()
    paused = {one.label for one in all_sources(configuration.settings)} - {one.label for one in configuration.sources}
    with open_database(configuration) as database:
        database.write_now(sync_sources, [source.as_spec() for source in configuration.sources], now)
        with database.reading() as connection:
            health = [one for one in list_source_health(connection, now) if one.is_active or one.name in paused]
    if tag:
        health = [one for one in health if set(tag) & set(one.tags)]
    if failing:
        health = [one for one in health if one.state not in ("ok", "never-polled")]
    print_records(
        health,
        ("state", "source", "kind", "last read", "last news", "articles", "projects", ""),
        lambda one: (
            one.state if one.is_active else "paused",
            one.name,
            one.kind,
            ago(one.last_success_at, now),
            ago(one.last_news_at, now),
            one.articles,
            one.projects,
            _what(one, until(one.next_due_at, now)),
        ),
        empty="No source matches."
        if tag or failing
        else "No source is watched. Choose some with `catalogue:` or `tipwatch sources add URL`.",
        is_json=json,
    )
    needs_a_person = any(one.is_active and one.state in NEEDS_A_PERSON for one in health)
    return ExitCode.NEEDS_A_PERSON if needs_a_person else ExitCode.DONE


@group.command("check")
def check(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a feed, a site or a sitemap.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> int:
    """Try an address before adding it: what it is, what it contains, and the lines for `config.yaml`.

    Exit code 1 when there is nothing to watch.

    Example: `tipwatch sources check https://example.org/news`
    """
    from dataclasses import asdict

    from tipwatch.cli.source_check import check_address, print_report

    report, known_as = check_address(url, config_file(context, config))
    if not json:
        return print_report(report, known_as)
    latest = [{"title": one.title, "url": one.url, "published_at": one.published_at} for one in report.latest]
    print_json({**asdict(report), "latest": latest, "known_as": known_as})
    return ExitCode.DONE if report.suggestion is not None else ExitCode.NEEDS_A_PERSON


@group.command("export")
def export(
    context: typer.Context,
    config: ConfigOption = None,
    out: OutOption = None,
) -> None:
    """Print the watched feeds as OPML, for other feed readers. Credentials are left out.

    Example: `tipwatch sources export --out tipwatch.opml`
    """
    from tipwatch.config.opml import write_opml

    configuration = load(context, config)
    text = write_opml((_outline(source) for source in configuration.sources if source.kind == "feed"), "tipwatch")
    write_out(text.encode(), out)


def _outline(source: Any) -> OutlineFeed:
    from tipwatch.config.opml import OutlineFeed

    return OutlineFeed(source.url, source.label, source.tags, source.fallback or "", next(iter(source.languages), ""))


def _list_catalogue(tags: list[str], *, is_json: bool) -> None:
    from tipwatch.config.selection import read_catalogue, tags_of

    entries = [entry for entry in read_catalogue() if not tags or set(tags) & set(entry.tags)]
    print_records(
        entries,
        ("name", "kind", "lang", "region", "tags", "why"),
        lambda entry: (
            entry.name,
            entry.source.get("kind", "feed"),
            ",".join(entry.source.get("languages", [])),
            entry.region,
            ",".join(entry.tags),
            entry.why,
        ),
        empty="The catalogue has no source with that tag.",
        is_json=is_json,
        as_json=lambda entry: {**entry.source, "region": entry.region, "why": entry.why},
    )
    if not is_json:
        tags_shown = ", ".join(f"{tag} ({count})" for tag, count in tags_of(entries).items())
        print(f"\n{counted(len(entries), 'source')}. Tags: {tags_shown}")


def _what(health: Any, next_try: str) -> str:
    """In words what is wrong and what to do, empty where nothing is."""
    if health.state == "moved":
        return f"moved for good to {health.redirect_to}; change its address"
    if health.state == "gone":
        return "gone (410); remove or replace it"
    return f"{health.error_text}; next try {next_try}" if health.error_text and health.is_active else ""
