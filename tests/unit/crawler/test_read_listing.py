"""Article links are recognised on pages of links, and nothing else is taken for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed
from crawler.sources.listing.read import read_listing
from tests.support.newsroom_pages import NOW, newsroom_page

BASE = "https://agency.example/news"
MENU = """<header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li>
<li><a href="/where-we-work-in-the-world/africa-and-asia">Where we work in the world</a></li></ul></nav></header>"""
BESIDE = """<aside><h3>Most read</h3>
<a href="/news/2026/09/30/an-older-story-that-many-people-read">An older story that many people read</a></aside>
<div class="related-posts">
<a href="/news/2026/09/29/another-older-story-beside">Another older story beside the list</a></div>
<footer><a href="/privacy-policy-of-the-agency">The privacy policy of the agency</a>
<a href="https://network.example/agency/status/123456789">Follow us on the network today</a></footer>"""
CARDS = """<main><h1>News</h1>
<article><a href="/news/shelters-open-on-the-lake-shore"><img src="a.jpg"></a>
 <h2><a href="/news/shelters-open-on-the-lake-shore">Shelters open on the lake shore</a></h2>
 <p>Two shelters for people who were trafficked have opened.</p><time datetime="2026-10-30">30 October 2026</time>
 <a href="/tag/burundi">Burundi</a><a href="/news/shelters-open-on-the-lake-shore">Read more</a></article>
<article><h2>Judges are trained in five courts</h2><p>A course for judges ends.</p>
 <a href="/news/judges-are-trained-in-five-courts?utm_source=list">Read more</a></article>
<div class="item"><a href="/news/78123"><h3>Hotline begins</h3></a></div>
<ul class="pager"><li><a href="/news?page=2">2</a></li><li><a href="/news/page/3">3</a></li></ul>
</main>"""


def listing(html: str, rule: str | None = None, **fields: object) -> ParsedFeed:
    page = f"<html lang=en><head><title>News</title></head><body>{html}</body></html>"
    return read_listing(FetchedDocument(page.encode(), "text/html; charset=utf-8", BASE, NOW, **fields), rule)  # type: ignore[arg-type]


def urls(feed: ParsedFeed) -> list[str]:
    return [entry.url.removeprefix("https://agency.example") for entry in feed.entries]


def test_links_to_articles_are_told_from_menus_sidebars_tags_and_pages() -> None:
    feed = listing(MENU + CARDS + BESIDE)
    assert urls(feed) == [
        "/news/shelters-open-on-the-lake-shore",
        "/news/judges-are-trained-in-five-courts?utm_source=list",
        "/news/78123",
    ]


def test_title_summary_and_time_are_those_of_the_card() -> None:
    first, second, third = listing(CARDS).entries
    assert first.title == "Shelters open on the lake shore"
    assert first.summary == "Two shelters for people who were trafficked have opened."
    assert first.published_at == datetime(2026, 10, 30, tzinfo=UTC)
    assert second.title == "Judges are trained in five courts"
    assert second.canonical_url == "https://agency.example/news/judges-are-trained-in-five-courts"
    assert third.title == "Hotline begins"


def test_a_list_without_classes_and_headings_is_read() -> None:
    items = "".join(f'<li><a href="story.php?id={n}">The ministry says this about number {n}</a>' for n in range(5))
    assert len(listing(f"<ul>{items}</ul>").entries) == 5


def test_dates_in_addresses_are_read() -> None:
    html = '<main><a href="/2026/10/07/court-frees-nine-people">Court frees nine people from farm</a></main>'
    assert listing(html).entries[0].published_at == datetime(2026, 10, 7, tzinfo=UTC)


def test_arabic_headlines_are_recognised() -> None:
    html = '<main><h3><a href="/ar/node/4411">إطلاق مشروع جديد لمكافحة الاتجار بالأشخاص في البلاد</a></h3></main>'
    assert urls(listing(html)) == ["/ar/node/4411"]


def test_a_selector_says_which_links_count() -> None:
    assert urls(listing(CARDS, "div.item a")) == ["/news/78123"]
    assert urls(listing(CARDS, "article h2")) == ["/news/shelters-open-on-the-lake-shore"]
    assert urls(listing(CARDS, "div.item")) == ["/news/78123"]
    assert urls(listing(CARDS, "div.item h3")) == ["/news/78123"]


def test_a_pattern_says_which_addresses_count() -> None:
    assert urls(listing(MENU + CARDS + BESIDE, r"re:/news/\d+$")) == ["/news/78123"]


def test_an_article_page_lists_no_articles_of_its_own() -> None:
    with pytest.raises(FeedError) as caught:
        read_listing(FetchedDocument(newsroom_page().encode(), "", "https://herald.example/world/x", NOW))
    assert caught.value.kind == "no-links"


def test_a_page_without_links_is_a_fault_and_says_what_to_do() -> None:
    for html, rule, word in ((MENU, None, "links:"), (CARDS, ".absent a", ".absent"), ("", None, "links:")):
        with pytest.raises(FeedError) as caught:
            listing(html, rule)
        assert caught.value.kind == "no-links"
        assert word in caught.value.text


def test_a_wall_before_a_listing_is_named() -> None:
    page = b"<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>"
    with pytest.raises(FeedError) as caught:
        read_listing(FetchedDocument(page, "", BASE, NOW))
    assert caught.value.kind == "blocked"


def test_no_more_than_the_limit_are_taken_and_a_note_says_so() -> None:
    items = "".join(
        f'<li><a href="/news/{n}-the-ministry-says-this">The ministry says {n} things</a>' for n in range(9)
    )
    feed = listing(f"<main><ul>{items}</ul></main>", max_entries=4)
    assert (len(feed.entries), feed.total) == (4, 9)
    assert feed.note is not None


def test_links_that_lead_to_no_page_are_no_links() -> None:
    hrefs = (
        "javascript:go()",
        "mailto:a@b.example",
        "#top",
        "/report-of-the-year-2026.pdf",
        "http://[bad",
        "data:text/html,x",
    )
    html = "".join(f'<h2><a href="{href}">A headline of quite some words here</a></h2>' for href in hrefs)
    with pytest.raises(FeedError):
        listing(f"<main>{html}</main>")


def test_the_links_of_a_page_nested_too_deeply_are_found() -> None:
    deep = listing(f"{'<div>' * 100_000}{CARDS}")
    assert "/news/78123" in urls(deep)
    assert "nested" in (deep.note or "")
