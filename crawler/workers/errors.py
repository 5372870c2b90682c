"""What may go wrong with a call of `crawler.workers.pool`."""

from __future__ import annotations


class WorkerError(Exception):
    """A call could not be carried out; `kind` is the word that is stored with what it was to read.

    ├── CallTimeout     it passed its time limit, twice
    ├── WorkerCrashed   it ended its worker or its memory, twice
    │   └── WorkersUnavailable   no worker can start: not the call's doing
    └── PoolClosed    the worker pool was closed first
    """

    kind = "parse-crash"


class CallTimeout(WorkerError):  # noqa: N818
    """A call passed its time limit."""

    kind = "parse-timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"took longer than {seconds:g} seconds")


class WorkerCrashed(WorkerError):  # noqa: N818
    """A call ended its worker or used up its memory."""


class WorkersUnavailable(WorkerCrashed):
    """No worker can start, and the message says why; what was to be read is not to blame, and waits."""

    hint = "What was not read yet is read by the next crawl. Free memory or processes on this machine."


class PoolClosed(WorkerError):  # noqa: N818
    """The worker pool was closed before the call was carried out."""
