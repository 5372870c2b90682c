"""Faults of our own, kept to the one feed or page they befell: told in words, logged with their traceback.

What a library or our code raises beyond what was thought of is a bug; it must not end the crawl, nor befall every crawl
after it. The source gets the error, or the page is parked with it, until a version without the fault is installed.
"""

from __future__ import annotations

import logging

from crawler.text.one_line import one_line
from crawler.workers.errors import WorkerError
from storage.database.errors import StorageError

log = logging.getLogger(__name__)

FAULT = "fault"
"""The kind of error that a fault is stored as."""


def is_internal(error: Exception) -> bool:
    """Whether an error is a fault of ours: neither the database's trouble, nor the machine's, nor the workers'."""
    return not isinstance(error, StorageError | WorkerError | OSError)


def log_internal_error(error: Exception, what: str) -> str:
    """Logs a fault with its traceback; gives the sentence to store. `what` names the feed or page."""
    log.error("error.internal", exc_info=error, extra={"what": what})
    return one_line(f"an internal error in tipwatch ({type(error).__name__}: {error}); please report it with the log")
