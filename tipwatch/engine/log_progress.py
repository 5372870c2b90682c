"""A crawl as the daemon's log tells it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.progress import Found

__all__ = ["LogProgress"]

log = logging.getLogger(__name__)


class LogProgress:
    """Tells the daemon's log what was found; the crawler itself logs what failed, with the reason."""

    def sources(self, done: int, total: int) -> None:
        """Nothing: the log tells the crawl's end with its numbers."""

    def pages(self, done: int, total: int) -> None:
        """Nothing."""

    def failed(self, source: str, kind: str, text: str) -> None:
        """One line a source."""
        log.warning("source.failed", extra={"source": source, "kind": kind, "reason": text})

    def found(self, kind: Found, title: str) -> None:
        """One line a project; a relevant article alone is not news to an operator."""
        if kind != "relevant":
            log.info("project.found", extra={"kind": kind, "title": title})
