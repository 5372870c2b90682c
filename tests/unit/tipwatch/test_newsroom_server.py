"""The newsroom answers on real sockets as sites do: feeds, pages, walls, conditional requests, trouble."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import AsyncIterator

import aiohttp
import feedparser
import pytest
import pytest_asyncio
import trafilatura
from aiohttp.abc import AbstractResolver, ResolveResult
from lxml import etree, html

from tests.support.newsroom_expected import ExpectedArticle, expected_articles, expected_projects
from tipwatch.demo.newsroom import Newsroom, NewsroomError


class _Hosts(AbstractResolver):
    """Names as the newsroom gives them, and no others."""

    def __init__(self, hosts: dict[str, str]) -> None:
        self._hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=self._hosts[host], port=port, family=socket.AF_INET, proto=0, flags=0)
        ]

    async def close(self) -> None:
        return None


@pytest_asyncio.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    async with Newsroom.load() as newsroom:
        yield newsroom


@pytest_asyncio.fixture
async def client(newsroom: Newsroom) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(resolver=_Hosts(newsroom.hosts))
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


def source_url(newsroom: Newsroom, host: str) -> str:
    return next(str(source["url"]) for source in newsroom.sources if f"//{host}:" in source["url"])


def articles_of(newsroom: Newsroom, host: str) -> list[ExpectedArticle]:
    return [article for article in expected_articles(newsroom) if article.host == host]


def _lower(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Headers as feedparser wants them."""
    return {name.lower(): value for name, value in response.headers.items() if name != "Content-Encoding"}


FEEDS = [
    "herald.example",
    "migration-desk.example",
    "rights-monitor.example",
    "courrier-collines.example",
    "sahel-info.example",
    "diario-andino.example",
    "voz-atlantica.example",
    "sawt-mashriq.example",
    "delta-times.example",
    "pacific-post.example",
    "harbour-daily.example",
]


@pytest.mark.parametrize("host", FEEDS)
async def test_every_feed_gives_all_its_entries_to_feedparser(
    newsroom: Newsroom, client: aiohttp.ClientSession, host: str
) -> None:
    async with client.get(source_url(newsroom, host)) as response:
        assert response.status == 200
        parsed = feedparser.parse(await response.read(), response_headers=_lower(response))
    expected = articles_of(newsroom, host)
    assert sorted(entry.title for entry in parsed.entries) == sorted(article.title for article in expected)
    assert {entry.link.split("?")[0] for entry in parsed.entries} == {article.url for article in expected}
    assert all(entry.get("published_parsed") or entry.get("updated_parsed") for entry in parsed.entries)
    assert bool(parsed.bozo) == (host in {"sahel-info.example", "diario-andino.example"})


