"""An entry is more than its link: where it has no page of its own, or one that says less than the entry itself, its own
title and text are its article; what its page says in a PDF document is read."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, Place, document
from tests.support.feeds import item, rss
from tests.support.pdf import pdf
from tests.support.sites import Answer, Route

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


HTML = "text/html; charset=utf-8"


def page(body: bytes | str, content_type: str = HTML, **headers: str) -> Case:
    """A source of one entry with prose of its own, whose page is this."""
    return Case(
        lambda place: {
            "/feed": document(rss(item(1, title=TITLES[0], description=TEXTS[0], link=place.url("/page")))),
            "/page": document(body, content_type, **headers),
        }
    )


def html(*paragraphs: str, title: str = "The Herald") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body><main>{text}</main></body></html>"


COOKIES = (
    "We and our 812 partners store and access information on a device, such as cookies, and process personal data, "
    "such as unique identifiers, for personalised advertising, measurement, audience research and services.",
    "With your permission we and our partners may use precise location data. You may click to consent to all of this, "
    "or reach more detailed choices before you agree or refuse. Your choices apply to this site only.",
    "Some of them need no consent from you, but you have a right to object. You can change your mind at any time by "
    "coming back to this site and pressing the button at the bottom of every page of it, whichever you read.",
) * 3
COOKIES_IN_GERMAN = (
    "Wir verwenden Cookies und andere Verfahren, um Ihnen ein besseres Erlebnis zu bieten und unsere Angebote zu "
    "finanzieren. Manche sind notwendig, andere dienen der Werbung und der Messung ihres Erfolgs.",
    "Sie entscheiden selbst, welche Sie zulassen wollen. Ihre Wahl gilt nur für dieses Angebot und kann jederzeit am "
    "Ende jeder Seite geändert werden. Weitere Angaben finden Sie in unserer Erklärung zum Datenschutz.",
) * 4
ELSEWHERE = (
    "This domain may be for sale. Buyers are asked to fill in the form below, and our agents will come back to them "
    "within a day with an offer. Payment in instalments can be arranged through our partners as well.",
    "Our company has held addresses for customers in every branch since 1999. Ask us for a list of similar addresses, "
    "or have one of our agents find the address that suits your brand, your budget and your plans.",
)
MENU = "".join(f"<li><a href='/{n}'>Section {n} of the news on trafficking</a></li>" for n in range(60))
NOISE = bytes(range(256)) * 40

NO_ARTICLE: dict[str, Case] = {
    "instead-picture": page(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + NOISE),
    "instead-photo": page(b"\xff\xd8\xff\xe0\0\x10JFIF\0<x:xmpmeta><rdf:RDF>" + NOISE),
    "instead-archive": page(b"PK\x03\x04" + NOISE, "application/xhtml+xml"),
    "instead-noise": page(NOISE, "text/html"),
    "instead-sound": page(b"ID3\x04" + NOISE, "application/octet-stream"),
    "instead-feed": page(as_rss(lambda n: "").body),
    "instead-atom": page(as_atom(lambda n: "").body, "text/plain"),
    "instead-json": page(as_json(lambda n: "").body),
    "instead-drawing": page("<?xml version='1.0'?><svg><text>Click here for more.</text></svg>", "image/svg+xml"),
    "instead-script": page("var page = '<div>' + more + '</div>'; document.write(page);" * 30),
    "instead-base64": page("<html><body><p>" + "QUJDREVGR0hJSktMTU5P" * 200 + "</p>"),
    "instead-menu": page(f"<html><body><ul>{MENU}</ul></body></html>"),
    "instead-cookies": page(html(*COOKIES)),
    "instead-cookies-in-german": page(html(*COOKIES_IN_GERMAN, title="Der Bote")),
    "instead-sale": page(html(*ELSEWHERE)),
    "instead-headline": page(html(TITLES[0])),
    "instead-nothing": page(""),
    "instead-cut-pdf": page(pdf(TEXTS)[:300], "application/pdf"),
    "instead-scan": page(pdf([]), "application/pdf"),
}

LINES = [
    "PRESS RELEASE",
    "Bujumbura, 12 November 2026",
    "The International Organization for Migration has launched Safe Harbour, a new project against human",
    "trafficking in Burundi. The three-year project, funded by the Kingdom of the Netherlands with USD 3",
    "million, will train police officers and prosecutors, protect survivors of trafficking in persons and",
    "open a shelter in Bujumbura, officials said. It will run from 2026 to 2029 together with the",
    "Government of Burundi, which gives the land.",
]


def enclosed(body: str, content_type: str = "application/rss+xml") -> Case:
    """A source of one entry without a link and words, whose document lies at LINK."""
    return Case(
        lambda place: {
            "/feed": document(body.replace("LINK", place.url("/page")), content_type),
            "/page": document(pdf(LINES), "application/pdf"),
        }
    )


ENCLOSURE = "<enclosure url='LINK' type='application/pdf' length='1'/></item>"
ENCLOSING_RSS = rss(item(1, title=TITLES[0], link="", guid="1", description="").replace("</item>", ENCLOSURE))
ENCLOSING_ATOM = (
    f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><id>1</id><title>{TITLES[0]}</title>"
    "<link rel='enclosure' type='application/pdf' href='LINK'/></entry></feed>"
)
ATTACHED = {"id": "1", "title": TITLES[0], "attachments": [{"url": "LINK", "mime_type": "application/pdf"}]}

DOCUMENTS: dict[str, Case] = {
    "enclosed-in-rss": enclosed(ENCLOSING_RSS),
    "enclosed-in-damaged-rss": enclosed(ENCLOSING_RSS.replace("<channel>", "<channel><br>")),
    "enclosed-in-atom": enclosed(ENCLOSING_ATOM),
    "content-elsewhere": enclosed(
        ENCLOSING_ATOM.replace("<link rel='enclosure'", "<content").replace("href='LINK'", "src='LINK'")
    ),
    "attached-in-json": enclosed(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [ATTACHED]}),
        "application/feed+json",
    ),
    "pdf": page(pdf(LINES), "application/pdf"),
    "pdf-called-a-page": page(pdf(LINES)),
    "pdf-called-data": page(pdf(LINES, ["Page 2 of 2"]), "application/octet-stream"),
    "pdf-packed": page(gzip.compress(pdf(LINES)), "application/pdf", **{"Content-Encoding": "gzip"}),
}

CASES: dict[str, Case] = {
    **{f"own-{kind}-{link}": without_pages(KINDS[kind], LINKS[link]) for kind in KINDS for link in LINKS},
    **NO_ARTICLE,
    **DOCUMENTS,
}


@pytest.mark.parametrize("name", sorted(name for name in CASES if name.startswith("own-")))
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


@pytest.mark.parametrize("name", sorted(NO_ARTICLE))
def test_a_page_without_the_entrys_prose_never_takes_the_place_of_its_own_words(crawled: Crawled, name: str) -> None:
    one = crawled.left[name].article
    assert (one.read_from, one.title, one.text) == ("summary", TITLES[0], TEXTS[0])
    assert one.read_note
    assert one.verdict.is_new_project
    assert one.verdict.facts is not None
    assert one.verdict.facts.amount == SUMS[0]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_pdf_document_is_read(crawled: Crawled, name: str) -> None:
    one = crawled.left[name].article
    assert one.read_from == "page"
    assert "Safe Harbour, a new project against human trafficking" in (one.text or "")
    assert one.verdict.is_new_project
    assert one.verdict.facts is not None
    assert one.verdict.facts.amount == SUMS[0]
