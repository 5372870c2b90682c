"""One bad value costs one value: what else a damaged document holds is read, and `status` says that it was damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from crawler.feeds.document import FeedError, FetchedDocument
from crawler.sources.sitemap.read import read_sitemap
from storage.status import read_status
from tests.support.feeds import SEEN_AT, item, read, rss
from tests.support.sites import Answer, Site
from tests.support.watch import Watch
from tipwatch.cli.status_report import Health
from tipwatch.cli.status_view import print_status

NAMESPACES = (
    "<rss xmlns:georss='http://www.georss.org/georss' xmlns:gml='http://www.opengis.net/gml' "
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
)
BAD_PLACE = "<georss:where><gml:Point srsName='urn:x:EPSG:abc'><gml:pos>1 2</gml:pos></gml:Point></georss:where>"
BAD_AREA = (
    "<georss:where><gml:Polygon><gml:exterior><gml:LinearRing srsName='4326'><gml:posList>a b c</gml:posList>"
    "</gml:LinearRing></gml:exterior></gml:Polygon></georss:where>"
)

# Values that nobody can read, each in one of three entries.
BAD_VALUES = {
    "a reference beyond Unicode": "<comments>&#99999999999;</comments>",
    "a reference of thousands of figures": f"<comments>&#{'9' * 5_000};</comments>",
    "a reference beyond Unicode in hexadecimal": "<comments>&#xFFFFFFFFFF;</comments>",
    "a reference to a control character": "<comments>&#7;&#0;</comments>",
    "a reference to half a pair": "<comments>&#xD800;</comments>",
    "a reference within a reference": "<comments>&#xD8&#0;00;</comments>",
    "a place in no system": BAD_PLACE,
    "an area of no points": BAD_AREA,
    "a place in a field that is read": f"<source url='x'>Out{BAD_PLACE}</source>",
    "two of them": f"<source url='x'>Out{BAD_PLACE}</source><summary>{BAD_AREA}</summary>",
    "a size that is no number": "<media:content url='http://[' fileSize='many'/>",
    "a length that is not a time": "<itunes:duration>long</itunes:duration><itunes:image/>",
    "a date that there is not": "<updated>2026-02-30</updated>",
    "a link that is no address": "<link>http://[::1</link>",
    "a base that is no address": "<summary xml:base='http://['>x</summary>",
    "a body that is not packed as it says": "<content mode='base64' type='text/plain'>@@@</content>",
}


@pytest.mark.parametrize("around", ["well-formed", "damaged"])
@pytest.mark.parametrize("name", sorted(BAD_VALUES))
def test_a_value_that_cannot_be_read_costs_neither_its_entry_nor_its_feed(name: str, around: str) -> None:
    bad = item(2).replace("</item>", f"{BAD_VALUES[name]}</item>")
    last = item(3, description="A &amp; B" if around == "well-formed" else "A & B")
    feed = read(rss(item(1), bad, last).replace("<rss ", NAMESPACES))
    assert [entry.title for entry in feed.entries] == ["Headline 1", "Headline 2", "Headline 3"]
    second = feed.entries[1]
    assert (second.summary, second.url) == ("Summary 2.", "https://herald.example/news/2")
    assert second.published_at is not None
    assert ("not well-formed" in (feed.note or "")) == (around == "damaged")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<rss><channel><title>&#99999999999</title><item", "no entry of it can be read"),
        ("<rss version='2.0'><channel><title>Cut", "no entry of it can be read"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"id": ', "the JSON cannot be read"),
    ],
)
def test_a_document_of_which_nothing_is_left_is_named_in_plain_words(body: str, words: str) -> None:
    with pytest.raises(FeedError) as error:
        read(body)
    assert error.value.kind == "malformed"
    assert words in error.value.text
    assert not {"Error", "int()", "NoneType", "python", "Python"} & set(error.value.text.split())


def json_feed(*items: str) -> str:
    return f'{{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{", ".join(items)}]}}'


def json_item(number: int, **fields: Any) -> str:
    authors = [{"name": "A", "url": "https://a.example/"}, {"name": "B", "url": "https://b.example/"}]
    entry = {"id": str(number), "url": f"https://herald.example/{number}", "title": f"Headline {number}"}
    return json.dumps({**entry, "authors": authors, **fields})


@pytest.mark.parametrize(
    "bad",
    [
        json_item(2, order=1).replace('"order": 1', f'"order": {"9" * 10_000}'),
        json_item(2).replace("Headline 2", "Headline\t2"),
        json_item(2, path="x").replace('"path": "x"', r'"path": "C:\news"'),
        json_item(2, rank=1).replace('"rank": 1', '"rank": NaN'),
        json_item(2, mark="x").replace('"mark": "x"', r'"mark": "\ud800"'),
    ],
    ids=["figures", "control", "escape", "nan", "surrogate"],
)
def test_a_value_that_json_does_not_know_costs_neither_its_entry_nor_its_feed(bad: str) -> None:
    feed = read(json_feed(json_item(1), bad, json_item(3)), "application/feed+json")
    assert [entry.title for entry in feed.entries] == ["Headline 1", "Headline 2", "Headline 3"]


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (json_feed(*map(json_item, range(1, 4)))[:-160], ["Headline 1", "Headline 2"]),
        (json_feed(json_item(1), json_item(2)[:-40] + "}", json_item(3)), ["Headline 1", "Headline 3"]),
        (json_feed(json_item(1), json_item(2).replace('"title"', "title"), json_item(3)), ["Headline 1", "Headline 3"]),
    ],
    ids=["cut off", "cut within", "not quoted"],
)
def test_of_damaged_json_the_whole_entries_are_read(body: str, titles: list[str]) -> None:
    feed = read(body, "application/feed+json")
    assert [entry.title for entry in feed.entries] == titles
    assert "damaged JSON" in (feed.note or "")


@pytest.mark.parametrize(
    "bad",
    [
        "<url><loc>https://herald.example/news/bad?a=1&b=2</loc></url>",
        "<url><loc>https://herald.example/news/bad</loc><lastmod>&#99999999999;</lastmod></url>",
        "<url><loc>https://herald.example/news/bad</loc><lastmod>&#xD800;</lastmod></url>",
        "<url><loc>https://herald.example/news/bad</loc><lastmod>&#xD8&#0;00;</lastmod></url>",
        "<url><loc>https://herald.example/news/bad</loc><priority>&half;</priority></url>",
        "<url><loc>https://herald.example/news/bad</loc></url><url><loc>http",
    ],
)
def test_of_a_damaged_sitemap_what_is_sound_is_read(bad: str) -> None:
    urls = [f"https://herald.example/news/{number}" for number in (1, 2)]
    body = f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}{bad}</urlset>"
    feed = read_sitemap(FetchedDocument(body.encode(), "text/xml", "https://herald.example/sitemap.xml", SEEN_AT)).feed
    assert [entry.url for entry in feed.entries][:2] == urls
    assert "not well-formed" in (feed.note or "")


async def test_status_names_the_sources_that_are_read_in_spite_of_damage(
    server: Site, watching: Callable[..., Watch], tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    server.routes["/damaged"] = Answer(body=rss(item(1, title="A & B")).encode())
    server.routes["/sound"] = Answer(body=rss(item(1)).encode())
    watch = watching({"url": server.url("/damaged"), "name": "damaged"}, {"url": server.url("/sound"), "name": "sound"})
    await watch.poll()
    with watch.database.reading() as connection:
        status = read_status(connection, watch.now)
    assert dict(status.sources) == {"ok": 2}
    assert [(one.name, one.note) for one in status.remarked] == [("damaged", "not well-formed")]
    assert status.remarked[0].note == "not well-formed"
    print_status(Health(tmp_path, watch.database.where, status, None), watch.now)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[-2:]] == [["source", "remark"], ["damaged", "not", "well-formed"]]
    server.routes["/damaged"] = Answer(body=rss(item(1), item(2)).encode())
    await watch.poll()
    with watch.database.reading() as connection:
        assert read_status(connection, watch.now).remarked == ()
