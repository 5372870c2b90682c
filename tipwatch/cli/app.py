"""Puts the commands together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tipwatch.cli import (
    articles,
    backup,
    config,
    crawl,
    deliveries,
    demo,
    digest,
    evaluate,
    import_articles,
    judge,
    parked,
    projects,
    run,
    sources,
    status,
    storage,
    train,
    undo,
    worker,
)

__all__ = ["build_app"]

ABOUT = """Watches the world's anti-trafficking news and mails every new counter-trafficking project the morning after.

Start with `tipwatch demo` (offline), or with `tipwatch config init`, `tipwatch crawl` and `tipwatch digest --dry-run`.

Exit codes: 0 done; 1 done, but something needs a person; 2 bad input or configuration; 130 interrupted."""


def build_app() -> typer.Typer:
    """The whole command line, ready to be called."""
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
    for module in (
        run,
        worker,
        crawl,
        digest,
        deliveries,
        status,
        config,
        sources,
        articles,
        projects,
        undo,
        parked,
        backup,
        storage,
        judge,
        import_articles,
        train,
        evaluate,
        demo,
    ):
        module.register(app)
    return app


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
