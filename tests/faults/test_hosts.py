"""A host that asks to be left alone is left alone, whatever it calls itself and however it asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.sources.registry import parse_source
from storage.host_names import canonical_host, host_of
from storage.urls import canonicalise_url
from tests.support.feeds import item, read, rss
from tests.support.sites import Answer, Site
from tests.support.watch import Watch

SPELLINGS = ("herald.example", "herald.example.", "HERALD.example", "Herald.Example.")
HOSTS = {"herald.example": "127.0.0.1", "gazette.example": "127.0.0.1"}
SOUND = Answer(body=rss(item(1)).encode())


@pytest.mark.parametrize("retry_after", [None, "", "soon", "-1", "0", "Wed, 25 Nov 2015 10:00:00 GMT"])
async def test_a_host_that_is_asked_too_often_is_left_alone_though_it_does_not_say_for_how_long(
    server: Site, watching: Callable[..., Watch], retry_after: str | None
) -> None:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    server.routes["/a"] = Answer(429, headers=headers)
    server.routes["/b"] = server.routes["/c"] = SOUND
    sources = [server.url("/a", "herald.example"), server.url("/b", "herald.example")]
    watch = watching(*sources, server.url("/c", "gazette.example"), hosts=HOSTS)
    summary = await watch.poll()
    assert sorted(server.paths) == ["/a", "/c"]
    assert (summary.failed, summary.postponed, summary.changed) == (1, 1, 1)
    assert (await watch.poll()).changed == 1  # an hour later
    assert "/b" in server.paths


@pytest.mark.parametrize("other", SPELLINGS)
async def test_a_host_that_pauses_is_paused_under_every_spelling_of_its_name(
    server: Site, watching: Callable[..., Watch], other: str
) -> None:
    server.routes["/a"] = Answer(429)
    server.routes["/b"] = SOUND
    watch = watching(server.url("/a", "herald.example"), server.url(f"/b?{len(other)}", other), hosts=HOSTS)
    assert (await watch.poll()).postponed == 1
    assert server.paths == ["/a"]


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_host_has_one_name_however_it_is_spelt(name: str) -> None:
    url = f"https://{name}/news/1"
    (entry,) = read(rss(item(1, link=url))).entries
    assert canonical_host(name) == host_of(url) == entry.host == "herald.example"
    assert canonicalise_url(url) == "https://herald.example/news/1"
    source = parse_source(url)
    assert (source.host, source.key) == ("herald.example", "herald.example/news/1")


@pytest.mark.parametrize("name", ["bücher.example", "BÜCHER.example.", "xn--bcher-kva.example.", "bücher．example"])
def test_a_host_beyond_ascii_has_the_name_that_it_is_asked_under(name: str) -> None:
    assert host_of(f"https://{name}/") == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("[2001:DB8:0:0:0:0:0:1]", "2001:db8::1"),
        ("[2001:db8::0001]", "2001:db8::1"),
        ("198.51.100.007", "198.51.100.7"),
        ("198.51.25607", "198.51.100.7"),
        ("0xC6336407", "198.51.100.7"),
        ("3325256711.", "198.51.100.7"),
        ("1.2.3.4.5", "1.2.3.4.5"),
        ("0x.example", "0x.example"),
        ("999.1.1.1", "999.1.1.1"),
    ],
)
def test_an_address_has_its_usual_spelling(name: str, usual: str) -> None:
    assert host_of(f"https://{name}/") == usual


@pytest.mark.parametrize("url", ["", "words", "https://", "https://[::1", f"https://{'ü' * 70}.example/"])
def test_what_names_no_host_has_none(url: str) -> None:
    assert host_of(url) == ""
