"""Listings, sitemaps, ReliefWeb and GDELT are visited on real servers; each visit ends as one outcome."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.http.client import Client
from crawler.http.robots import Robots
from crawler.politeness.rate_limiter import HostPaused, RateLimiter
from crawler.scrapy.run import run_spider
from crawler.settings import CrawlerSettings
from crawler.sources.due import DueSource
from crawler.sources.outcomes import hash_body
from crawler.sources.registry import parse_source
from crawler.sources.spider import SourceSpider
from storage.records import EntrySeen, PollOutcome, SourceState
from tests.support.api_answers import ARTICLE, REPORT
from tests.support.newsroom_pages import NOW
from tests.support.page_desk import context_of
from tests.support.scripted_site import Answer, Asked, Site

LIMITS = CrawlerSettings(allow_addresses=("127.0.0.1/32",), delay_seconds=0.0, timeout_seconds=10.0)
LISTING = b"""<title>News</title><main><h2><a href="/news/shelters-open-on-the-lake">Shelters open on the lake</a></h2>
<h2><a href="/news/judges-are-trained-in-courts">Judges are trained in courts</a></h2></main>"""
FEED = b"""<rss version="2.0"><channel><title>Search</title><item><title>A project begins</title>
<link>https://reliefweb.int/report/1</link><guid>1</guid></item></channel></rss>"""


@dataclass
class Desk:
    """Stands where the database would."""

    outcomes: dict[str, PollOutcome] = field(default_factory=dict)
    old: set[str] = field(default_factory=set)
    postponed: list[str] = field(default_factory=list)

    async def add(self, source: DueSource, outcome: PollOutcome) -> None:
        self.outcomes[source.state.name] = outcome

    async def known(self, source: DueSource, identities: Collection[str]) -> Mapping[str, str]:
        return dict.fromkeys(self.old.intersection(identities), "hash")

    async def postpone(self, sources: Sequence[DueSource], paused: HostPaused) -> None:
        self.postponed += [source.state.name for source in sources]


class InlinePool:
    """Reads in this process; workers are tested elsewhere."""

    async def run(self, function: Any, *arguments: Any, timeout_seconds: float) -> Any:
        return function(*arguments)


def source(
    url: str, *, kind: str = "listing", name: str = "s", state: dict[str, Any] | None = None, **fields: Any
) -> DueSource:
    settings = parse_source({"kind": kind, "url": url, "name": name, **fields})
    blank: dict[str, Any] = dict.fromkeys(
        (
            "etag",
            "last_modified",
            "content_hash",
            "next_due_at",
            "failing_since_at",
            "last_polled_at",
            "last_success_at",
        )
    )
    blank |= {"last_news_at": None, "entries_in_last": None, "redirect_to": None, "redirects_seen": 0, "failures": 0}
    remembered = SourceState(id=1, name=name, kind=settings.kind, url=url, interval_seconds=3600, **blank)
    return DueSource(replace(remembered, **(state or {})), settings, settings.url)


async def visit(
    *sources: DueSource,
    desk: Desk | None = None,
    settings: CrawlerSettings = LIMITS,
    limiter: RateLimiter | None = None,
    is_robots_obeyed: bool = False,
) -> Desk:
    desk = desk or Desk()
    limiter = limiter or RateLimiter(delay_seconds=0.0)
    async with Client(settings, limiter, now=lambda: NOW) as client:
        robots = Robots(client, limiter, is_obeyed=is_robots_obeyed)
        context = context_of(settings, client, limiter, robots, InlinePool())
        await run_spider(SourceSpider, context, sources=sources, recorder=desk)
    return desk


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as site:
        yield site


async def test_a_listing_tells_of_its_new_links_only(site: Site) -> None:
    site.pages["/news"] = Answer(LISTING, headers=(("ETag", '"7"'), ("Last-Modified", "Sun, 01 Nov 2026 10:00:00 GMT")))
    desk = await visit(source(f"{site.url}/news"))
    first = desk.outcomes["s"]
    assert (first.status, first.etag, first.entries_in_last) == ("changed", '"7"', 2)
    assert [entry.title for entry in first.entries] == ["Shelters open on the lake", "Judges are trained in courts"]
    desk.old = {first.entries[0].identity}
    await visit(source(f"{site.url}/news"), desk=desk)
    assert [entry.title for entry in desk.outcomes["s"].entries] == ["Judges are trained in courts"]


