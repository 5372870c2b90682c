"""An entry is more than its link: where it has no page of its own, its own title and text are its article."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from tests.faults.conftest import Crawled
from tests.faults.farm import Case, Place, document
from tests.integration.crawler.sites import Answer, Route
from tests.unit.crawler.feeds import item, rss

pytestmark = pytest.mark.slow

COUNTRIES = ("Burundi", "Nepal", "Ghana")
SUMS = (3_000_000.0, 7_000_000.0, 9_000_000.0)
TITLES = tuple(f"New project against human trafficking launched in {country}" for country in COUNTRIES)
TEXTS = tuple(
    f"The International Organization for Migration has launched a new project against human trafficking in {country}. "
    f"The three-year project, funded by the Kingdom of the Netherlands with USD {int(amount / 1e6)} million, will "
    "train police officers and prosecutors, protect survivors of trafficking in persons and open a shelter, they said."
    for country, amount in zip(COUNTRIES, SUMS, strict=True)
)

Links = Callable[[int], str]


def as_rss(links: Links) -> Answer:
    items = (
        item(n, title=title, description=text, link=links(n), guid=f"id-{n}")
        for n, (title, text) in enumerate(zip(TITLES, TEXTS, strict=True))
    )
    return document(rss(*items))


def as_rss_without_guids(links: Links) -> Answer:
    return document(as_rss(links).body.replace(b"<guid>", b"<!--").replace(b"</guid>", b"-->"))


def as_damaged_rss(links: Links) -> Answer:
    return document(as_rss(links).body.replace(b"<channel>", b"<channel><br>"))


def as_atom(links: Links) -> Answer:
    entries = "".join(
        f"<entry><id>urn:{n}</id><title>{title}</title><summary>{text}</summary><link href='{links(n)}'/></entry>"
        for n, (title, text) in enumerate(zip(TITLES, TEXTS, strict=True))
    )
    return document(f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{entries}</feed>")


def as_rdf(links: Links) -> Answer:
    items = "".join(
        f"<item><title>{title}</title><description>{text}</description><link>{links(n)}</link></item>"
        for n, (title, text) in enumerate(zip(TITLES, TEXTS, strict=True))
    )
    return document(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        f"<channel><title>T</title></channel>{items}</rdf:RDF>"
    )


def as_json(links: Links) -> Answer:
    items = [
        {"id": f"id-{n}", "url": links(n), "title": title, "content_text": text}
        for n, (title, text) in enumerate(zip(TITLES, TEXTS, strict=True))
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items}
    return document(json.dumps(feed), "application/feed+json")


KINDS = {
    "rss": as_rss,
    "rss-without-guids": as_rss_without_guids,
    "damaged-rss": as_damaged_rss,
    "atom": as_atom,
    "rdf": as_rdf,
    "json": as_json,
}
LINKS: dict[str, Callable[[Place], Links]] = {
    "no-link": lambda place: lambda n: "",
    "refused-link": lambda place: lambda n: f"javascript:show({n})",
    "one-link": lambda place: lambda n: place.url("/page"),
    "fragments": lambda place: lambda n: place.url(f"/page#{n}"),
    "hashbangs": lambda place: lambda n: place.url(f"/page#!/{n}"),
    "the-feed": lambda place: lambda n: place.url("/feed"),
}


def without_pages(kind: Callable[[Links], Answer], links: Callable[[Place], Links]) -> Case:
    def serve(place: Place) -> Mapping[str, Route]:
        return {"/feed": kind(links(place)), "/page": document("<html><body><p>All of it at once.</p>", "text/html")}

    return Case(serve)


CASES: dict[str, Case] = {
    f"own-{kind}-{link}": without_pages(KINDS[kind], LINKS[link]) for kind in KINDS for link in LINKS
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_each_entry_without_a_page_of_its_own_is_an_article_of_its_own_words(crawled: Crawled, name: str) -> None:
    left = crawled.left[name]
    assert sorted(one.title for one in left.articles) == sorted(TITLES)
    for one in left.articles:
        at = TITLES.index(one.title)
        assert (one.read_from, one.text) == ("summary", TEXTS[at])
        assert "no page of its own" in (one.read_note or "")
        assert one.verdict.facts is not None
        assert one.verdict.facts.amount == SUMS[at]
        assert one.url.startswith(left.health.url.rpartition("/")[0])
    assert crawled.asked[name] == [f"/{name}/feed"]  # nothing else is fetched, least of all the feed as a page
