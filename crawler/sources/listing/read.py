"""Reads a page of links: bytes in, entries out. Pure; runs in the worker processes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.pages.article_text import bound_page, parse_tree, rough_text
from crawler.pages.interstitials import why_blocked
from crawler.pages.metadata import read_head, read_time
from crawler.sources.entries import collect, make_entry, only_language
from crawler.sources.listing.links import ListedLink, select_links
from crawler.text.encoding import decode

_DAY_IN_PATH = re.compile(r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=/|-|$)")


def read_listing(document: FetchedDocument, rule: str | None = None) -> ParsedFeed:
    """The entries of a listing, in the page's order; `rule` as in `select_links`.

    Raises:
        FeedError: `no-links` where no article link is found, `blocked` where a wall stands in its place.
    """
    html, _ = decode(document.body, document.content_type)
    html, note = bound_page(html)
    tree = parse_tree(html)
    head = read_head(html)
    base = document.url
    links = select_links(tree, base, rule) if tree is not None else []
    language = only_language(document.languages) or (head.language if not document.languages else None)
    feed = collect(
        (
            make_entry(
                link.url,
                base=base,
                title=link.title,
                summary=link.summary,
                published_at=_time(link, document),
                language=language,
            )
            for link in links
        ),
        document.max_entries,
        title=head.document_title or "",
        note=note,
    )
    if not feed.entries:
        raise _no_links(html, head.document_title or "", rule)
    return feed


def _time(link: ListedLink, document: FetchedDocument) -> datetime | None:
    at = read_time(link.time, document.seen_at, document.languages)
    if at is not None:
        return at
    day = _DAY_IN_PATH.search(link.url)
    if day is None:
        return None
    try:
        at = datetime(int(day[1]), int(day[2]), int(day[3]), tzinfo=UTC)
    except ValueError:
        return None
    return at if at <= document.seen_at else None


def _no_links(html: str, title: str, rule: str | None) -> FeedError:
    wall = why_blocked(html=html, text=rough_text(html), title=title)
    if wall is not None:
        return FeedError("blocked", f"a page came instead of the list: {wall}")
    if rule is None:
        return FeedError("no-links", "no links to articles were recognised on the page; describe them with links:")
    return FeedError("no-links", f"no link on the page matches links: {rule}")
