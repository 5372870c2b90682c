"""robots.txt as RFC 9309 has it, asked of real servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from crawler.http.client import Client
from crawler.http.robots import Robots
from crawler.politeness.rate_limiter import RateLimiter
from crawler.settings import CrawlerSettings
from tests.support.sites import Answer, Site, site

RULES = b"User-agent: *\nDisallow: /private\n\nUser-agent: tipwatch\nDisallow: /not-for-tipwatch\nCrawl-delay: 7\n"


class Asking:
    def __init__(self, server: Site) -> None:
        self.server = server
        self.now = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
        self.limiter = RateLimiter(delay_seconds=0)

    @asynccontextmanager
    async def robots(self, *, is_obeyed: bool = True, timeout_seconds: float = 5.0) -> AsyncIterator[Robots]:
        settings = CrawlerSettings.model_validate(
            {"allow_addresses": ["127.0.0.1/32"], "timeout_seconds": timeout_seconds}
        )
        async with Client(settings, self.limiter) as client:
            yield Robots(client, self.limiter, is_obeyed=is_obeyed, now=lambda: self.now)


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    async with site() as server:
        yield Asking(server)


async def test_rules_for_us_are_obeyed_and_their_delay_is_kept(asking: Asking) -> None:
    asking.server.routes["/robots.txt"] = Answer(body=RULES)
    async with asking.robots() as robots:
        assert await robots.ask(asking.server.url("/private")) is None  # our own group counts, not everybody's
        refused = await robots.ask(asking.server.url("/not-for-tipwatch/1"))
    assert refused is not None
    assert refused.kind == "robots"
    assert "robots.txt" in refused.text
    assert asking.limiter.delay_of("127.0.0.1") == 7
    assert len(asking.server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "is_allowed"),
    [
        (Answer(404), True),
        (Answer(403), True),
        (Answer(401), True),
        (Answer(200, body=b""), True),
        (Answer(200, body=b"<!DOCTYPE html><html><body>Disallow: /</body></html>"), True),
        (Answer(200, body=b"<p>Not found</p>", headers={"Content-Type": "text/html"}), True),
        (Answer(200, body=b"\xff\xfe\x00garbage\x00"), True),
        (Answer(302, headers={"Location": "/robots.txt"}), True),
        (Answer(302, headers={"Location": "file:///etc/passwd"}), True),
        (Answer(500), False),
        (Answer(503), False),
        (Answer(429), False),
        (Answer(pieces=(b"x",), pause_seconds=3), False),
        (Answer(is_raw=True, is_cut=True), False),
        (Answer(body=b"User-agent: *\nDisallow: /\n"), False),
        (Answer(body=b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n"), False),
        (Answer(body=b"User-agent: *\nDisallow: /\n" + b"#" * 600_000 + b"\nUser-agent: tipwatch\nAllow: /\n"), False),
    ],
)
async def test_what_cannot_be_read_allows_or_forbids_everything(
    asking: Asking, answer: Answer, is_allowed: bool
) -> None:
    asking.server.routes["/robots.txt"] = answer
    async with asking.robots(timeout_seconds=0.5) as robots:
        assert (await robots.ask(asking.server.url("/news/1")) is None) is is_allowed


async def test_rules_are_kept_for_a_day_and_a_failure_for_minutes(asking: Asking) -> None:
    asking.server.routes["/robots.txt"] = Answer(500)
    async with asking.robots() as robots:
        assert await robots.ask(asking.server.url("/1")) is not None
        asking.server.routes["/robots.txt"] = Answer(404)
        assert await robots.ask(asking.server.url("/1")) is not None
        asking.now += timedelta(minutes=11)
        assert await robots.ask(asking.server.url("/1")) is None
        asking.server.routes["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /\n")
        asking.now += timedelta(hours=23)
        assert await robots.ask(asking.server.url("/1")) is None
        asking.now += timedelta(hours=2)
        assert await robots.ask(asking.server.url("/1")) is not None


async def test_many_who_ask_at_once_cost_one_request(asking: Asking) -> None:
    asking.server.routes["/robots.txt"] = Answer(body=RULES)
    async with asking.robots() as robots:
        answers = await asyncio.gather(*(robots.ask(asking.server.url(f"/{number}")) for number in range(20)))
    assert answers == [None] * 20
    assert asking.server.paths == ["/robots.txt"]


async def test_one_who_gives_up_asking_takes_the_answer_from_nobody_else(asking: Asking) -> None:
    asking.server.routes["/robots.txt"] = Answer(body=b"", pieces=(b"# x\n",), pause_seconds=0.1)
    async with asking.robots() as robots:
        impatient = asyncio.create_task(robots.ask(asking.server.url("/1")))
        patient = asyncio.create_task(robots.ask(asking.server.url("/2")))
        await asyncio.sleep(0.02)
        impatient.cancel()
        assert await patient is None
        await asyncio.gather(impatient, return_exceptions=True)


async def test_who_does_not_obey_asks_nobody(asking: Asking) -> None:
    async with asking.robots(is_obeyed=False) as robots:
        assert await robots.ask(asking.server.url("/private")) is None
    assert asking.server.requests == []