async def test_the_json_feed_holds_all_its_entries(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    async with client.get(source_url(newsroom, "donorwire.example")) as response:
        feed = json.loads(await response.read())
    assert feed["version"].startswith("https://jsonfeed.org/version/")
    assert {item["url"] for item in feed["items"]} == {a.url for a in articles_of(newsroom, "donorwire.example")}


async def test_the_sitemap_is_an_index_over_plain_and_compressed_parts(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    namespace = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    async with client.get(source_url(newsroom, "canal-istmo.example")) as response:
        parts = etree.fromstring(await response.read()).xpath("//s:sitemap/s:loc/text()", namespaces=namespace)
    assert [part.rsplit(".", 1)[1] for part in parts] == ["gz", "xml"]
    found = set()
    for part in parts:
        async with client.get(part) as response:
            body = await response.read()
            assert "Content-Encoding" not in response.headers
        body = gzip.decompress(body) if part.endswith(".gz") else body
        found |= set(etree.fromstring(body).xpath("//s:url/s:loc/text()", namespaces=namespace))
    assert found == {article.url for article in articles_of(newsroom, "canal-istmo.example")}


async def test_the_listing_links_its_articles(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    source = next(source for source in newsroom.sources if source["kind"] == "listing")
    async with client.get(source["url"]) as response:
        page = html.fromstring(await response.read(), base_url=source["url"])
    page.make_links_absolute(source["url"])
    found = {link.get("href") for link in page.xpath("//h3[@class='news-title']/a")}
    assert source["links"] == "h3.news-title a"
    assert found == {article.url for article in articles_of(newsroom, "justice-ministry.example")}


async def test_the_search_feed_wraps_its_links_and_names_the_outlets(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    async with client.get(source_url(newsroom, "search-news.example")) as response:
        parsed = feedparser.parse(await response.read())
    landed = []
    for entry in parsed.entries:
        assert entry.title.endswith(f" - {entry.source.title}")
        async with client.get(entry.link) as response:
            landed.append(response.url.host)
            assert response.status == 200
    assert sorted(map(str, landed)) == ["delta-times.example", "pacific-post.example", "search-news.example"]


@pytest.mark.parametrize("host", [*FEEDS, "donorwire.example", "canal-istmo.example", "justice-ministry.example"])
async def test_pages_carry_their_text_and_extraction_leaves_the_rest_behind(
    newsroom: Newsroom, client: aiohttp.ClientSession, host: str
) -> None:
    newsroom.round = 3
    for article in articles_of(newsroom, host):
        if article.fault:
            continue
        async with client.get(article.url) as response:
            page = await response.text()
        assert 8_000 <= len(page.encode()) <= 30_000, article.key
        extracted = trafilatura.extract(page, url=article.url, include_comments=False) or ""
        for paragraph in article.text.split("\n\n"):
            assert paragraph in extracted, article.key
        words = newsroom.world.interface[article.lang]
        assert any(teaser in html.fromstring(page).text_content() for teaser in words["teasers"])
        for boilerplate in [*words["teasers"], words["cookie_text"], words["newsletter_text"], words["rights"]]:
            assert boilerplate not in extracted, article.key


async def test_every_page_answers_and_holds_its_paragraphs_unless_it_has_a_fault(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    newsroom.round = 3
    for article in expected_articles(newsroom):
        async with client.get(article.url) as response:
            text = html.fromstring(await response.read()).text_content()
        assert response.status == (410 if article.fault == "gone" else 200)
        last = article.text.split("\n\n")[-1]
        assert (last in text) == (article.fault is None), article.key


async def test_an_unchanged_source_is_a_304_and_a_changed_one_is_not(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    changed = set()
    for source in newsroom.sources:
        if "//delta-times.example" in source["url"]:  # the slow one would take a second and a half
            continue
        async with client.get(source["url"]) as first:
            body = await first.read()
        if first.status != 200:
            continue
        validators = {}
        if "ETag" in first.headers:
            validators["If-None-Match"] = first.headers["ETag"]
        elif "Last-Modified" in first.headers:
            validators["If-Modified-Since"] = first.headers["Last-Modified"]
        newsroom.round = 2
        async with client.get(source["url"], headers=validators) as second:
            if validators:
                assert (second.status, await second.read()) == (304, b"")
            else:
                assert (second.status, await second.read()) == (200, body)
        newsroom.round = 3
        async with client.get(source["url"], headers=validators) as third:
            if third.status == 200 and await third.read() != body:
                changed.add(first.url.host)
        newsroom.round = 1
    assert changed == {"herald.example", "pacific-post.example"}


async def test_if_modified_since_is_ignored_beside_if_none_match(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    headers = {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"}
    async with client.get(source_url(newsroom, "herald.example"), headers=headers) as response:
        assert response.status == 200


async def test_trouble_is_as_declared(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    bodies: dict[str, bytes] = {}

    async def ask(host: str) -> aiohttp.ClientResponse:
        async with client.get(source_url(newsroom, host), allow_redirects=False) as response:
            bodies[host] = await response.read()
        return response

    assert (await ask("old-gazette.example")).status == 404
    assert (await ask("closed-bulletin.example")).status == 410
    moved = await ask("pacific-post.example")
    assert (moved.status, moved.headers["Location"].rsplit(":", 1)[1].split("/", 1)[1]) == (301, "feed/")
    assert (await ask("landing-page.example")).content_type == "text/html"
    assert (await ask("voz-atlantica.example")).headers["Content-Encoding"] == "gzip"
    assert "ETag" not in (await ask("harbour-daily.example")).headers
    mislabelled = await ask("sahel-info.example")
    assert mislabelled.charset == "utf-8"
    with pytest.raises(UnicodeDecodeError):
        bodies["sahel-info.example"].decode()


async def test_robots_forbids_the_path_of_one_article(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    async with client.get(source_url(newsroom, "harbour-daily.example").replace("/rss", "/robots.txt")) as response:
        assert "Disallow: /members/" in await response.text()
    assert [a.key for a in expected_articles(newsroom) if "/members/" in a.url] == ["harbour-daily/port-tariffs-2020"]


async def test_requests_are_remembered_with_their_round(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    newsroom.advance()
    async with client.get(source_url(newsroom, "herald.example") + "?page=2") as response:
        await response.read()
    async with client.get(source_url(newsroom, "old-gazette.example")) as response:
        await response.read()
    seen = [(request.host, request.path, request.status, request.round) for request in newsroom.requests]
    assert seen == [("herald.example", "/feed.xml?page=2", 200, 2), ("old-gazette.example", "/rss.xml", 404, 2)]


async def test_rounds_add_one_project_and_one_source_and_the_clock_goes_on(newsroom: Newsroom) -> None:
    first = {project.key: len(project.articles) for project in expected_projects(newsroom)}
    began_at = newsroom.now
    assert all(article.published_at < began_at for article in expected_articles(newsroom))
    newsroom.advance()
    assert {project.key: len(project.articles) for project in expected_projects(newsroom)} == first
    newsroom.advance()
    third = {project.key: len(project.articles) for project in expected_projects(newsroom)}
    assert set(third) - set(first) == {"volta-children"}
    assert [key for key in first if third[key] > first[key]] == ["raizes-seguras"]
    assert (newsroom.now - began_at).days == 2
    assert all(article.published_at < newsroom.now for article in expected_articles(newsroom))
    newsroom.advance()
    assert newsroom.round == 3


async def test_addresses_are_unknown_while_closed() -> None:
    newsroom = Newsroom.load()
    with pytest.raises(NewsroomError, match="closed"):
        _ = newsroom.sources
    async with newsroom:
        port = newsroom.port
        assert all(f":{port}/" in source["url"] for source in newsroom.sources)
    with pytest.raises(NewsroomError, match="closed"):
        _ = newsroom.port


async def test_two_newsrooms_can_be_open_at_once(newsroom: Newsroom) -> None:
    async with Newsroom.load() as other:
        assert other.port != newsroom.port
