"""Puts the commands together."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main

from tipwatch.cli import (
    articles,
    config,
    crawl,
    database,
    deliveries,
    demo,
    digest,
    evaluate,
    import_articles,
    judge,
    parked,
    project_add,
    reprocess,
    run,
    source_edits,
    status,
    train,
    undo,
)

ABOUT = """Watches the world's anti-trafficking news and mails every new counter-trafficking project the morning after.

Start with `tipwatch demo` (offline), or with `tipwatch config init`, `tipwatch crawl` and `tipwatch digest --dry-run`.

Exit codes: 0 done; 1 done, but something needs a person; 2 bad input or configuration; 130 interrupted."""

GROUPS = {
    "digest": digest.group,
    "deliveries": deliveries.group,
    "config": config.group,
    "sources": source_edits.group,
    "articles": articles.group,
    "projects": project_add.group,
    "parked": parked.group,
    "storage": database.group,
}
COMMANDS: dict[str, Callable[..., Any]] = {
    "run": run.run,
    "worker": run.worker,
    "crawl": crawl.crawl,
    "status": status.status,
    "reprocess": reprocess.reprocess,
    "undo": undo.undo,
    "backup": database.backup,
    "judge": judge.judge,
    "import": import_articles.import_,
    "train": train.train,
    "evaluate": evaluate.evaluate,
    "demo": demo.demo,
}


@cache
def build_command() -> Any:
    """The whole command line, built once a process: typer takes a tenth of a second for it."""
    app = typer.Typer(
        name="tipwatch",
        help=ABOUT,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name, group in GROUPS.items():
        app.add_typer(group, name=name)
    for name, command in COMMANDS.items():
        app.command(name)(command)
    return typer.main.get_command(app)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        print(f"tipwatch {version('tipwatch')}")
        raise typer.Exit


def _options(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", metavar="FILE", help="Configuration; `./config.yaml` unless given. Also after the command."
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of every command; `common.config_file` reads them."""
