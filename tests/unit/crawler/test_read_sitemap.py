"""Sitemaps give entries newest first, indexes their newest sitemaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.feeds.document import FeedError, FetchedDocument
from crawler.sources.sitemap.read import Sitemap, read_sitemap
from tests.support.newsroom_pages import NOW

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://herald.example/2026/10/31/older</loc><news:news><news:publication><news:name>Herald</news:name>
<news:language>fr-FR</news:language></news:publication><news:publication_date>2026-10-31T10:00:00Z</news:publication_date>
<news:title>Plus ancien &amp; plus long</news:title></news:news></url>
<url><loc>https://herald.example/2026/11/01/newer</loc><news:news><news:publication><news:name>Herald</news:name>
<news:language>fr</news:language></news:publication><news:publication_date>2026-11-01T10:00:00+01:00</news:publication_date>
<news:title>Plus récent</news:title></news:news></url></urlset>"""


def read(xml: str | bytes, since: datetime | None = None, **fields: object) -> Sitemap:
    body = xml.encode() if isinstance(xml, str) else xml
    document = FetchedDocument(body, "text/xml", "https://herald.example/sitemap.xml", NOW, **fields)  # type: ignore[arg-type]
    return read_sitemap(document, since)


def plain(*urls: tuple[str, str | None]) -> str:
    items = "".join(f"<url><loc>{loc}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for loc, day in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'


def index(*urls: tuple[str, str | None]) -> str:
    items = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>" for loc, day in urls
    )
    return f"<sitemapindex>{items}</sitemapindex>"


def test_a_news_sitemap_gives_titles_times_language_and_outlet() -> None:
    newer, older = read(NEWS).feed.entries
    assert (newer.title, newer.language, newer.outlet) == ("Plus récent", "fr", "Herald")
    assert newer.published_at == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert older.title == "Plus ancien & plus long"


def test_a_plain_sitemap_gives_what_changed_lately_newest_first_and_not_the_front_page() -> None:
    feed = read(
        plain(
            ("https://herald.example/", "2026-11-02"),
            ("https://herald.example/new-shelter-opens.html", "2026-10-30"),
            ("https://herald.example/2024-archive", "2024-01-01"),
            ("https://herald.example/newest-of-all", "2026-11-01"),
            ("https://herald.example/undated", None),
        )
    ).feed
    assert [entry.title for entry in feed.entries] == ["newest of all", "new shelter opens", "undated"]


def test_an_index_gives_its_newest_sitemaps_first_and_leaves_old_ones_out() -> None:
    xml = index(("/a.xml", "2026-09-01"), ("/b.xml", "2026-11-01"), ("/c.xml.gz", "2026-10-31"))
    sitemap = read(xml, since=NOW - timedelta(days=5))
    assert sitemap.children == ("https://herald.example/b.xml", "https://herald.example/c.xml.gz")
    assert sitemap.is_index
    assert sitemap.is_dated


def test_an_index_without_dates_is_read_from_its_end() -> None:
    sitemap = read(index(("/1.xml", None), ("/2.xml", None), ("/3.xml", None)), since=NOW)
    assert [url[-5] for url in sitemap.children] == ["3", "2", "1"]
    assert not sitemap.is_dated


def test_the_number_of_entries_is_bounded_to_the_newest() -> None:
    urls = [(f"https://herald.example/story-{n}", f"2026-10-{n:02}") for n in range(20, 31)]
    feed = read(plain(*urls), max_entries=3).feed
    assert [entry.title for entry in feed.entries] == ["story", "story", "story"]
    assert [entry.url[-2:] for entry in feed.entries] == ["30", "29", "28"]
    assert feed.note is not None


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ("<html><title>Hello</title><p>a page", "not-a-sitemap"),
        ("<title>Just a moment...</title><html>Enable JavaScript and cookies to continue", "blocked"),
        ("<rss><channel></channel></rss>", "not-a-sitemap"),
        ("<urlset><url>", "not-a-sitemap"),
        ("", "empty"),
        ('<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><urlset>&a;&c;</urlset>', "entities"),
    ],
)
def test_what_is_no_sitemap_is_named(document: str, kind: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(document)
    assert caught.value.kind == kind


def test_addresses_that_are_none_are_left_out() -> None:
    feed = read(plain(("file:///etc/passwd", None), ("", None), ("https://herald.example/a-story", None))).feed
    assert [entry.url for entry in feed.entries] == ["https://herald.example/a-story"]
