"""What the configuration may say of the `file` transport."""

from __future__ import annotations

from pydantic import BaseModel, Field


class FileSettings(BaseModel):
    """Keys of `mail:` that only mail written into files reads."""

    folder: str = Field(default="outbox", description="Folder of the `file` transport, relative to `data`.")
