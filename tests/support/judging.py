"""The reading of pages with a judge that looks for one word, so that no model is needed; for
`WorkerPool(setup=...)`."""

from __future__ import annotations

import time

from crawler.pages import read as read_page
from crawler.pages.records import FetchedPage, PageReading, PassedPage
from tests.support.newsroom_pages import WordJudge


def prepare() -> None:
    """Loads what reading needs."""
    import trafilatura  # noqa: F401

    read_page._judge = WordJudge()


def hang_on_three(raw: FetchedPage) -> PageReading | PassedPage:
    """Reads a page; hangs on the one at `/3`."""
    if raw.url.endswith("/3"):
        time.sleep(60)
    return read_page.read_page(raw)