async def test_an_unchanged_listing_costs_one_conditional_request(site: Site) -> None:
    def conditional(asked: Asked) -> Answer:
        return Answer(status=304) if asked.headers.get("If-None-Match") == '"7"' else Answer(LISTING)

    site.pages["/news"] = conditional
    site.pages["/same"] = Answer(gzip.compress(LISTING), headers=(("Content-Encoding", "gzip"),))
    desk = await visit(
        source(f"{site.url}/news", state={"etag": '"7"'}),
        source(f"{site.url}/same", name="same", state={"content_hash": hash_body(LISTING)}),
    )
    assert desk.outcomes["s"].status == desk.outcomes["same"].status == "unchanged"
    assert len(site.asked) == 2


async def test_a_listing_that_lost_its_links_is_a_fault(site: Site) -> None:
    site.pages["/news"] = Answer(b"<title>News</title><main><p>We have a new site.</p></main>")
    outcome = (await visit(source(f"{site.url}/news", state={"entries_in_last": 20}))).outcomes["s"]
    assert (outcome.status, outcome.error_kind) == ("failed", "no-links")


async def test_one_source_that_fails_changes_nothing_for_the_others(site: Site) -> None:
    site.pages["/news"] = Answer(LISTING)
    site.pages["/gone"] = Answer(status=410)
    site.pages["/slow"] = Answer(LISTING, delay_seconds=30)
    site.pages["/bomb"] = Answer(gzip.compress(b"x" * 20_000_000), headers=(("Content-Encoding", "gzip"),))
    site.pages["/local"] = Answer(status=302, headers=(("Location", "http://127.0.0.2/"),))
    site.pages["/moved"] = Answer(status=308, headers=(("Location", "/news"),))
    names = ("news", "gone", "slow", "bomb", "local", "moved", "missing")
    impatient = LIMITS.model_copy(update={"timeout_seconds": 0.5})
    desk = await visit(*(source(f"{site.url}/{name}", name=name) for name in names), settings=impatient)
    kinds = {name: outcome.error_kind for name, outcome in desk.outcomes.items()}
    assert kinds == {
        "news": None,
        "gone": "http-410",
        "slow": "timeout",
        "bomb": "too-large",
        "local": "refused-address",
        "moved": None,
        "missing": "http-404",
    }
    assert desk.outcomes["gone"].status == "gone"
    assert desk.outcomes["moved"].redirect_to == f"{site.url}/news"


async def test_a_busy_host_is_put_off_with_all_its_sources(site: Site) -> None:
    site.pages["/a"] = Answer(status=429, headers=(("Retry-After", "3600"),))
    desk = await visit(source(f"{site.url}/a", name="a"), source(f"{site.url}/b", name="b"))
    assert desk.outcomes["a"].error_kind == "http-429"
    assert desk.outcomes["a"].next_due_at >= NOW + timedelta(hours=1)
    assert desk.postponed == ["b"]
    assert site.paths() == ["/a"]


async def test_listings_obey_robots_txt_and_searches_are_not_asked_for(site: Site) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n", content_type="text/plain")
    site.pages["/news"] = Answer(LISTING)
    site.pages["/updates/rss.xml"] = Answer(FEED, content_type="text/xml")
    limiter = RateLimiter(delay_seconds=0.0)
    desk = await visit(source(f"{site.url}/news"), limiter=limiter, is_robots_obeyed=True)
    search = source(f"{site.url}/updates/rss.xml", kind="reliefweb", name="r", query="x")
    await visit(search, desk=desk, limiter=limiter, is_robots_obeyed=True)
    assert desk.outcomes["s"].error_kind == "robots"
    assert desk.outcomes["r"].status == "changed"


async def test_credentials_are_sent_to_their_own_origin_and_nowhere_else(site: Site) -> None:
    async with Site() as other:
        site.pages["/news"] = Answer(status=302, headers=(("Location", f"{other.url}/elsewhere"),))
        other.pages["/elsewhere"] = Answer(LISTING)
        for credentials in ({"username": "u", "password": "p"}, {"header": "X-Api-Key", "value": "secret"}):
            await visit(source(f"{site.url}/news", credentials=credentials))
        sent = [{"Authorization", "X-Api-Key"} & set(asked.headers) for asked in site.asked]
        assert sent == [{"Authorization"}, {"X-Api-Key"}]
        assert not any({"Authorization", "X-Api-Key"} & set(asked.headers) for asked in other.asked)
        assert len(other.asked) == 2


def sitemap(*locations: str, day: str = "2026-11-01") -> bytes:
    urls = "".join(f"<url><loc>{loc}</loc><lastmod>{day}</lastmod></url>" for loc in locations)
    return f"<urlset>{urls}</urlset>".encode()


def index(*children: tuple[str, str | None]) -> bytes:
    items = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>" for loc, day in children
    )
    return f"<sitemapindex>{items}</sitemapindex>".encode()


def titles(entries: Sequence[EntrySeen]) -> list[str]:
    return [entry.title for entry in entries]


