"""Makes the process ready that the workers are forked from.

By one page read and one feed parsed before the fork, what reading needs is made once and shared; after it, every worker
would make it for itself. What judging needs is made by the one worker that judges, when it is first asked to. The main
process, which names the set-up, need not load any of it: everything is imported where it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifier.settings import ClassifierSettings
    from crawler.pages.records import PassedPage


def prepare_worker(settings: ClassifierSettings | None = None, *, may_rule_out: bool = True) -> PassedPage:
    """Loads what `crawler.pages.read.prepare` does with these, and reads both; gives what is to be judged of the
    page."""
    from crawler.feeds.document import FetchedDocument
    from crawler.feeds.parse import parse_feed
    from crawler.pages.read import prepare, rehearse_reading
    from crawler.pages.rehearsal import AT, PARAGRAPHS, TITLE, URL

    prepare(settings, may_rule_out=may_rule_out)
    feed = (
        f'<rss version="2.0"><channel><title>Rehearsal</title><item><title>{TITLE}</title><link>{URL}</link>'
        "<guid>1</guid><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{PARAGRAPHS[0]}&lt;/p&gt;</description></item></channel></rss>"
    )
    parse_feed(FetchedDocument(feed.encode(), "application/rss+xml", "https://rehearsal.example/feed", AT))
    return rehearse_reading()
