"""What a host may answer for robots.txt: it is obeyed where it speaks, and silence is no leave (RFC 9309)."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, Place, article, document
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Route

pytestmark = pytest.mark.slow

SUMMARY = "A new project against human trafficking was launched in Burundi by the migration agency, officials said."
STORY = (
    "The International Organization for Migration has launched a new project against human trafficking in Burundi.",
    "The three-year project will train police officers and prosecutors, protect survivors of trafficking in persons "
    "and open a shelter in Bujumbura, together with the Government of Burundi, officials said.",
)
HTML = "text/html; charset=utf-8"


def rules(*lines: str) -> Answer:
    return document("\n".join(lines), "text/plain")


def serve_page(place: Place) -> Mapping[str, Route]:
    """A feed of one entry, whose page is an article."""
    entry = item(1, title="Project against trafficking begins", link=place.url("/page/1"), description=SUMMARY)
    return {"/feed": document(rss(entry)), "/page/1": article("Project against trafficking begins", *STORY)}


def serve_listing(place: Place) -> Mapping[str, Route]:
    links = "".join(
        f"<li><h2><a href='{place.url(f'/news/{n}')}'>A headline of several words {n}</a></h2></li>" for n in range(3)
    )
    pages = {f"/news/{n}": article(f"News {n}", "The council met and spoke about roads. " * 9) for n in range(3)}
    return {"/feed": document(f"<html><body><main>{links}</main></body></html>", HTML), **pages}


def page(robots: Route, expected: Any = None) -> Case:
    return Case(serve_page, expected, robots=robots)


def listing(robots: Route, expected: Any = None) -> Case:
    return Case(serve_listing, expected, {"kind": "listing"}, robots=robots)


EVERYTHING = rules("User-agent: *", "Disallow: /")
DRIP = Answer(headers={"Content-Length": "500"}, pieces=(b"#",) * 500, pause_seconds=0.4)
BOMB = document(gzip.compress(b"#" * 30_000_000), "text/plain", **{"Content-Encoding": "gzip"})

# What says nothing, or nothing against us: pages are read.
ALLOWING: dict[str, Case] = {
    "robots-none": page(Answer(404)),
    "robots-refused": page(Answer(403)),
    "robots-gone": page(Answer(410)),
    "robots-empty": page(Answer(200)),
    "robots-html": page(document("<!DOCTYPE html><html><body>Disallow: /</body></html>", HTML)),
    "robots-bytes": page(document(bytes(range(256)) * 40, "text/plain")),
    "robots-other-agent": page(rules("User-agent: *", "Disallow: /", "", "User-agent: tipwatch", "Allow: /")),
    "robots-loop": page(lambda seen: Answer(302, headers={"Location": seen.path})),
    "robots-to-file": page(Answer(302, headers={"Location": "file:///etc/passwd"})),
    "robots-to-private": page(Answer(302, headers={"Location": "http://127.0.0.2/robots.txt"})),
    "robots-bomb": page(BOMB),
    "robots-bad-gzip": page(document(b"no gzip", "text/plain", **{"Content-Encoding": "gzip"})),
    "robots-endless-delay": page(rules("User-agent: *", "Crawl-delay: 999999999", "Allow: /")),
    "robots-senseless-delay": page(
        rules("User-agent: *", "Crawl-delay: -inf", "Crawl-delay: nan", "Crawl-delay: soon")
    ),
    "robots-wildcards": page(rules("User-agent: *", f"Disallow: /{'*a' * 2_000}$")),
    "robots-long-line": page(rules("User-agent: *", f"Disallow: /{'x' * 400_000}", "Sitemap: file:///etc/passwd")),
}

# The host speaks against us, for good: the feed's own words stand in.
FORBIDDING: dict[str, Case] = {
    "robots-everything": page(EVERYTHING),
    "robots-this-page": page(rules("User-agent: tipwatch", "Disallow: /robots-this-page/page")),
    "robots-with-mark": page(document(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n", "text/html")),
    "robots-long": page(document(b"User-agent: *\nDisallow: /\n" + b"#" * 600_000, "text/plain")),
    "robots-encoded": page(rules("User-agent: *", "Disallow: /%72obots-encoded/")),
}

# The host cannot say: nothing is read until it can.
SILENT: dict[str, Case] = {
    "robots-500": page(Answer(500)),
    "robots-503": page(Answer(503, headers={"Retry-After": "999999999"})),
    "robots-429": page(Answer(429)),
    "robots-drip": page(DRIP),
    "robots-hangs-up": page(Answer(is_raw=True, is_cut=True)),
    "robots-not-http": page(Answer(is_raw=True, pieces=(b"220 ftp\r\n\r\n",), is_cut=True)),
}

# The same of a listing, which is not read without leave itself: the kind of the error that is stored.
LISTINGS: dict[str, Case] = {
    "robots-listing-forbidden": listing(EVERYTHING, "robots"),
    "robots-listing-500": listing(Answer(500), "robots-unread"),
    "robots-listing-drip": listing(DRIP, "robots-unread"),
}

CASES: dict[str, Case] = {
    **ALLOWING,
    **FORBIDDING,
    **SILENT,
    **LISTINGS,
    "robots-listing-html": listing(document("<html><body>none</body></html>", HTML)),
}


@pytest.mark.parametrize("name", sorted(ALLOWING))
def test_rules_that_say_nothing_against_us_allow_everything(crawled: Crawled, name: str) -> None:
    left = crawled.left[name]
    assert (left.health.state, left.health.error_kind) == ("ok", None)
    assert left.article.read_from == "page"


@pytest.mark.parametrize("name", sorted(FORBIDDING))
def test_where_rules_forbid_a_page_the_entrys_own_words_stand_in(crawled: Crawled, name: str) -> None:
    left = crawled.left[name]
    assert left.health.state == "ok"
    assert (left.article.read_from, left.article.text) == ("summary", SUMMARY)
    assert "robots.txt" in (left.article.read_note or "")
    assert crawled.asked[name] == [f"/{name}/feed"]


@pytest.mark.parametrize("name", sorted(SILENT))
def test_where_a_host_cannot_tell_its_rules_its_page_waits(crawled: Crawled, name: str) -> None:
    left = crawled.left[name]
    (entry,) = left.entries
    assert (left.health.state, entry.state) == ("ok", "waiting")
    assert left.articles == []
    assert crawled.asked[name] == [f"/{name}/feed"]


@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_a_listing_that_may_not_be_read_says_so(crawled: Crawled, name: str) -> None:
    health = crawled.health(name)
    assert (health.state, health.error_kind) == ("failing", LISTINGS[name].expected)
    assert "robots.txt" in (health.error_text or "")
    assert crawled.asked[name] == []


def test_a_listing_whose_rules_are_a_web_page_is_read(crawled: Crawled) -> None:
    assert len(crawled.left["robots-listing-html"].articles) == 3


def test_no_rules_lead_to_a_private_address(crawled: Crawled) -> None:
    assert crawled.canary_connections == 0
