"""Storage's part of the configuration: where the database is and how long raw text is kept.

Enters as the `storage:` mapping of `config.yaml`, leaves as a frozen model; unknown keys are refused.
"""

from __future__ import annotations

from pydantic import BaseModel, Field


class StorageSettings(BaseModel, frozen=True, extra="forbid"):
    """Where everything is kept.

    A relative SQLite path is relative to the folder of the configuration file, which `tipwatch.config.load` resolves.
    """

    url: str = Field(
        default="sqlite:///data/tipwatch.sqlite3",
        description="Database: sqlite:///FILE, or postgresql://USER@HOST/NAME (pip install 'tipwatch[postgresql]').",
        repr=False,  # may hold a password
    )
    keep_text_days: int | None = Field(
        default=None,
        ge=1,
        description="Days to keep the text of articles; facts and their sentences stay. Empty: forever.",
    )
