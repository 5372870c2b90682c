"""One page read and one feed parsed before a worker is forked into several.

Made before the fork, what reading needs is made once and shared; made after it, by every worker for itself. What
judging needs is made by the one worker that judges, when it is first asked to.
"""

from __future__ import annotations

from crawler.feeds.document import FetchedDocument
from crawler.feeds.parse import parse_feeds
from crawler.pages.read import rehearse_reading
from crawler.pages.records import PassedPage
from crawler.pages.rehearsal import AT, PARAGRAPHS, TITLE, URL

_FEED = (
    f'<rss version="2.0"><channel><title>Rehearsal</title><item><title>{TITLE}</title><link>{URL}</link>'
    "<guid>1</guid><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate>"
    f"<description>&lt;p&gt;{PARAGRAPHS[0]}&lt;/p&gt;</description></item></channel></rss>"
)


def warm_up_reader() -> PassedPage:
    """Reads both with what `crawler.pages.read.prepare` has loaded; gives what is to be judged of the page."""
    parse_feeds([FetchedDocument(_FEED.encode(), "application/rss+xml", "https://rehearsal.example/feed", AT)])
    return rehearse_reading()
