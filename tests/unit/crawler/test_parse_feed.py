"""Feeds of every kind, sound and damaged, read into entries."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest

from storage.articles.made_address import is_made
from tests.support.feeds import RSS_091, URL, item, only, read, rss

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Le Courrier</title><id>urn:feed</id>
<entry><title type="html">Un projet &amp;lt;b&amp;gt;nouveau&amp;lt;/b&amp;gt;</title><id>urn:uuid:1</id>
<link rel="self" href="https://courrier.example/api/1"/><link rel="alternate" href="/article/1"/>
<published>2026-11-24T08:00:00+01:00</published><updated>2026-11-25T08:00:00Z</updated>
<summary>Résumé</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un texte
bien plus long que le résumé.</p><script>alert(1)</script></div></content></entry></feed>"""

RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel
 rdf:about="https://herald.example/"><title>Herald</title></channel>
<item rdf:about="https://herald.example/rdf/1"><title>From RDF</title><link>https://herald.example/rdf/1</link>
<description>Text</description><dc:date>2026-11-25T07:00:00Z</dc:date><dc:language>pt-BR</dc:language></item></rdf:RDF>"""


ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Older</title>
<entry><title>Atom 0.3</title><link rel="alternate" type="text/html" href="https://old.example/2"/><id>tag:old,2:2</id>
<issued>2026-11-20T07:00:00Z</issued><modified>2026-11-21T07:00:00Z</modified></entry></feed>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "JSON Herald",
        "language": "es",
        "items": [
            {
                "id": 7,
                "url": "/noticias/7",
                "title": "Un proyecto",
                "content_html": "<p>Texto <b>largo</b></p>",
                "date_published": "2026-11-25T09:00:00-05:00",
            },
            {"id": "https://herald.example/sin-url", "content_text": "Sin título ni url"},
            "no item",
        ],
    }
)


def test_rss_is_read() -> None:
    feed = read(rss(item()))
    entry = only(feed)
    assert (feed.title, feed.language, feed.total, feed.note) == ("Herald", "en", 1, None)
    assert entry.identity == "https://herald.example/?p=1"
    assert entry.url == "https://herald.example/news/1"
    assert entry.host == "herald.example"
    assert (entry.title, entry.summary) == ("Headline 1", "Summary 1.")
    assert entry.published_at == datetime(2026, 11, 25, 8, 1, tzinfo=UTC)
    assert (entry.language, entry.outlet) == ("en", None)


def test_atom_is_read() -> None:
    entry = only(read(ATOM, "application/atom+xml"))
    assert entry.identity == "urn:uuid:1"
    assert entry.url == "https://herald.example/article/1"
    assert entry.title == "Un projet nouveau"
    assert entry.summary == "Un texte bien plus long que le résumé."
    assert entry.published_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert entry.language == "fr"


def test_rdf_is_read() -> None:
    entry = only(read(RDF))
    assert entry.identity == entry.url == "https://herald.example/rdf/1"
    assert entry.published_at == datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert entry.language == "pt"


@pytest.mark.parametrize(("body", "title"), [(RSS_091, "Still here"), (ATOM_03, "Atom 0.3")])
def test_old_formats_are_read(body: str, title: str) -> None:
    assert only(read(body)).title == title


@pytest.mark.parametrize("content_type", ["application/feed+json", "text/html; charset=utf-8", ""])
def test_json_feed_is_told_by_what_it_holds(content_type: str) -> None:
    feed = read(JSON_FEED, content_type)
    first, second = feed.entries
    assert (first.identity, first.url, first.title) == ("7", "https://herald.example/noticias/7", "Un proyecto")
    assert first.summary == "Texto largo"
    assert first.published_at == datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
    assert second.url == "https://herald.example/sin-url"
    assert second.title == second.summary == "Sin título ni url"
    assert feed.language == "es"


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/plain; charset=utf-8", "application/octet-stream", "nonsense"]
)
def test_a_feed_called_something_else_is_still_a_feed(content_type: str) -> None:
    assert only(read(rss(item()), content_type)).title == "Headline 1"


# --- what is known is not read again ---------------------------------------------------------------------------------


def test_an_entry_once_seen_is_not_new_again() -> None:
    before = read(rss(item(1), item(2)))
    after = read(rss(item(3), item(1), item(2)), fingerprints=before.fingerprints)
    assert [entry.title for entry in after.entries] == ["Headline 3"]
    assert after.total == 3
    assert read(rss(item(2), item(1)), fingerprints=after.fingerprints).entries == ()


def test_an_entry_whose_headline_changed_is_told_again_under_its_identity() -> None:
    before = read(rss(item(1), item(2)))
    after = read(rss(item(1, title="Corrected"), item(2)), fingerprints=before.fingerprints)
    assert [(entry.identity, entry.title) for entry in after.entries] == [("https://herald.example/?p=1", "Corrected")]


def test_what_is_read_is_the_same_with_and_without_what_was_known() -> None:
    bodies = [item(number, description=f"&lt;p&gt;Text {number}&lt;/p&gt;") for number in range(1, 8)]
    everything = {entry.identity: entry for entry in read(rss(*bodies)).entries}
    known = read(rss(*bodies[2:5])).fingerprints
    rest = read(rss(*bodies), fingerprints=known).entries
    assert [entry.identity for entry in rest] == [f"https://herald.example/?p={number}" for number in (1, 2, 6, 7)]
    assert all(everything[entry.identity] == entry for entry in rest)


@pytest.mark.parametrize("damage", ["<item><title>unclosed", "<br>", "&nbsp;"])
def test_a_feed_known_when_sound_brings_no_news_by_being_damaged(damage: str) -> None:
    sound = read(rss(item(1), item(2)))
    damaged = read(rss(item(1), item(2), f"{damage}"), fingerprints=sound.fingerprints)
    assert damaged.note is not None
    assert {entry.identity for entry in damaged.entries}.isdisjoint({entry.identity for entry in sound.entries})


def test_a_json_feed_is_not_read_twice() -> None:
    assert read(JSON_FEED, fingerprints=read(JSON_FEED).fingerprints).entries == ()


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/news/1", "https://herald.example/news/1"),
        ("../news/1", "https://herald.example/news/1"),
        ("//cdn.example/1", "https://cdn.example/1"),
        ("  https://herald.example/news/1\n", "https://herald.example/news/1"),
        ("https://herald.example/?a=1&amp;b=2", "https://herald.example/?a=1&b=2"),
        (
            "http://www.bing.com/news/apiclick.aspx?ref=FexRss&amp;url=https%3a%2f%2fherald.example%2fx&amp;c=1",
            "https://herald.example/x",
        ),
        (
            "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://herald.example/x&amp;ct=ga",
            "https://herald.example/x",
        ),
    ],
)
def test_links_come_out_absolute_and_unwrapped(link: str, url: str) -> None:
    assert only(read(rss(item(1, link=link)))).url == url


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "mailto:a@b.example",
        "https://u:p@x.example/",
        "http://",
    ],
)
def test_a_link_that_may_not_be_followed_is_no_link(link: str) -> None:
    entry = only(read(rss(item(1, link=link, guid="not-a-link"))))
    assert (entry.url, is_made(entry.canonical_url)) == (URL, True)
    assert entry.title == "Headline 1"


def test_a_link_of_ten_thousand_characters_takes_nothing_else_with_it() -> None:
    feed = read(rss(item(1, link="https://herald.example/" + "x" * 10_000, guid="a"), item(2)))
    assert [entry.title for entry in feed.entries] == ["Headline 1", "Headline 2"]


def test_xml_base_makes_links_absolute() -> None:
    body = ATOM.replace('xml:lang="fr"', 'xml:lang="fr" xml:base="https://base.example/fr/"').replace(
        "/article/1", "a/1"
    )
    assert only(read(body)).url == "https://base.example/fr/a/1"


def test_an_xml_base_of_its_own_may_be_relative_to_the_feed() -> None:
    body = ATOM.replace('xml:lang="fr"', 'xml:lang="fr" xml:base="archive/"').replace("/article/1", "a/1")
    body = body.replace("<entry>", '<entry xml:base="2026/">')
    assert only(read(body)).url == urljoin(URL, "archive/2026/a/1")


def test_an_empty_link_does_not_lead_to_the_feed_itself() -> None:
    entry = only(read(ATOM.replace("/article/1", "").replace('rel="self" href="https://courrier.example/api/1"', "")))
    assert (entry.url, is_made(entry.canonical_url)) == (URL, True)


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("AT&amp;amp;T pays", "AT&T pays"),
        ("AT&amp;T pays", "AT&T pays"),
        ("<![CDATA[A <b>bold</b> move]]>", "A bold move"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Safe", "Safe"),
        ("Two\n   lines\t and tab", "Two lines and tab"),
        ("Bcc: x@y.example&#13;&#10;Bcc: z", "Bcc: x@y.example Bcc: z"),
        ("Line\u2028separator", "Line separator"),
        ("Right\u202eleft", "Rightleft"),
        ("مشروع جديد", "مشروع جديد"),
        ("Emoji 🕊️ kept", "Emoji 🕊️ kept"),
    ],
)
def test_titles_are_one_plain_line(written: str, title: str) -> None:
    assert only(read(rss(item(1, title=written)))).title == title


def test_summaries_hold_no_markup_and_keep_paragraphs() -> None:
    html = "<p>One <a href='javascript:x'>link</a></p><p>Two<img src=x onerror=y></p>"
    html = html.replace("<", "&lt;").replace(">", "&gt;")
    assert only(read(rss(item(1, description=html)))).summary == "One link\n\nTwo"


def test_a_long_text_is_cut_on_a_character() -> None:
    entry = only(read(rss(item(1, title="é🕊️" * 5_000, description="ü " * 50_000))))
    assert len(entry.title) <= 500
    assert len(entry.summary) <= 8_000
    entry.title.encode()


def test_google_news_keeps_outlet_and_headline() -> None:
    body = rss(
        item(
            1,
            title="Court opens trial - The Herald",
            link="https://news.google.com/rss/articles/CBMiabc?oc=5",
            description="&lt;a href='https://x'&gt;Court opens trial&lt;/a&gt;&amp;nbsp;&lt;b&gt;The Herald&lt;/b&gt;",
            guid="CBMi" + "a" * 300,
        ).replace("</item>", '<source url="https://herald.example">The Herald</source></item>')
    )
    entry = only(read(body))
    assert (entry.title, entry.outlet, entry.summary) == ("Court opens trial", "The Herald", "")
    assert entry.url == "https://news.google.com/rss/articles/CBMiabc?oc=5"


def test_bing_news_keeps_the_outlet() -> None:
    body = rss(item(1).replace("</item>", "<News:Source>The Herald</News:Source></item>"))
    body = body.replace("<rss ", '<rss xmlns:News="https://www.bing.com/news/search?format=rss" ')
    assert only(read(body)).outlet == "The Herald"


# --- language --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "configured", "language"),
    [
        ("en-US", (), "en"),
        ("en-US", ("ar",), "ar"),
        ("fr", ("fr", "en"), "fr"),
        ("en", ("fr", "ar"), None),
        ("", ("fr",), "fr"),
        ("", (), None),
        ("english", (), None),
    ],
)
def test_the_language_is_the_configured_one_before_the_declared(
    declared: str, configured: tuple[str, ...], language: str | None
) -> None:
    feed = read(rss(item(), channel=f"<title>t</title><language>{declared}</language>"), languages=configured)
    assert only(feed).language == language


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "languages", "at"),
    [
        ("Wed, 25 Nov 2026 08:30:00 EST", (), None),
        ("Wed, 02 Sept 2026 12:15 PM", (), datetime(2026, 9, 2, 12, 15, tzinfo=UTC)),
        ("2026-11-25T08:30:00+03:00", (), datetime(2026, 11, 25, 5, 30, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 08:30:00 CAT", (), datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 08:30:00 EST", (), datetime(2026, 11, 24, 13, 30, tzinfo=UTC)),
        ("12 août 2026", ("fr",), datetime(2026, 8, 12, tzinfo=UTC)),
        ("١٢ أغسطس ٢٠٢٦", ("ar",), datetime(2026, 8, 12, tzinfo=UTC)),
        ("2 hours ago", (), datetime(2026, 11, 25, 8, 0, tzinfo=UTC)),
        ("03/04/2026", ("fr",), datetime(2026, 4, 3, tzinfo=UTC)),
        ("someday", (), None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", (), None),
        ("Wed, 25 Nov 2099 08:30:00 GMT", (), None),
        ("", (), None),
    ],
)
def test_dates_are_read_or_left_out(written: str, languages: tuple[str, ...], at: datetime | None) -> None:
    if written.endswith("25 Nov 2026 08:30:00 EST"):
        at = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)
    assert only(read(rss(item(1, pubDate=written)), languages=languages)).published_at == at


# --- size ------------------------------------------------------------------------------------------------------------


def test_of_a_long_feed_the_newest_are_used_and_health_is_told() -> None:
    feed = read(rss(*(item(number) for number in range(40, 0, -1))), max_entries=10)
    assert [entry.title for entry in feed.entries] == [f"Headline {number}" for number in range(40, 30, -1)]
    assert feed.total == 40
    assert feed.note == "holds 40 entries; the newest 10 are used"


def test_of_a_long_feed_in_order_of_time_the_last_are_used() -> None:
    feed = read(rss(*(item(number) for number in range(1, 41))), max_entries=10)
    assert {entry.title for entry in feed.entries} == {f"Headline {number}" for number in range(31, 41)}


def test_twenty_thousand_entries_are_read_in_time() -> None:
    body = rss(*(item(number) for number in range(20_000)))
    began = time.process_time()
    feed = read(body)
    assert feed.total == 20_000
    assert len(feed.entries) == 500
    assert time.process_time() - began < 5  # the worker would be ended at ten
