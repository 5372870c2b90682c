"""Makes the process ready that the workers are forked from.

Much of what reading needs is made when it is first needed: patterns, look-ups of lexicons, tables of the libraries. By
one page read and one feed parsed before the fork it is made once and shared; after it, every worker would make it for
itself. The main process, which names the set-up, need not load any of it: everything is imported where it is used.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifier.settings import ClassifierSettings
    from crawler.pages.records import PageReading

_FEED = (
    f'<rss version="2.0"><channel><title>Rehearsal</title><item><title>{TITLE}</title><link>{URL}</link>'
    "<guid>1</guid><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate>"
    f"<description>&lt;p&gt;{PARAGRAPHS[0]}&lt;/p&gt;</description></item></channel></rss>"
)


def prepare_worker(settings: ClassifierSettings | None = None, *, may_rule_out: bool = True) -> PageReading:
    """Loads what `crawler.pages.read.prepare` does with these, and reads both; gives the page's reading."""
    import numpy as np

    from classifier.document import TOPICS
    from classifier.encoder.scores import RecordScores
    from crawler.feeds.document import FetchedDocument
    from crawler.feeds.parse import parse_feed
    from crawler.pages.read import judge_page, prepare, read_page
    from crawler.pages.records import FetchedPage, PassedPage
    from storage.records import PendingPage

    prepare(settings, may_rule_out=may_rule_out)
    parse_feed(FetchedDocument(_FEED.encode(), "application/rss+xml", "https://rehearsal.example/feed", _AT))
    page = PendingPage(
        entry_ids=(0,),
        url=_URL,
        canonical_url=_URL,
        host="rehearsal.example",
        title=_TITLE,
        summary=_PARAGRAPHS[0],
        published_at=_AT,
        language="en",
        outlet=None,
        source_name="rehearsal",
        attempts=0,
    )
    passed = read_page(FetchedPage(page, _URL, _PAGE.encode(), _AT, content_type="text/html; charset=utf-8"))
    assert isinstance(passed, PassedPage)
    # what an encoder may say of the page: it is not loaded here, since one worker alone will need it
    sure = RecordScores(np.full(2, 9.0, np.float32), np.zeros(len(TOPICS), np.float32), {})
    return judge_page(passed, encoder_scores=sure)
