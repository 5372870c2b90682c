"""Pages over TLS: only from servers whose certificate the system, or the authority named, vouches for."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trustme

from crawler.http.connector import system_trust
from crawler.settings import CrawlerSettings
from tests.support.newsroom_pages import pending
from tests.support.page_desk import PAGE, Desk, crawl
from tests.support.sites import Answer, Site, site

NAME = "tls.example"
LIMITS = CrawlerSettings.model_validate(
    {"allow_addresses": ["127.0.0.1/32"], "hosts": {NAME: "127.0.0.1"}, "delay_seconds": 0, "timeout_seconds": 10}
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@asynccontextmanager
async def secured(authority: trustme.CA, name: str = NAME) -> AsyncIterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    async with site(tls=context) as server:
        server.routes["/a"] = Answer(body=PAGE)
        yield server


async def fetch(server: Site, context: ssl.SSLContext | None) -> Desk:
    desk = Desk([pending(url=server.url("/a", NAME), host=NAME, entry_ids=(1,))])
    await crawl(desk, LIMITS, ssl_context=context)
    return desk


async def test_a_page_is_read_where_its_certificate_is_sound(authority: trustme.CA) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with secured(authority) as server:
        assert len((await fetch(server, trusting)).readings) == 1


@pytest.mark.parametrize("name", [NAME, "other.example"])
async def test_nothing_is_asked_of_a_server_that_nobody_vouches_for(authority: trustme.CA, name: str) -> None:
    async with secured(authority, name) as server:
        desk = await fetch(server, None)
    assert desk.kinds() == {1: "tls"}
    assert server.requests == []


def test_the_systems_authorities_are_asked_and_names_compared() -> None:
    assert system_trust().verify_mode is ssl.CERT_REQUIRED
    assert system_trust().check_hostname
