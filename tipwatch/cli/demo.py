"""`tipwatch demo`: the main job on the bundled news world, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Keep everything it writes in this folder.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Show the digest in a web browser.")] = False,
) -> int:
    """See tipwatch work, offline: it crawls a small invented news world, judges, registers, and shows the digests.

    Example: `tipwatch demo --keep /tmp/tipwatch-demo`
    """
    from tipwatch.cli.demo_run import run_demo

    return run_demo(keep, is_opened=open_)
