"""Writes files whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["write_atomically"]


def write_atomically(file: Path, content: bytes) -> None:
    """Puts `content` into `file`, keeping its rights where it was there; a crash leaves the old file or the new,
    never a half.

    A symbolic link is followed, so that what it points to is replaced, not the link.

    Raises:
        OSError: where the folder cannot be written; the file is as it was.
    """
    target = file.resolve()
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(target)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
