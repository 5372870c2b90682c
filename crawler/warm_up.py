"""One page read and one feed parsed before a worker is forked into several.

Much of what reading needs is made when it is first needed: patterns, lists of domains, tables of the libraries. Made
before the fork it is made once and shared; made after it, by every worker for itself. What judging needs is made by the
one worker that judges, when it is first asked to.
"""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.feeds.document import FetchedDocument
from crawler.feeds.parse import parse_feeds
from crawler.pages.read import Judging, judge_passed, read_page
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
    f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{_TITLE}</title>'
    f'<link rel="canonical" href="{_URL}"></head><body>'
    f"<nav><ul><li><a href='/'>Home</a></li></ul></nav><article><h1>{_TITLE}</h1>"
    f"{''.join(f'<p>{paragraph}</p>' for paragraph in _PARAGRAPHS)}</article><footer>Contact</footer></body></html>"
)
_FEED = (
    f'<rss version="2.0"><channel><title>Rehearsal</title><item><title>{_TITLE}</title><link>{_URL}</link>'
    "<guid>1</guid><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate>"
    f"<description>&lt;p&gt;{_PARAGRAPHS[0]}&lt;/p&gt;</description></item></channel></rss>"
)


def warm_up_reader() -> PassedPage:
    """Reads both with what `crawler.pages.read.prepare` has loaded; gives what is to be judged of the page."""
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
    return passed


def warm_up_judge(judge: Judging) -> PageReading:
    """Judges the page, with its facts: what the one worker that judges makes for itself, 25 MB that the others do
    without, and the encoder."""
    judge.load_fact_reading()
    return judge_passed(warm_up_reader(), judge)
