"""One page read and one feed parsed before a worker is forked into several.

Much of what reading needs is made when it is first needed: patterns, look-ups of lexicons, tables of the libraries.
Made before the fork it is made once and shared; made after it, by every worker for itself.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from classifier.document import TOPICS
from classifier.encoder.scores import RecordScores
from crawler.feeds.document import FetchedDocument
from crawler.feeds.parse import parse_feeds
from crawler.pages.read import judge_page, read_page
from crawler.pages.records import FetchedPage, PageReading, PassedPage
from storage.records import PendingPage

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_URL = "https://rehearsal.example/news/1"
_TITLE = "New project against human trafficking starts in Kenya and Uganda"
_PARAGRAPHS = (
    "The International Organization for Migration has launched a new project against trafficking in persons in Kenya "
    "and Uganda, the ministry of labour said on Monday.",
    "The three-year project, funded by the European Union with 2.5 million euros, will train labour inspectors, "
    "support survivors and help prosecutors to build cases until December 2028.",
    "It will be carried out together with the Kenya Red Cross, and is to reach 4,000 people in eight districts.",
)
_PAGE = (
    f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{_TITLE}</title></head><body>'
    f"<nav><ul><li><a href='/'>Home</a></li></ul></nav><article><h1>{_TITLE}</h1>"
    f"{''.join(f'<p>{paragraph}</p>' for paragraph in _PARAGRAPHS)}</article><footer>Contact</footer></body></html>"
)
_FEED = (
    f'<rss version="2.0"><channel><title>Rehearsal</title><item><title>{_TITLE}</title><link>{_URL}</link>'
    "<guid>1</guid><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate>"
    f"<description>&lt;p&gt;{_PARAGRAPHS[0]}&lt;/p&gt;</description></item></channel></rss>"
)


_SURE = RecordScores(np.full(2, 9.0, np.float32), np.zeros(len(TOPICS), np.float32), {})
"""What an encoder may say of the page: it is not loaded here, since one worker alone will need it."""


def warm_up_worker() -> PageReading:
    """Reads both with what `crawler.pages.read.prepare` has loaded; gives the page's reading."""
    parse_feeds([FetchedDocument(_FEED.encode(), "application/rss+xml", "https://rehearsal.example/feed", _AT)])
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
    return judge_page(passed, encoder_scores=_SURE)
