"""An address tried before it is watched, against real servers and a real worker process."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from crawler.check import check_source
from crawler.feeds.links import find_feed_links, usual_places
from crawler.settings import CrawlerSettings
from crawler.sources.registry import parse_source
from crawler.sources.settings import SourceSettings
from crawler.sources.trial import SourceReport
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Site

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
FEED = Answer(body=rss(item(2), item(1)).encode())
NAV = "".join(f'<li><a href="/topics/{word}">{word.title()}</a></li>' for word in ("world", "justice", "money"))
ARTICLES = "".join(
    f'<article><h2><a href="/news/2026/11/2{n}/a-project-against-trafficking-begins-{n}">A project against trafficking'
    f" begins in district {n}</a></h2><p>Some words about it.</p></article>"
    for n in range(6)
)
BODY = f"<body><nav><ul>{NAV}</ul></nav><main>{ARTICLES}</main></body>"
PAGE = f"<html><head><title>Herald</title>{{head}}</head>{BODY}</html>"


async def check(url: str) -> SourceReport:
    settings = CrawlerSettings.model_validate(
        {"allow_addresses": ["127.0.0.1/32"], "delay_seconds": 0, "timeout_seconds": 5}
    )
    return await check_source(url, settings, now=lambda: NOW)


def suggested(report: SourceReport) -> SourceSettings:
    """The suggestion, as the configuration would read it."""
    assert report.suggestion is not None
    (one,) = yaml.safe_load(report.suggestion)
    return parse_source(one)


async def test_a_feed_is_reported_with_its_latest_entries(server: Site) -> None:
    server.routes["/feed?a=1&b=%20#x".partition("#")[0]] = FEED
    report = await check(server.url("/feed?a=1&b=%20"))
    assert (report.kind, report.title, report.language, report.entries) == ("feed", "Herald", "en", 2)
    assert [entry.title for entry in report.latest] == ["Headline 2", "Headline 1"]
    assert report.problems == ()
    assert suggested(report).url == report.source_url == server.url("/feed?a=1&b=%20")


async def test_a_page_leads_to_the_feed_it_names(server: Site) -> None:
    head = '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">'
    head += '<link rel="alternate" type="application/rss+xml" title="News" href="/feed">'
    head += '<link rel="alternate" type="application/atom+xml" href="/dead">'
    server.routes["/"] = Answer(body=PAGE.format(head=head).encode())
    server.routes["/feed"] = FEED
    server.routes["/comments/feed"] = FEED
    report = await check(server.url("/"))
    assert (report.kind, report.source_url) == ("feed", server.url("/feed"))
    assert [link.url for link in report.feeds] == [server.url("/comments/feed")]
    assert suggested(report).kind == "feed"


async def test_a_feed_at_a_usual_place_is_found_though_no_page_names_it(server: Site) -> None:
    server.routes["/"] = Answer(body=PAGE.format(head="").encode())
    server.routes["/rss.xml"] = FEED
    assert (await check(server.url("/"))).source_url == server.url("/rss.xml")


async def test_a_page_without_feed_is_tried_as_a_listing(server: Site) -> None:
    server.routes["/"] = Answer(body=PAGE.format(head="").encode())
    server.routes["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /\n")
    report = await check(server.url("/"))
    assert (report.kind, report.entries) == ("listing", 6)
    assert any("robots.txt" in problem for problem in report.problems)
    one = suggested(report)
    assert (one.kind, one.url) == ("listing", server.url("/"))


async def test_a_sitemap_is_recognised(server: Site) -> None:
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>{server.url('/news/1')}</loc><lastmod>2026-11-24</lastmod></url></urlset>"
    )
    server.routes["/sitemap.xml"] = Answer(body=body.encode())
    report = await check(server.url("/sitemap.xml"))
    assert (report.kind, report.entries) == ("sitemap", 1)
    assert suggested(report).kind == "sitemap"


async def test_a_move_and_a_long_silence_are_told(server: Site) -> None:
    server.routes["/old"] = Answer(301, headers={"Location": "/new"})
    server.routes["/new"] = Answer(body=rss(item(1, pubDate="Mon, 25 Nov 2024 08:00:00 GMT")).encode())
    report = await check(server.url("/old"))
    assert report.source_url == server.url("/new")
    assert "moved for good" in report.problems[0]
    assert "2024-11-25" in report.problems[1]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(404), "http-404"),
        (Answer(is_raw=True, is_cut=True), "dropped"),
        (Answer(302, headers={"Location": "http://127.0.0.2:1/"}), "refused-address"),
        (Answer(body=b"<html><head><title>Just a moment...</title></head></html>"), "blocked"),
        (Answer(body=b"%PDF-1.7"), "no feed was found"),
    ],
)
async def test_what_cannot_be_watched_says_why(server: Site, answer: Answer, words: str) -> None:
    server.routes["/feed"] = answer
    report = await check(server.url("/feed"))
    assert (report.kind, report.suggestion) == (None, None)
    assert words in report.problems[0]


async def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="http"):
        await check("file:///etc/passwd")


def test_feeds_are_found_in_pages_however_they_are_named() -> None:
    page = (
        '<base href="https://herald.example/en/">'
        '<link rel="Alternate" type="application/rss+xml; charset=utf-8" href="feed">'
        '<link rel="alternate" hreflang="fr" href="/fr"><a href="/rss/world">World</a><a href="?feed=rss2">All</a>'
        '<a href="javascript:feed()">x</a><a href="https://other.example/feeds/x.xml">Other</a>'
        '<a href="/about">About</a>'
    )
    links = find_feed_links(page.encode(), "text/html", "https://herald.example/")
    assert [link.url for link in links] == [
        "https://herald.example/en/feed",
        "https://herald.example/rss/world",
        "https://herald.example/en/?feed=rss2",
        "https://other.example/feeds/x.xml",
    ]
    assert "https://herald.example/news/feed" in usual_places("https://herald.example/news/")
