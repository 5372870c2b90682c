"""`tipwatch parked`: pages that could not be read and wait for a person, and another try for them."""

from __future__ import annotations

from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, LimitOption, OffsetOption, load, open_database, utc_now
from tipwatch.cli.show import moment, print_records
from tipwatch.text import counted

group = typer.Typer(no_args_is_help=True, help="Pages that could not be read and are not retried automatically.")


@group.command("list")
def list_(
    context: typer.Context,
    config: ConfigOption = None,
    limit: LimitOption = 100,
    offset: OffsetOption = 0,
    json: JsonOption = False,
) -> None:
    """List parked pages, each with its reason.

    Example: `tipwatch parked list`
    """
    from storage.articles.pages import list_parked

    with open_database(load(context, config)) as database, database.reading() as connection:
        found = list_parked(connection, limit=limit, offset=offset)
    print_records(
        found,
        ("id", "since", "kind", "tries", "source", "address", "reason"),
        lambda one: (
            one.id,
            moment(one.parked_at),
            one.error_kind,
            one.attempts,
            one.source_name,
            one.url,
            one.error_text or "",
        ),
        empty="No page is parked.",
        is_json=json,
    )


@group.command("retry")
def retry(
    context: typer.Context,
    ids: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="ID", help="Numbers of pages, as `parked list` shows them; all unless given.", show_default=False
        ),
    ] = None,
    config: ConfigOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind of error, e.g. timeout.")] = None,
) -> None:
    """Retry parked pages at the next crawl.

    Examples: `tipwatch parked retry 17 18`, `tipwatch parked retry --kind timeout`
    """
    from storage.articles.pages import retry_parked

    with open_database(load(context, config)) as database:
        count = database.write_now(retry_parked, utc_now(), entry_ids=ids or None, error_kind=kind)
    print(f"{counted(count, 'page')} will be tried again." if count else "No parked page matches.")
