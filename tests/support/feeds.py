"""Small feeds for tests, of every kind, and a way to read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crawler.feeds.document import FetchedDocument, ParsedFeed
from crawler.feeds.parse import parse_feed
from storage.records import EntrySeen

SEEN_AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
URL = "https://herald.example/feeds/news.xml"

RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
"http://my.netscape.com/publish/formats/rss-0.91.dtd"> <rss
version="0.91"><channel><title>Old</title><item><title>Still here</title>
<link>https://old.example/1</link><description>d</description></item></channel></rss>"""


def read(body: bytes | str, content_type: str = "application/rss+xml", **fields: Any) -> ParsedFeed:
    """A document read as if it came from `URL`."""
    data = body.encode() if isinstance(body, str) else body
    return parse_feed(FetchedDocument(data, content_type, fields.pop("url", URL), SEEN_AT, **fields))


def rss(*items: str, head: str = "", channel: str = "<title>Herald</title><language>en</language>") -> str:
    """RSS 2.0 with these items."""
    return f'{head}<rss version="2.0"><channel>{channel}{"".join(items)}</channel></rss>'


def item(number: int = 1, **fields: str) -> str:
    """An item; a field given as an empty text is left out."""
    parts = {
        "title": f"Headline {number}",
        "link": f"https://herald.example/news/{number}",
        "guid": f"https://herald.example/?p={number}",
        "pubDate": f"Wed, 25 Nov 2026 08:{number % 60:02d}:00 GMT",
        "description": f"Summary {number}.",
        **fields,
    }
    return "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in parts.items() if text) + "</item>"


def only(feed: ParsedFeed) -> EntrySeen:
    """The one entry of a feed."""
    assert len(feed.entries) == 1, feed
    return feed.entries[0]
