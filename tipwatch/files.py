"""Writes files whole or not at all, and into what is no file of its own: devices, pipes, the process's open files."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

# Where the system keeps names of devices and of a process's open files: what is named there is never replaced.
NAMES_OF_OPEN_FILES = (Path("/dev"), Path("/proc"))


def write_file(file: Path, content: bytes, *, mode: int | None = None) -> None:
    """Puts `content` into `file`, with these rights, else keeping those it had; a crash leaves the old file or the new,
    never a half.

    A symbolic link is followed, so that what it points to is replaced, not the link. A device, a pipe or an open file
    (`/dev/stdout`, `/dev/fd/63`) is written into; what it holds already stays.

    Raises:
        OSError: it cannot be written; a file is as it was. Names `file`.
    """
    try:
        if _is_stream(file):
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND), "wb") as stream:
                stream.write(content)
        else:
            _replace(Path(os.path.realpath(file)), content, mode)  # `resolve` raises no OSError of a loop
    except OSError as error:  # of the file that was asked for, not of one beside it
        raise OSError(error.errno, error.strerror, str(file)) from error


def _is_stream(file: Path) -> bool:
    is_named = any(file.absolute().is_relative_to(folder) for folder in NAMES_OF_OPEN_FILES)
    return file.exists() and not file.is_dir() and (is_named or not file.is_file())


def _replace(target: Path, content: bytes, mode: int | None) -> None:
    fresh = target.with_name(f".{secrets.token_hex(8)}.new")  # short, whatever the target's name
    if mode is None:
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
