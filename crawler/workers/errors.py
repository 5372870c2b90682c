"""What may go wrong with a call of `crawler.workers.pool`."""

from __future__ import annotations

__all__ = ["ReadTimeout", "ReaderClosed", "ReaderCrashed", "ReaderError", "ReaderUnavailable"]


class ReaderError(Exception):
    """A call could not be carried out.

    ├── ReadTimeout     it passed its time limit, twice
    ├── ReaderCrashed   it ended its worker or its memory, twice
    │   └── ReaderUnavailable   no worker can start: not the call's doing
    └── ReaderClosed    the reader was closed first
    """


class ReadTimeout(ReaderError):  # noqa: N818
    """A call passed its time limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"took longer than {seconds:g} seconds")
        self.seconds = seconds


class ReaderCrashed(ReaderError):  # noqa: N818
    """A call ended its worker or used up its memory."""


class ReaderUnavailable(ReaderCrashed):
    """No worker can start, and the message says why; what was to be read is not to blame."""


class ReaderClosed(ReaderError):  # noqa: N818
    """The reader was closed before the call was carried out."""
