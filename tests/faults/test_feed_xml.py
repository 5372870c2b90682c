"""What a feed's document may hold: nothing is expanded or fetched, and what is sound in it survives."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, Place, document, feed
from tests.support.feeds import item, rss
from tests.support.sites import Route

pytestmark = pytest.mark.slow

XML = "text/xml"
HTML = "text/html; charset=utf-8"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]><rss version='2.0'><channel><title>&m;</title></channel></rss>"
)
ATOM_03 = (
    "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>Old</title><entry><title>Headline 1</title>"
    "<link rel='alternate' type='text/html' href='LINK'/><id>tag:1</id><issued>2026-11-20T10:00:00Z</issued>"
    "</entry></feed>"
)
RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    "<channel rdf:about='x'><title>T</title></channel>"
    "<item rdf:about='LINK'><title>Headline 1</title><link>LINK</link></item></rdf:RDF>"
)
RSS_091 = (
    "<rss version='0.91'><channel><title>T</title><item><title>Headline 1</title><link>LINK</link></item>"
    "</channel></rss>"
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "items": [{"id": "1", "url": "LINK", "title": "Headline 1", "content_text": "x"}],
    }
)


def linked(body: str, content_type: str = XML) -> Case:
    """A document whose LINK is a page of the source."""

    def serve(place: Place) -> Mapping[str, Route]:
        return {"/feed": document(body.replace("LINK", place.url("/page/1")), content_type)}

    return Case(serve, ["Headline 1"])


def external(what: str) -> Case:
    """A document with an external entity; CANARY is an address that may not be contacted."""

    def serve(place: Place) -> Mapping[str, Route]:
        system = what.replace("CANARY", place.canary)
        body = f"<!DOCTYPE r [<!ENTITY x SYSTEM '{system}'>]><rss><channel><title>&x;</title></channel></rss>"
        return {"/feed": document(body)}

    return Case(serve, ("entities", "declares entities"))


def entries(*items: str, titles: list[str], head: str = "") -> Case:
    return Case(feed(document(rss(*items, head=head))), titles)


# Documents that are refused: the kind and words of the stored error.
REFUSED: dict[str, Case] = {
    "xml-laughs": Case(feed(document(LAUGHS)), ("entities", "attacks")),
    "xml-laughs-utf-16": Case(feed(document(LAUGHS.encode("utf-16"))), ("entities", "attacks")),
    "xml-quadratic": Case(
        feed(document(f"<!DOCTYPE r [<!ENTITY x '{'y' * 50_000}'>]><rss>{'&x;' * 50_000}</rss>")), ("entities", "")
    ),
    "xml-external-file": external("file:///etc/passwd"),
    "xml-external-address": external("CANARY/feed"),
    "xml-parameter-entity": Case(
        feed(document("<!DOCTYPE r [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]><rss/>")), ("entities", "")
    ),
    "xml-deep": Case(feed(document("<a>" * 300_000)), ("malformed", "nested too deeply")),
    "xml-80-megabytes": Case(feed(document(b"<rss>" + b" " * 6_000_000)), ("too-large", "5,000,000")),
    "xml-html-as-xml": Case(feed(document("<html><head><title>A site</title></head></html>", XML)), ("not-a-feed", "")),
    "xml-sitemap": Case(feed(document("<urlset><url><loc>x</loc></url></urlset>")), ("not-a-feed", "kind: sitemap")),
    "xml-words": Case(feed(document("no feed today")), ("not-a-feed", "no feed today")),
    "xml-bytes": Case(feed(document(bytes(range(256)) * 40)), ("not-a-feed", "")),
    "xml-terminal": Case(feed(document("\x1b]0;owned\x07\x1b[31mred")), ("not-a-feed", "")),
    "xml-path": Case(feed(document("/etc/passwd")), ("not-a-feed", "")),
    "xml-address": Case(
        lambda place: {"/feed": document(f"{place.canary}/feed")}, ("not-a-feed", "not RSS, Atom or JSON")
    ),
    "xml-json-of-another-kind": Case(feed(document('{"items": 7}', "application/json")), ("not-a-feed", "JSON")),
    "xml-crowded-tag": Case(
        feed(document("<rss " + " ".join(f"a{n}='1'" for n in range(60_000)) + "><channel/></rss>")),
        ("malformed", "more attributes"),
    ),
    "xml-json-array": Case(feed(document('[{"title": "A"}]', "application/json")), ("not-a-feed", "not a JSON Feed")),
    "xml-soap": Case(feed(document("<s:Envelope xmlns:s='x'><s:Body/></s:Envelope>")), ("not-a-feed", "not RSS")),
    "xml-zip": Case(feed(document(b"PK\x03\x04" + bytes(3_000))), ("not-a-feed", "not RSS")),
    "xml-opml": Case(feed(document("<opml><body><outline xmlUrl='x'/></body></opml>")), ("not-a-feed", "import FILE")),
    "xml-json-deep": Case(feed(document("[" * 100_000, "application/json")), ("malformed", "JSON")),
}

LONG = "".join(item(n, link="", pubDate="") for n in range(20_000))

# Documents that are read: the titles of the entries that come of them.
READ: dict[str, Case] = {
    "xml-doctype-external": entries(
        item(1, link=""), titles=["Headline 1"], head='<!DOCTYPE rss SYSTEM "http://127.0.0.2/rss.dtd">'
    ),
    "xml-entity-quoted": entries(
        item(1, link="", description="<![CDATA[write <!ENTITY a 'b'> to]]>"), titles=["Headline 1"]
    ),
    "xml-no-identity": entries(
        item(1, link="", guid=""), "<item><description>Only words.</description></item>", "<item></item>",
        item(2, link=""), titles=["Headline 1", "Only words.", "Headline 2"],
    ),
    "xml-one-guid-for-all": entries(
        item(1, link="", guid="same"), item(2, link="", guid="same"), titles=["Headline 1", "Headline 2"]
    ),
    "xml-one-link-for-all-guids": entries(
        *(item(n, link="https://herald.example/") for n in (1, 2, 3)),
        titles=["Headline 1", "Headline 2", "Headline 3"],
    ),
    "xml-one-link-for-all": entries(
        *(item(n, guid="", link="https://herald.example/") for n in (1, 2)), titles=["Headline 1", "Headline 2"]
    ),
    "xml-one-of-all-for-all": entries(
        *(
            item(1, guid="same", title="Same", link="", description=f"Text {n}.", pubDate="")
            for n in range(3)
        ),
        titles=["Same", "Same", "Same"],
    ),
    "xml-cut-off": entries(item(1, link=""), "<item><title>Cut", titles=["Headline 1"]),
    "xml-bare-ampersand": entries(item(1, link="", title="Police & courts"), titles=["Police & courts"]),
    "xml-double-escaped": entries(item(1, link="", title="AT&amp;amp;T pays"), titles=["AT&T pays"]),
    "xml-cdata-markup": entries(item(1, link="", title="<![CDATA[A <b>bold</b> move]]>"), titles=["A bold move"]),
    "xml-script": entries(
        item(1, link="", title="&lt;script&gt;alert(1)&lt;/script&gt;Safe"), titles=["Safe"]
    ),
    "xml-line-break": entries(
        item(1, link="", title="New&#13;&#10;Bcc: x@y.example\u2028now"), titles=["New Bcc: x@y.example now"]
    ),
    "xml-control": entries(item(1, link="", title="Bell\x07 \x1b[31mred\u202e"), titles=["Bell [31mred"]),
    "xml-no-characters": entries(
        item(1, link="", title="&#xD800;&#xDFFF;A&#0;&#x1FFFFF;B&#55296;"), titles=["AB"]
    ),
    "xml-after-a-warning": Case(
        feed(document("<br />\n<b>Warning</b>: no database\n" + rss(item(1, link="")))), ["Headline 1"]
    ),
    "xml-trailing": Case(feed(document(rss(item(1, link="")) + "<script>x</script> and more")), ["Headline 1"]),
    "xml-two-documents": Case(
        feed(document(rss(item(1, link="")) + rss(item(2, link="")))), ["Headline 1", "Headline 2"]
    ),
    "xml-stylesheet": entries(
        item(1, link=""), titles=["Headline 1"], head="<?xml-stylesheet type='text/xsl' href='http://127.0.0.2/x'?>"
    ),
    "xml-comment": entries(item(1, link=""), titles=["Headline 1"], head=f"<!--{'x' * 2_000_000}-->"),
    "xml-json-as-html": linked(JSON_FEED, HTML),
    "xml-rss-091": linked(RSS_091, HTML),
    "xml-rdf": linked(RDF),
    "xml-atom-03": linked(ATOM_03),
    "xml-rss-as-octets": linked(RSS_091, "application/octet-stream"),
}  # fmt: skip

# Namespaces that are not those of a feed, given to one as a whole.
for name, namespace in {
    "html": "http://www.w3.org/1999/xhtml",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dublin-core": "http://purl.org/dc/elements/1.1/",
    "nothing": "urn:x",
}.items():
    READ[f"xml-rss-as-{name}"] = Case(
        feed(document(rss(item(1, link="")).replace("<rss ", f"<rss xmlns='{namespace}' "))), ["Headline 1"]
    )
    READ[f"xml-atom-as-{name}"] = linked(ATOM_03.replace("http://purl.org/atom/ns#", namespace))

# Links: the address that an entry gets; None where it may have none of its own.
LINKS: dict[str, tuple[str, str | None]] = {
    "link-relative": ("/link-relative/a", "BASE/link-relative/a"),
    "link-parent": ("../a", "BASE/a"),
    "link-spaces": ("  https://herald.example/news/1\n", "https://herald.example/news/1"),
    "link-script": ("javascript:alert(1)", None),
    "link-data": ("data:text/html,x", None),
    "link-file": ("file:///etc/passwd", None),
    "link-10000": ("https://herald.example/" + "x" * 10_000, None),
    "link-bad-percent": ("https://herald.example/%ff%zz?q=%", "https://herald.example/"),
    "link-control": ("https://herald.example/a&#10;b", "https://herald.example/ab"),
    "link-nul-host": ("https://herald%00.example/", None),
}

CASES: dict[str, Case] = {
    **REFUSED,
    **READ,
    **{name: entries(item(1, link=link), titles=["Headline 1"]) for name, (link, _) in LINKS.items()},
    "xml-base": Case(
        feed(
            document(
                "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://herald.example/2026/'><title>T</title>"
                "<entry xml:base='november/'><id>1</id><title>Headline 1</title><link href='a'/></entry></feed>"
            )
        ),
        ["Headline 1"],
    ),
    "xml-20000": Case(feed(document(rss(LONG)))),
}


SHARING = [name for name in READ if name.startswith(("xml-one-", "xml-no-identity"))]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_document_that_is_no_feed_is_stored_as_an_error(crawled: Crawled, name: str) -> None:
    kind, words = CASES[name].expected
    health = crawled.health(name)
    assert (health.state, health.error_kind) == ("failing", kind)
    assert words in (health.error_text or "")
    assert (health.error_text or "").isprintable()
    assert "root:" not in (health.error_text or "")
    assert crawled.left[name].entries == []


@pytest.mark.parametrize("name", sorted({**READ, "xml-base": None}))
def test_what_is_sound_in_a_document_survives(crawled: Crawled, name: str) -> None:
    assert crawled.health(name).error_kind is None
    assert crawled.left[name].titles == CASES[name].expected


def test_the_entries_of_a_document_are_kept_apart_whatever_they_share(crawled: Crawled) -> None:
    for name in SHARING:
        left = crawled.left[name]
        assert len({row.identity for row in left.entries}) == len(CASES[name].expected)
        assert len({row.canonical_url for row in left.entries}) == len(left.entries)


def test_of_twenty_thousand_entries_the_newest_five_hundred_are_used_and_told(crawled: Crawled) -> None:
    left = crawled.left["xml-20000"]
    assert left.titles == [f"Headline {n}" for n in range(500)]
    assert "20,000" in (left.health.note or "")


@pytest.mark.parametrize("name", sorted(LINKS))
def test_a_link_comes_out_absolute_or_not_at_all(crawled: Crawled, name: str) -> None:
    wanted = LINKS[name][1]
    (row,) = crawled.left[name].entries
    base, _, _ = crawled.health(name).url.partition(f"/{name}/")
    if wanted is None:  # an address of its own, under the feed's: it names the entry and leads to nothing else
        assert row.url.startswith(crawled.health(name).url)
    else:
        assert row.url.startswith(wanted.replace("BASE", base))
    assert row.url.isprintable()
    assert len(row.url) <= 2_000


def test_xml_base_is_followed_at_every_level(crawled: Crawled) -> None:
    (row,) = crawled.left["xml-base"].entries
    assert row.url == "https://herald.example/2026/november/a"


def test_every_entry_of_a_readable_feed_became_an_article_or_waits(crawled: Crawled) -> None:
    for name in READ:
        assert all(row.state in ("done", "waiting") for row in crawled.left[name].entries)