async def test_a_packed_sitemap_is_read(site: Site) -> None:
    site.pages["/sitemap.xml.gz"] = Answer(
        gzip.compress(sitemap(f"{site.url}/new-shelter-opens")), content_type="application/gzip"
    )
    desk = await visit(source(f"{site.url}/sitemap.xml.gz", kind="sitemap"))
    assert titles(desk.outcomes["s"].entries) == ["new shelter opens"]


async def test_of_an_index_the_newest_sitemaps_are_read_and_a_broken_one_is_noted(site: Site) -> None:
    site.pages["/index.xml"] = Answer(
        index(("/old.xml", "2020-01-01"), ("/new.xml", "2026-11-02"), ("/broken.xml", "2026-11-01")),
        headers=(("ETag", '"1"'),),
    )
    site.pages["/new.xml"] = Answer(sitemap(f"{site.url}/new-shelter-opens"))
    last = datetime(2026, 10, 30, tzinfo=NOW.tzinfo)
    watched = source(f"{site.url}/index.xml", kind="sitemap", state={"last_success_at": last})
    outcome = (await visit(watched)).outcomes["s"]
    assert site.paths() == ["/index.xml", "/new.xml", "/broken.xml"]
    assert titles(outcome.entries) == ["new shelter opens"]
    assert "broken.xml" in (outcome.note or "")
    assert outcome.etag == '"1"'


async def test_an_index_without_dates_is_asked_whole_each_time(site: Site) -> None:
    site.pages["/index.xml"] = Answer(index(("/a.xml", None)), headers=(("ETag", '"1"'),))
    site.pages["/a.xml"] = Answer(sitemap(f"{site.url}/new-shelter-opens"))
    outcome = (await visit(source(f"{site.url}/index.xml", kind="sitemap"))).outcomes["s"]
    assert outcome.status == "changed"
    assert outcome.etag is outcome.last_modified is outcome.content_hash is None


async def test_an_index_whose_sitemaps_all_fail_is_a_fault(site: Site) -> None:
    site.pages["/index.xml"] = Answer(index(("/a.xml", None), ("/b.xml", None)))
    outcome = (await visit(source(f"{site.url}/index.xml", kind="sitemap"))).outcomes["s"]
    assert (outcome.status, outcome.error_kind) == ("failed", "http-404")


async def test_reliefweb_is_searched_by_rss_without_an_appname_and_by_its_api_with_one(site: Site) -> None:
    site.pages["/updates/rss.xml"] = Answer(FEED, content_type="text/xml")
    site.pages["/v2/reports"] = Answer(json.dumps({"data": [REPORT]}).encode(), content_type="application/json")
    by_rss = source(f"{site.url}/updates/rss.xml", kind="reliefweb", name="rss", query='"a b"')
    by_api = source(f"{site.url}/v2/reports", kind="reliefweb", name="api", query='"a b"', appname="tipwatch")
    desk = await visit(by_rss, by_api)
    assert titles(desk.outcomes["rss"].entries) == ["A project begins"]
    assert titles(desk.outcomes["api"].entries) == [REPORT["fields"]["title"]]
    assert site.paths()[0] == "/updates/rss.xml?search=%22a+b%22"
    assert "appname=tipwatch" in site.paths()[1]


async def test_gdelt_is_asked_slowly_and_a_refusal_is_told(site: Site) -> None:
    limiter = RateLimiter(delay_seconds=0.0)
    site.pages["/api/v2/doc/doc"] = Answer(json.dumps({"articles": [ARTICLE]}).encode(), content_type="text/json")
    desk = await visit(
        source(f"{site.url}/api/v2/doc/doc", kind="gdelt", query="trafficking"),
        limiter=limiter,
    )
    assert titles(desk.outcomes["s"].entries) == ["Government, partners begin (new) project"]
    assert limiter.delay_of("127.0.0.1") >= 5
    site.pages["/api/v2/doc/doc"] = Answer(b"Please limit requests to one every 5 seconds.", content_type="text/plain")
    other = source(f"{site.url}/api/v2/doc/doc", kind="gdelt", name="o", query="x")
    await visit(other, desk=desk)
    assert desk.outcomes["o"].error_kind == "api-error"
    assert "one every 5 seconds" in (desk.outcomes["o"].error_text or "")


async def test_a_source_whose_requests_take_too_long_together_is_cut_off(site: Site) -> None:
    site.pages["/index.xml"] = Answer(index(*((f"/{n}.xml", None) for n in range(5))))
    site.pages.update({f"/{n}.xml": Answer(sitemap("/x"), delay_seconds=0.2) for n in range(5)})
    impatient = LIMITS.model_copy(update={"source_timeout_seconds": 0.3})
    desk = await visit(source(f"{site.url}/index.xml", kind="sitemap"), settings=impatient)
    assert desk.outcomes["s"].error_kind == "timeout"
