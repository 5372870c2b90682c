"""`tipwatch parked`: pages that could not be read and wait for a person, and another try for them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, load, open_database, print_json, utc_now
from tipwatch.cli.options import LimitOption, OffsetOption
from tipwatch.text import counted

__all__ = ["register"]

group = typer.Typer(no_args_is_help=True, help="Pages that were put aside, each with its reason.")


def register(app: typer.Typer) -> None:
    """Hangs the commands into the command line."""
    app.add_typer(group, name="parked")


@group.command("list")
def list_(
    context: typer.Context,
    config: ConfigOption = None,
    limit: LimitOption = 100,
    offset: OffsetOption = 0,
    json: JsonOption = False,
) -> None:
    """List what is parked: pages that are not tried again by themselves.

    Example: `tipwatch parked list`
    """
    from storage.articles.pages import list_parked

    with open_database(load(context, config)) as database, database.reading() as connection:
        found = list_parked(connection, limit=limit, offset=offset)
    if json:
        print_json([asdict(one) for one in found])
        return
    from tipwatch.cli.show import moment, print_table

    rows = [
        (one.id, moment(one.parked_at), one.error_kind, one.attempts, one.source_name, one.url, one.error_text or "")
        for one in found
    ]
    print_table(("id", "since", "kind", "tries", "source", "address", "reason"), rows, empty="Nothing is parked.")


@group.command("retry")
def retry(
    context: typer.Context,
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="[ID…]", help="Which; all unless given.", show_default=False)
    ] = None,
    config: ConfigOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind of error, e.g. timeout.")] = None,
) -> None:
    """Let parked pages be tried again at the next crawl.

    Examples: `tipwatch parked retry 17 18`, `tipwatch parked retry --kind timeout`
    """
    from storage.articles.pages import retry_parked

    with open_database(load(context, config)) as database:
        count = database.write_now(retry_parked, utc_now(), entry_ids=ids or None, error_kind=kind)
    print(f"{counted(count, 'page')} will be tried again." if count else "Nothing parked matches.")
