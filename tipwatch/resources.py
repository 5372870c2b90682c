"""Where the files that come with tipwatch lie: the catalogue, the news world, the corpus, the templates."""

from __future__ import annotations

from pathlib import Path

from tipwatch.errors import BadInput

PACKAGE = Path(__file__).resolve().parent


def seeds_folder() -> Path:
    """The folder `seeds/`: inside the package when installed, beside it in a working copy (an editable install).

    Raises:
        BadInput: where neither is there, so the installation is damaged.
    """
    for folder in (PACKAGE / "seeds", PACKAGE.parent / "seeds"):
        if folder.is_dir():
            return folder
    raise BadInput(f"the folder seeds is missing from {PACKAGE}", "install tipwatch again")


def starter_config() -> Path:
    """The commented configuration that `tipwatch config init` writes."""
    return PACKAGE / "templates" / "config.yaml"
