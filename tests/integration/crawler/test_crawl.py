"""Whole crawls over a small site: from its sources to the register, stopped, cut off and resumed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from crawler.pages import read as reading
from crawler.progress import SilentProgress
from crawler.service import Crawler
from crawler.sources.registry import parse_source
from crawler.workers.errors import WorkersUnavailable
from storage.database.engine import Database
from storage.database.errors import DiskFull
from storage.tables.schema import article, entry, source
from tests.support.feeds import item, rss
from tests.support.newsroom_pages import WordJudge
from tests.support.sites import Answer, Seen, Site, site
from tests.support.small_site import World, page, publish
from tests.support.watch import InlinePool


@pytest.fixture(autouse=True)
def judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge that looks for one word; the real one is proved in the test with real processes, and by its own tests."""
    monkeypatch.setattr(reading, "_judge", WordJudge())


async def test_a_crawl_reads_what_is_new_once(server: Site, database: Database) -> None:
    publish(server, 1, 2, 3)
    world = World(database, [server.url("/feed")])
    first = await world.crawl()
    assert (first.sources, first.changed, first.entries, first.pages) == (1, 1, 3, 3)
    assert first.relevant == 3
    assert world.count(article) == 3
    asked = len(server.requests)
    second = await world.crawl()
    assert (second.unchanged, second.entries, second.pages) == (1, 0, 0)
    assert server.paths[asked:] == ["/feed"]
    publish(server, 4, 1, 2, 3)
    third = await world.crawl()
    assert (third.entries, third.pages) == (1, 1)
    assert server.paths.count("/news/1") == 1


async def test_progress_is_told(server: Site, database: Database) -> None:
    class Listening(SilentProgress):
        def __init__(self) -> None:
            self.told: list[tuple[Any, ...]] = []

        def sources(self, done: int, total: int) -> None:
            self.told.append(("sources", done, total))

        def pages(self, done: int, total: int) -> None:
            self.told.append(("pages", done, total))

        def failed(self, source: str, kind: str, text: str) -> None:
            self.told.append(("failed", kind))

        def found(self, kind: Any, title: str) -> None:
            self.told.append(("found", title))

    publish(server, 1, 2)
    world = World(database, [server.url("/feed"), server.url("/missing")])
    world.progress = Listening()
    summary = await world.crawl()
    told = world.progress.told
    assert ("sources", 2, 2) in told
    assert ("pages", 2, 2) in told
    assert ("failed", "http-404") in told
    assert {one for one in told if one[0] == "found"} == {("found", "Headline 1"), ("found", "Headline 2")}
    assert summary.as_json()["failed"] == 1


async def test_a_listing_and_a_sitemap_are_watched_beside_feeds(server: Site, database: Database) -> None:
    links = "".join(f'<h2><a href="/news/{n}">A headline of several words, number {n}</a></h2>' for n in range(1, 4))
    server.routes["/list"] = Answer(body=f"<html><body>{links}</body></html>".encode())
    sitemap = "".join(f"<url><loc>{server.url(f'/news/{n}')}</loc></url>" for n in range(3, 6))
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{sitemap}</urlset>'
    server.routes["/map.xml"] = Answer(body=sitemap.encode())
    publish(server, 5, 6)
    server.routes.update({f"/news/{number}": page(number) for number in range(1, 7)})
    sources = [
        {"url": server.url("/list"), "kind": "listing", "links": "h2 a"},
        {"url": server.url("/map.xml"), "kind": "sitemap"},
        server.url("/feed"),
    ]
    world = World(database, sources)
    summary = await world.crawl()
    assert summary.failed_sources == []
    assert (summary.changed, summary.entries) == (3, 8)
    assert sorted(path for path in server.paths if path.startswith("/news")) == [f"/news/{n}" for n in range(1, 7)]
    assert world.count(article) == 6


async def test_a_failing_feed_falls_back_on_its_listing_and_stays_failed(server: Site, database: Database) -> None:
    links = "".join(f'<h2><a href="/news/{n}">A headline of several words, number {n}</a></h2>' for n in range(1, 6))
    server.routes["/list"] = Answer(body=f"<html><body><main>{links}</main></body></html>".encode())
    server.routes.update({f"/news/{number}": page(number) for number in range(1, 6)})
    world = World(database, [{"url": server.url("/feed"), "fallback": server.url("/list")}])
    summary = await world.crawl(is_forced=True)
    assert [one.kind for one in summary.failed_sources] == ["http-404"]
    assert (summary.entries, summary.pages) == (5, 5)
    again = await world.crawl(is_forced=True)
    assert (again.entries, again.failed) == (0, 1)
    del server.routes["/list"]
    text = (await world.crawl(is_forced=True)).failed_sources[0].text
    assert "its fallback listing failed too" in text


async def test_robots_are_obeyed_for_pages_and_not_asked_for_feeds(server: Site, database: Database) -> None:
    publish(server, 1)
    server.routes["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /\n")
    world = World(database, [server.url("/feed")])
    await world.crawl()
    assert server.paths == ["/feed", "/robots.txt"]
    with database.reading() as connection:
        stored = connection.execute(select(article)).one()
    assert stored.read_from == "summary"


