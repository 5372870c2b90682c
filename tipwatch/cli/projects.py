"""`tipwatch projects`: the register of counter-trafficking projects, and a person's corrections to it."""

from __future__ import annotations

import typer

__all__ = ["register"]

group = typer.Typer(no_args_is_help=True, help="The register of projects: look, correct, export.")


def register(app: typer.Typer) -> None:
    """Hangs the commands into the command line."""
    app.add_typer(group, name="projects")


@group.command("list")
def list_() -> None:
    """List."""
