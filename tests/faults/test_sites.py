"""What listings and sitemaps may be: an error stored for their source, or what is sound in them."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, Place, article, document
from tests.support.sites import Answer, Route

pytestmark = pytest.mark.slow

HTML = "text/html; charset=utf-8"
XML = "application/xml"
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def listing(answer: Answer, expected: object, **more: object) -> Case:
    return Case(lambda _: {"/feed": answer}, expected, {"kind": "listing", **more})


def sitemap(answer: Answer, expected: object) -> Case:
    return Case(lambda _: {"/feed": answer}, expected, {"kind": "sitemap"})


def urls(place: Place, *paths: str) -> str:
    found = "".join(f"<url><loc>{place.url(path)}</loc></url>" for path in paths)
    return f"<urlset xmlns='{SITEMAPS}'>{found}</urlset>"


def index(*addresses: str) -> str:
    found = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f"<sitemapindex xmlns='{SITEMAPS}'>{found}</sitemapindex>"


def page(number: int) -> Answer:
    return article(f"News {number}", "The council met on Monday and spoke about roads and schools for an hour. " * 6)


def links(place: Place, *hrefs: str) -> str:
    items = "".join(
        f"<li><h2><a href='{href}'>A headline of several words for {href[:9]}</a></h2></li>" for href in hrefs
    )
    return f"<html><head><title>News</title></head><body><main>{items}</main></body></html>"


def hostile_links(place: Place) -> Mapping[str, Route]:
    hrefs = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b.org", place.canary + "/feed",
             *(place.url(f"/news/{n}") for n in range(5))]  # fmt: skip
    return {"/feed": document(links(place, *hrefs), HTML), **{f"/news/{n}": page(n) for n in range(5)}}


def tangled(place: Place) -> Mapping[str, Route]:
    """An index that leads to itself, to a private address, to nothing, and to one sound sitemap."""
    body = index(place.url("/feed"), place.canary + "/feed", place.url("/gone"), place.url("/sound"))
    return {
        "/feed": document(body, XML),
        "/sound": document(urls(place, "/news/1", "/news/2"), XML),
        **{f"/news/{n}": page(n) for n in (1, 2)},
    }


# The source's name: what its server does, and the kind and words of the error that is stored for it.
FAULTS: dict[str, Case] = {
    "listing-404": listing(Answer(404), ("http-404", "nothing at this address")),
    "listing-empty": listing(Answer(200), ("empty", "")),
    "listing-no-links": listing(document("<html><body><p>Welcome.</p></body></html>", HTML), ("no-links", "links:")),
    "listing-selector-finds-nothing": listing(
        document("<html><body><a href='/a'>A headline of words</a></body></html>", HTML), ("no-links", ""), links="h7 a"
    ),
    "listing-deep": listing(document("<div>" * 100_000, HTML), ("", "")),
    "listing-challenge": listing(
        document("<html><head><title>Just a moment...</title></head><body>Checking</body></html>", HTML),
        ("blocked", ""),
    ),
    "listing-80-megabytes": listing(Answer(headers={"Content-Length": "80000000"}, is_cut=True), ("too-large", "")),
    "listing-bomb": listing(
        document(gzip.compress(bytes(10_000_000)), HTML, **{"Content-Encoding": "gzip"}), ("too-large", "")
    ),
    "listing-to-private": listing(
        Answer(302, headers={"Location": "http://127.0.0.2/"}), ("refused-address", "127.0.0.2")
    ),
    "listing-to-file": listing(Answer(302, headers={"Location": "file:///etc/passwd"}), ("bad-scheme", "file:///etc")),
    "listing-not-http": listing(Answer(is_raw=True, pieces=(b"220 SMTP\r\n",), is_cut=True), ("bad-response", "")),
    "listing-drip": listing(Answer(pieces=(b"x",) * 99, pause_seconds=0.4), ("timeout", "")),
    "listing-loop": Case(
        lambda place: {"/feed": Answer(302, headers={"Location": place.url("/feed")})},
        ("too-many-redirects", ""),
        {"kind": "listing"},
    ),
    "sitemap-404": sitemap(Answer(404), ("http-404", "")),
    "sitemap-laughs": sitemap(
        document("<!DOCTYPE r [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><urlset>&c;</urlset>", XML), ("entities", "")
    ),
    "sitemap-external": sitemap(
        document("<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><urlset>&a;</urlset>", XML), ("entities", "")
    ),
    "sitemap-html": sitemap(document("<html><body>Not found</body></html>", HTML), ("", "")),
    "sitemap-words": sitemap(document("not found", "text/plain"), ("", "")),
    "sitemap-deep": sitemap(document("<urlset>" * 200_000, XML), ("", "")),
    "sitemap-bomb": sitemap(
        document(gzip.compress(bytes(30_000_000)), XML, **{"Content-Encoding": "gzip"}), ("too-large", "")
    ),
    "sitemap-bomb-as-file": sitemap(document(gzip.compress(bytes(80_000_000)), "application/gzip"), ("", "")),
    "sitemap-to-private": sitemap(Answer(302, headers={"Location": "http://10.0.0.1/"}), ("refused-address", "10.0.0")),
}

CASES: dict[str, Case] = {
    **FAULTS,
    "sitemap-no-addresses": sitemap(
        document("<urlset><url><loc>http://[x</loc></url><url><loc/></url><url/></urlset>", XML), None
    ),
    "sitemap-index-of-no-addresses": sitemap(
        document("<sitemapindex><sitemap><loc>http://[x]y/</loc></sitemap><sitemap/></sitemapindex>", XML), None
    ),
    "listing-no-addresses": Case(
        lambda place: {
            "/feed": document(links(place, "/listing-no-addresses/a-1234", "http://[x", "//", "http://", "?"), HTML),
            "/a-1234": page(1),
        },
        None,
        {"kind": "listing"},
    ),
    "listing-hostile-links": Case(hostile_links, None, {"kind": "listing"}),
    "sitemap-tangled": Case(tangled, None, {"kind": "sitemap"}),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_listing_or_sitemap_with_a_fault_is_stored_with_its_reason(crawled: Crawled, name: str) -> None:
    kind, words = FAULTS[name].expected
    health = crawled.health(name)
    assert health.state == "failing"
    assert health.error_kind == (kind or health.error_kind)
    assert health.error_kind not in (None, "fault")
    assert words in (health.error_text or "")
    assert (health.error_text or "").isprintable()
    assert crawled.left[name].entries == []


def test_what_is_no_address_is_passed_over(crawled: Crawled) -> None:
    for name in ("sitemap-no-addresses", "sitemap-index-of-no-addresses", "listing-no-addresses"):
        assert crawled.health(name).error_kind is None, name
    assert [row.url.rpartition("/")[2] for row in crawled.left["listing-no-addresses"].entries] == ["a-1234"]


def test_of_hostile_links_only_pages_are_followed(crawled: Crawled) -> None:
    left = crawled.left["listing-hostile-links"]
    assert {row.url.partition(":")[0] for row in left.entries} == {"http"}
    assert len(left.articles) == 5
    assert crawled.canary_connections == 0


def test_of_a_tangled_index_the_sound_sitemap_is_read(crawled: Crawled) -> None:
    left = crawled.left["sitemap-tangled"]
    assert sorted(one.title for one in left.articles) == ["News 1", "News 2"]
    assert len(crawled.asked["sitemap-tangled"]) < 12