async def test_a_stop_finishes_what_is_under_way_and_the_next_crawl_reads_the_rest(
    server: Site, database: Database
) -> None:
    world = World(database, [server.url("/feed")])
    publish(server, *range(10))

    def stopping(seen: Seen) -> Answer:
        world.stop.set()
        return page(1)

    server.routes["/news/1"] = stopping
    first = await world.crawl()
    assert first.is_stopped
    assert 0 < world.count(article) < 10
    read = {path for path in server.paths if path.startswith("/news")}
    world.stop.clear()
    second = await world.crawl()
    assert not second.is_stopped
    assert world.count(article) == 10
    rest = [path for path in server.paths if path.startswith("/news")]
    assert len(rest) == len(set(rest)) == 10
    assert len(read) < 10


async def test_a_crawl_cut_off_anywhere_is_finished_by_the_next(server: Site, database: Database) -> None:
    publish(server, *range(8))
    world = World(database, [server.url("/feed")])
    for seconds in (0.0, 0.02, 0.05, 0.1, 0.2, 0.4):
        task = asyncio.create_task(world.crawl(is_forced=True))
        await asyncio.sleep(seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await world.crawl(is_forced=True)
    assert world.count(entry) == world.count(entry, state="done") == 8
    assert world.count(article) == 8


async def test_a_full_disk_ends_the_crawl_by_its_name_and_loses_nothing(
    server: Site, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, 1, 2)
    world = World(database, [server.url("/feed")])

    def full(*_: Any) -> Any:
        raise DiskFull("no space left")

    for place in ("crawler.sources.recorder.record_polls", "crawler.pages.store.register_articles"):
        with monkeypatch.context() as patch:
            patch.setattr(place, full)
            with pytest.raises(DiskFull):
                await world.crawl(is_forced=True)
    await world.crawl(is_forced=True)
    assert world.count(article) == 2


async def test_workers_that_cannot_start_are_no_sources_fault(server: Site, database: Database) -> None:
    def unavailable(_: Any) -> None:
        raise WorkersUnavailable("no memory")

    publish(server, 1)
    world = World(database, [server.url("/feed")])
    with pytest.raises(WorkersUnavailable):
        await world.crawl(pool=InlinePool(unavailable))
    assert world.count(source, failures=0) == 1
    assert (await world.crawl()).pages == 1


async def test_a_crawl_of_some_hosts_leaves_the_others_alone(database: Database) -> None:
    async with site() as one, site() as other:
        publish(one, 1)
        publish(other, 2)
        names = {"one.example": "127.0.0.1", "other.example": "127.0.0.1"}
        for server, name in ((one, "one.example"), (other, "other.example")):
            server.routes["/feed"] = Answer(body=rss(item(1, link=server.url("/news/1", name), guid=name)).encode())
            server.routes["/news/1"] = page(1)
        sources = [one.url("/feed", "one.example"), other.url("/feed", "other.example")]
        world = World(database, sources, hosts=names)
        await world.crawl(names=[])  # brings the database in line with the configuration
        summary = await world.crawl(hosts=["one.example"])
        assert (summary.sources, summary.pages) == (1, 1)
        assert other.requests == []
        named = await world.crawl(names=[world.sources[1].label], is_forced=True)
        assert (named.sources, named.entries) == (1, 1)


async def test_a_source_taken_out_of_the_configuration_is_no_longer_visited(server: Site, database: Database) -> None:
    publish(server, 1)
    world = World(database, [server.url("/feed")])
    await world.crawl()
    world.sources = []
    assert (await world.crawl(is_forced=True)).sources == 0
    assert world.count(article) == 1


async def test_a_slow_feed_keeps_no_page_of_another_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.pages.round.PROBE_SECONDS", 0.1)
    async with site() as slow, site() as quick:
        slow.routes["/feed"] = Answer(body=b" ", pieces=(b" ",) * 20, pause_seconds=0.1)
        publish(quick, 1)
        read: list[str] = []

        def reading_page(seen: Seen) -> Answer:
            read.append(seen.path)
            return page(1)

        quick.routes["/news/1"] = reading_page
        names = {"slow.example": "127.0.0.1", "quick.example": "127.0.0.1"}
        sources = [slow.url("/feed", "slow.example"), quick.url("/feed", "quick.example")]
        world = World(database, sources, hosts=names)
        task = asyncio.create_task(world.crawl())
        while not read:
            await asyncio.sleep(0.02)
            assert not task.done()
        world.stop.set()
        await task


@pytest.mark.slow
async def test_the_crawler_works_with_its_real_processes(server: Site, database: Database) -> None:
    publish(server, 1, 2, 3)
    world = World(database, [])
    async with Crawler(world.settings, now=lambda: world.now) as crawler:
        sources = [parse_source(server.url("/feed"))]
        summary = await crawler.crawl(database, sources)
        assert (summary.pages, summary.relevant) == (3, 3)
        assert (await crawler.crawl(database, sources, is_forced=True)).unchanged == 1
