"""Waiting pages are fetched through Scrapy from real servers, read in real workers, and every one has an end."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.pages.records import PageReading
from crawler.pages.retry_decision import BACK_OFF
from crawler.politeness.rate_limiter import RateLimiter
from crawler.settings import CrawlerSettings
from crawler.workers.errors import CallTimeout
from crawler.workers.pool import WorkerPool
from storage.host_names import host_of
from storage.records import PageFailure, PendingPage
from tests.support import chores, judging
from tests.support.newsroom_pages import NOW, PARAGRAPHS, TITLE, newsroom_page, pending
from tests.support.page_desk import PAGE, Desk, InlinePool, crawl
from tests.support.scripted_site import Answer, Asked, Site


@pytest.fixture(scope="module")
def limits() -> CrawlerSettings:
    return CrawlerSettings(
        contact="ops@example.org", allow_addresses=("127.0.0.1/32",), delay_seconds=0.0, timeout_seconds=10.0
    )


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as site:
        yield site


def pages_at(site: Site, *paths: str, **fields: Any) -> list[PendingPage]:
    made = []
    for number, path in enumerate(paths, start=1):
        url = f"{site.url}{path}"
        made.append(replace(pending(url=url, host=site.address, entry_ids=(number,)), **fields))
    return made


async def test_a_page_is_fetched_read_and_handed_on(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/a"] = Answer(PAGE)
    desk = Desk(pages_at(site, "/a"))
    result = await crawl(desk, limits)
    assert result == "finished"
    article = desk.readings[0].reading
    assert (article.title, article.text) == (TITLE, "\n\n".join(PARAGRAPHS))
    assert site.asked[0].headers["User-Agent"].endswith("(+ops@example.org)")
    assert "Cookie" not in site.asked[0].headers
    assert "Referer" not in site.asked[0].headers
    assert "Content-Length" not in site.asked[0].headers  # some servers refuse a GET that announces a body


@pytest.mark.slow
async def test_pages_are_read_in_worker_processes_and_a_hung_one_is_parked_alone(
    site: Site, limits: CrawlerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.pages.spider.READ_SECONDS", 1.5)  # of the clock: others may need the machine too
    big = newsroom_page(repeat=14).encode()
    site.pages.update({f"/{n}": Answer(big) for n in range(8)})
    pool = WorkerPool(2, setup=judging.prepare)
    desk = Desk(pages_at(site, *(f"/{n}" for n in range(8))))
    try:
        await pool.run(chores.length, b"")  # they start before the clock runs
        await crawl(desk, limits, pool=pool, read=judging.hang_on_three)
    finally:
        await pool.aclose()
    assert desk.kinds() == {4: "parse-timeout"}
    assert desk.failures[0].retry_at is None
    assert len(desk.readings) == 7


async def test_a_site_whose_pages_hang_their_readers_is_left_for_the_next_crawl(
    site: Site, limits: CrawlerSettings
) -> None:
    site.pages.update({f"/{n}": Answer(PAGE) for n in range(9)})
    desk = Desk(pages_at(site, *(f"/{n}" for n in range(9))))

    class HangingPool(InlinePool):
        async def run(self, function: Any, raw: Any, *, timeout_seconds: float, is_pinned: bool = False) -> Any:
            raise CallTimeout(timeout_seconds)

    await crawl(desk, limits, pool=HangingPool())
    assert list(desk.kinds().values()) == ["parse-timeout"] * 3
    assert len(site.paths()) == 3


async def test_compressed_pages_are_read(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/gzip"] = Answer(gzip.compress(PAGE), headers=(("Content-Encoding", "gzip"),))
    site.pages["/deflate"] = Answer(zlib.compress(PAGE), headers=(("Content-Encoding", "deflate"),))
    site.pages["/raw"] = Answer(zlib.compress(PAGE)[2:-4], headers=(("Content-Encoding", "deflate"),))
    desk = Desk(pages_at(site, "/gzip", "/deflate", "/raw"))
    await crawl(desk, limits)
    assert [one.reading.title for one in desk.readings] == [TITLE] * 3


async def test_what_is_too_much_is_cut_off_and_parked(site: Site, limits: CrawlerSettings) -> None:
    small = limits.model_copy(update={"max_body_bytes": 200_000})
    once = gzip.compress(b"<p>" + b"x" * 10_000_000)
    site.pages["/bomb"] = Answer(once, headers=(("Content-Encoding", "gzip"),))
    site.pages["/nested"] = Answer(gzip.compress(once), headers=(("Content-Encoding", "gzip, gzip"),))
    site.pages["/long"] = Answer(b"x" * 300_000)
    site.pages["/unsaid"] = Answer(b"x" * 300_000, has_length=False)
    site.pages["/brotli"] = Answer(b"x", headers=(("Content-Encoding", "br"),))
    desk = Desk(pages_at(site, "/bomb", "/nested", "/long", "/unsaid", "/brotli"))
    await crawl(desk, small)
    assert desk.kinds() == {
        1: "too-large",
        2: "too-large",
        3: "too-large",
        4: "too-large",
        5: "bad-encoding",
    }
    assert all(failure.retry_at is None for failure in desk.failures)


async def test_a_slow_drip_is_cut_off_and_tried_later(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/drip"] = Answer(b"x" * 100, drip_seconds=0.05)
    desk = Desk(pages_at(site, "/drip"))
    await crawl(desk, limits.model_copy(update={"timeout_seconds": 0.5}))
    assert desk.kinds() == {1: "timeout"}
    assert desk.failures[0].retry_at == NOW + BACK_OFF[0]


async def test_nothing_but_allowed_addresses_is_ever_contacted(site: Site, limits: CrawlerSettings) -> None:
    async with Site(address="127.0.0.2") as canary:
        targets = {
            "/private": f"http://127.0.0.2:{canary.port}/",
            "/decimal": f"http://2130706434:{canary.port}/",
            "/mapped": f"http://[::ffff:127.0.0.2]:{canary.port}/",
            "/name": f"http://rebound.example:{canary.port}/",
            "/file": "file:///etc/passwd",
            "/data": "data:text/html,hello",
            "/ftp": "ftp://127.0.0.1/x",
            "/gopher": "gopher://127.0.0.1/x",
        }
        for path, target in targets.items():
            site.pages[path] = Answer(status=302, headers=(("Location", target),))
        direct = pages_at(site, *targets)
        direct.append(pending(url=f"http://127.0.0.2:{canary.port}/", host="127.0.0.2", entry_ids=(20,)))
        desk = Desk(direct)
        guarded = limits.model_copy(update={"hosts": {"rebound.example": "127.0.0.2"}})
        await crawl(desk, guarded)
        assert canary.asked == []
    kinds = list(desk.kinds().values())
    assert len(kinds) == len(direct)
    assert set(kinds) <= {"refused-address", "bad-scheme", "bad-url", "dns", "bad-redirect"}
    assert kinds.count("bad-scheme") == 4
    assert kinds.count("refused-address") >= 4


async def test_redirects_are_followed_a_few_times_and_to_other_hosts(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/old"] = Answer(status=301, headers=(("Location", f"http://other.example:{site.port}/new"),))
    site.pages["/new"] = Answer(PAGE)
    site.pages["/loop"] = Answer(status=302, headers=(("Location", "/loop"),))
    desk = Desk(pages_at(site, "/old", "/loop"))
    await crawl(desk, limits.model_copy(update={"hosts": {"other.example": "127.0.0.1"}}))
    assert desk.readings[0].reading.url == f"http://other.example:{site.port}/new"
    assert desk.kinds() == {2: "too-many-redirects"}
    assert site.paths().count("/loop") == limits.max_redirects + 1


async def test_gone_and_refused_pages_leave_the_entrys_own_words(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/410"] = Answer(status=410)
    site.pages["/403"] = Answer(status=403)
    site.pages["/pdf"] = Answer(b"%PDF-1.7", content_type="application/pdf")
    desk = Desk(pages_at(site, "/404", "/410", "/403", "/pdf"))
    await crawl(desk, limits)
    notes = desk.notes()
    assert "404" in (notes["404"] or "")
    assert "410" in (notes["410"] or "")
    assert "refused" in (notes["403"] or "")
    assert "pdf" in (notes["pdf"] or "")
    assert {one.reading.read_from for one in desk.readings} == {"summary"}


async def test_a_server_that_stumbles_is_asked_once_more(site: Site, limits: CrawlerSettings) -> None:
    def once(asked: Asked) -> Answer:
        return Answer(PAGE) if site.paths().count(asked.path) > 1 else Answer(status=503)

    site.pages["/once"] = once
    site.pages["/twice"] = Answer(status=500)
    desk = Desk(pages_at(site, "/once", "/twice"))
    await crawl(desk, limits)
    assert len(desk.readings) == 1
    assert desk.kinds() == {2: "http-500"}
    assert site.paths().count("/twice") == 2


async def test_a_host_that_asks_for_peace_gets_it_and_its_pages_wait_on(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/busy"] = Answer(status=429, headers=(("Retry-After", "7200"),))
    site.pages["/next"] = Answer(PAGE)
    desk = Desk(pages_at(site, "/busy", "/next", "/more"))
    await crawl(desk, limits)
    assert site.paths() == ["/busy"]
    assert desk.kinds() == {1: "http-429"}
    assert desk.failures[0].retry_at == NOW + timedelta(hours=2)
    assert desk.readings == []


@pytest.mark.parametrize("name", ["herald.example.", "Herald.EXAMPLE"])
async def test_a_host_gets_its_peace_however_its_name_is_spelt(site: Site, limits: CrawlerSettings, name: str) -> None:
    site.pages["/busy"] = Answer(status=429)
    named = limits.model_copy(update={"hosts": {"herald.example": "127.0.0.1"}})
    pages = pages_at(site, "/busy", "/next", "/more")
    urls = [page.url.replace("127.0.0.1", name) for page in pages]
    desk = Desk([replace(page, url=url, host=host_of(url)) for page, url in zip(pages, urls, strict=True)])
    await crawl(desk, named)
    assert site.paths() == ["/busy"]
    assert desk.kinds() == {1: "http-429"}  # the others wait on untouched


async def test_an_outage_that_lasts_ends_with_the_entrys_own_words(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/down"] = Answer(status=500)
    desk = Desk(pages_at(site, "/down", attempts=len(BACK_OFF)))
    await crawl(desk, limits)
    assert "could not be fetched" in (desk.notes()["down"] or "")


async def test_robots_txt_is_obeyed_for_pages_and_for_where_they_lead(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private\n", content_type="text/plain")
    site.pages["/away"] = Answer(status=302, headers=(("Location", "/private/b"),))
    site.pages["/open"] = Answer(PAGE)
    desk = Desk(pages_at(site, "/private/a", "/away", "/open"))
    limiter = RateLimiter(delay_seconds=0.0)
    await crawl(desk, limits, limiter, is_robots_obeyed=True)
    assert site.paths() == ["/away", "/open"]
    notes = [one.reading.read_note for one in desk.readings]
    assert sum("robots.txt" in (note or "") for note in notes) == 2


async def test_a_host_is_never_asked_more_at_once_than_set(site: Site, limits: CrawlerSettings) -> None:
    site.pages.update({f"/{n}": Answer(PAGE, delay_seconds=0.002) for n in range(12)})
    desk = Desk(pages_at(site, *(f"/{n}" for n in range(12))))
    await crawl(desk, limits)
    assert site.most_at_once == 1
    assert len(desk.readings) == 12


@pytest.mark.slow
async def test_memory_does_not_grow_with_what_waits(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/p"] = Answer(b"<title>x</title><p>short</p>")
    hosts = [f"h{n}.example" for n in range(10)]
    waiting = [
        pending(
            url=f"http://{hosts[n % 10]}:{site.port}/p?{n}", host=hosts[n % 10], entry_ids=(n,), title="t", summary="s"
        )
        for n in range(700)
    ]
    desk = Desk(waiting)
    await crawl(desk, limits.model_copy(update={"hosts": dict.fromkeys(hosts, "127.0.0.1")}))
    assert len(desk.readings) == len({one.reading.entry_ids for one in desk.readings}) == 700
    assert desk.most_held <= 400
    assert max(desk.batches) <= 60


async def test_broken_answers_are_failures_of_their_page_only(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/cut"] = Answer(raw=b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\nhalf")
    site.pages["/junk"] = Answer(raw=b"\x00\x01 no http at all\r\n\r\n")
    site.pages["/head"] = Answer(raw=b"HTTP/1.1 200 X\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n")
    site.pages["/many"] = Answer(PAGE, headers=tuple(("Set-Cookie", f"c{n}=1") for n in range(1_000)))
    site.pages["/empty"] = Answer(b"")
    site.pages["/good"] = Answer(PAGE)
    desk = Desk(pages_at(site, "/cut", "/junk", "/head", "/many", "/empty", "/good"))
    await crawl(desk, limits)
    assert desk.kinds() == {1: "dropped", 2: "bad-response", 3: "bad-response", 4: "bad-response"}
    assert set(desk.notes()) == {"empty", "good"}


async def test_a_storage_that_fails_ends_the_crawl_with_its_error(site: Site, limits: CrawlerSettings) -> None:
    site.pages.update({f"/{n}": Answer(PAGE) for n in range(60)})
    desk = Desk(pages_at(site, *(f"/{n}" for n in range(60))))

    async def store(items: Sequence[PageReading | PageFailure]) -> None:
        raise OSError("no space left")

    desk.store = store  # type: ignore[method-assign]
    with pytest.raises(OSError, match="no space left"):
        await crawl(desk, limits)


async def test_a_pull_that_fails_ends_the_crawl_with_its_error(limits: CrawlerSettings) -> None:
    desk = Desk([])

    async def pull(limit: int, excluded: Collection[int]) -> Sequence[PendingPage]:
        raise OSError("database is gone")

    desk.pull = pull  # type: ignore[method-assign]
    with pytest.raises(OSError, match="database is gone"):
        await crawl(desk, limits)


async def test_a_stop_stores_what_is_in_flight_and_begins_nothing_new(site: Site, limits: CrawlerSettings) -> None:
    site.pages.update({f"/{n}": Answer(PAGE, delay_seconds=0.1) for n in range(50)})
    desk = Desk(pages_at(site, *(f"/{n}" for n in range(50))))
    crawling = asyncio.ensure_future(crawl(desk, limits))
    while not site.asked:
        await asyncio.sleep(0.005)
    desk.stop.set()
    result = await crawling
    assert result == "stopped"
    assert len(desk.readings) == len(site.paths()) == 1


async def test_a_stop_at_any_moment_of_the_start_is_not_lost(site: Site, limits: CrawlerSettings) -> None:
    site.pages.update({f"/{n}": Answer(PAGE) for n in range(400)})
    for turns in (0, 1, 2, 3, 5, 8, 13, 21):
        desk = Desk(pages_at(site, *(f"/{n}" for n in range(400))))
        crawling = asyncio.ensure_future(crawl(desk, limits))
        for _ in range(turns):
            await asyncio.sleep(0)
        desk.stop.set()
        async with asyncio.timeout(5):
            await crawling
        assert len(desk.readings) < 400


async def test_a_cancelled_crawl_ends_and_leaves_nothing_running(site: Site, limits: CrawlerSettings) -> None:
    site.pages.update({f"/{n}": Answer(PAGE, delay_seconds=0.05) for n in range(50)})
    desk = Desk(pages_at(site, *(f"/{n}" for n in range(50))))
    before = asyncio.all_tasks()
    crawling = asyncio.ensure_future(crawl(desk, limits))
    while not site.asked:
        await asyncio.sleep(0.005)
    crawling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await crawling
    await asyncio.sleep(0.1)
    served = {task for task in asyncio.all_tasks() if "Site._serve" in repr(task)}
    assert asyncio.all_tasks() - before - served == set()


async def test_pages_that_never_answer_do_not_hold_up_a_stop(
    site: Site, limits: CrawlerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.scrapy.run.FINISH_SECONDS", 0.2)
    site.pages["/slow"] = Answer(PAGE, delay_seconds=30)
    desk = Desk(pages_at(site, "/slow"))
    crawling = asyncio.ensure_future(crawl(desk, limits.model_copy(update={"timeout_seconds": 60.0})))
    while not site.asked:
        await asyncio.sleep(0.005)
    desk.stop.set()
    async with asyncio.timeout(5):
        result = await crawling
    assert result == "stopped"
    assert desk.readings == []
    assert desk.failures == []


async def test_crawls_can_follow_each_other_in_one_process(site: Site, limits: CrawlerSettings) -> None:
    site.pages["/a"] = Answer(PAGE)
    for _ in range(5):
        desk = Desk(pages_at(site, "/a"))
        assert await crawl(desk, limits) == "finished"
        assert len(desk.readings) == 1
