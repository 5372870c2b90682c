"""Whatever comes in, no exception but those that are named comes out, and no input takes over a second.

Inputs are put together of what the readers look for, so that they get far; each is also repeated to some size, since
what grows too fast shows only there. `TIPWATCH_TEST_EXAMPLES=5000` tries more.
"""

from __future__ import annotations

import contextlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.document import Document
from classifier.judge import Judge
from classifier.settings import ClassifierSettings
from crawler.feed_dates import read_date
from crawler.feed_document import FeedError, FeedJob
from crawler.feed_links import find_feed_links
from crawler.parse_feed import parse_feed
from crawler.read_api import ApiJob, read_gdelt, read_reliefweb
from crawler.read_listing import ListingJob, read_listing
from crawler.read_page import RawPage, UnreadablePage, read
from crawler.read_sitemap import SitemapJob, read_sitemap
from crawler.retry_after import read_retry_after
from storage.register.urls import canonicalise_url, choose_canonical
from tests.unit.crawler.pages import NOW, WordJudge, pending
from tipwatch.config import read_config
from tipwatch.errors import ConfigError

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("TIPWATCH_TEST_EXAMPLES", "40"))
SEEN_AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
URL = "https://herald.example/news"

DEADLINE_MILLISECONDS = 3_000
"""A second is promised on a machine of one's own; one that is busy with other things gets three."""

fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=DEADLINE_MILLISECONDS,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def texts(words: str, *more: str) -> st.SearchStrategy[str]:
    """Texts of these words and of anything, with a part repeated up to a thousand times."""
    piece = st.sampled_from([*words.split("|"), *more]) | st.text(max_size=12)
    some = st.lists(piece, max_size=25).map("".join)
    repeated = st.tuples(some, st.lists(piece, min_size=1, max_size=4).map("".join), st.integers(0, 1_000))
    return repeated.map(lambda parts: parts[0] + parts[1] * parts[2])


XML = texts(
    "<rss version='2.0'>|<channel>|<item>|</item>|<title>|</title>|<link>|</link>|<guid>|<pubDate>|</pubDate>|<entry>|"
    "</entry>|<feed xmlns='http://www.w3.org/2005/Atom'>|<urlset>|<url>|<loc>|</loc>|<lastmod>|<sitemapindex>|"
    "<sitemap>|<?xml version='1.0'?>|<?xml version='1.0' encoding='utf-16'?>|<!DOCTYPE r [|<!ENTITY a 'b'>|]>|"
    "<![CDATA[|]]>|<!--|-->|&amp;|&a;|&#0;|&#xD800;|xml:base='|'|\"|<a href='|https://a.example/|//|?|#|{|[|\"items\":|"
    "<dc:date>|<content:encoded>|&lt;b&gt;|2026-11-25|Wed, 25 Nov 2026|\0|\ud7ff|\u202e"
)
HTML = texts(
    "<html>|<head>|<title>|</title>|<body>|<article>|<p>|</p>|<div>|</div>|<h1>|<time datetime='|'>|<meta property='|"
    'og:title\' content=\'|<script type=\'application/ld+json\'>|</script>|{"@type":"NewsArticle",|"articleBody":"|'
    '"datePublished":"2026-11-25"|"|[|{|}|]|<a href=\'|<base href=\'|<link rel=canonical href=|<table>|<td>|<svg>|'
    "<template>|<!--|-->|<![CDATA[|&nbsp;|&#x110000;|<style>|</style>|<plaintext>|<br>|trafficking |USD 3 million |\0|"
    "<li><h2><a href='/a'>A headline of several words|</a>|\u2028|\U0001f54a"
)
FACTS = texts(
    "1,5 million|1.500.000|16 milliards FCFA|2 crore|US$ 516,000|€10-12m|£6m of £11m|two million|EUR|USD|$|€|R$|Rs|"
    "١٥ مِليون يُورو|٣ ملايين دولار|мільйонів|milliards|Millionen|lakh|bn|k|9|99999999999|0|.|,|’| |\n\n|-|–|%|from 2026 "
    "to 2029|2019–2022|three-year|over the next |12 août 2026|31 February 2026|since|until|launched|project|human "
    "trafficking|funded by the |Government of |Burundi|Kingdom of the Netherlands|International Organization for "
    'Migration|UNODC|(IOM)|"|“|”|and|in|with|The |of |торгівлі людьми|Menschenhandel|الاتجار بالبشر|trata de personas'
)
LINKS = texts(
    "http|https|://|//|:|@|/|?|#|&|=|;|%|%ff|%2F|%00|%zz|..|.|www.|m.|amp|example|.org|xn--|é|[::1]|[|]|127.0.0.1|utm_source=|"
    "fbclid=|id=7|url=https://a.example/|google.com/url?|web.archive.org/web/2026/| |\t|\n|\\|\0|:443|:99999|\ud800"
)
YAML = texts(
    "contact: a@b.org|sources:|\n|  |- |\t|: |{|}|[|]|'|\"|#|&a |*a|<<: |!!python/name:os.system |!|? |---|...|${X}|${|"
    "$${|url: |https://a.example/|kind: listing|links: 're:(|subscriptions:|name: a|recipients: |time: 07:30|yes|NO|"
    "0777|1e999|.inf|2026-11-25|~|null|crawler: {|every: |1h|mail: |%YAML 1.2|\ufeff|\x85|\u2028"
)


@fuzzing
@given(
    XML, st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-7"]), st.sampled_from(["", "text/xml; charset=x", "a/b"])
)
def test_feeds_and_sitemaps(text: str, encoding: str, content_type: str) -> None:
    body = text.encode(encoding, "replace")
    try:
        entries = parse_feed(FeedJob(body, content_type, URL, SEEN_AT)).entries
    except FeedError as error:
        refusal = error.text
        assert refusal.isprintable()
    else:
        assert all(entry.url.startswith(("https://", "http://")) for entry in entries)
    with contextlib.suppress(FeedError):
        read_sitemap(SitemapJob(body, content_type, URL, SEEN_AT))


@fuzzing
@given(HTML, st.sampled_from(["utf-8", "utf-16", "cp1252"]), st.sampled_from(["text/html", "", "text/html; charset=k"]))
def test_pages_and_listings(text: str, encoding: str, content_type: str) -> None:
    body = text.encode(encoding, "replace")
    with contextlib.suppress(UnreadablePage):
        found = read(RawPage(pending(), URL, body, NOW, content_type), WordJudge())
        assert "\n" not in found.reading.title
    with contextlib.suppress(FeedError):
        read_listing(ListingJob(body, None, URL, SEEN_AT))
    find_feed_links(body, content_type, URL)


NAMES = st.sampled_from(
    ["data", "fields", "title", "url", "date", "created", "articles", "seendate", "source", "name", "domain"]
)
ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
)


@fuzzing
@given(ANSWERS)
def test_answers_of_apis(data: object) -> None:
    for function in (read_reliefweb, read_gdelt):
        with contextlib.suppress(FeedError):
            function(ApiJob(json.dumps(data).encode(), URL, SEEN_AT))


@fuzzing
@given(LINKS, LINKS)
def test_addresses(text: str, declared: str) -> None:
    try:
        canonical = canonicalise_url(text)
    except ValueError:
        return
    assert canonicalise_url(canonical) == canonical
    with contextlib.suppress(ValueError):
        choose_canonical(text, declared)


@pytest.fixture(scope="module")
def judge() -> Judge:
    judge = Judge.load(ClassifierSettings(), None)
    judge.judge(Document("A project against human trafficking", "It began. " * 50))  # what is loaded when first used
    return judge


@fuzzing
@given(text=FACTS, title=FACTS, lang=st.sampled_from([None, "en", "fr", "ar", "uk", "xx", ""]))
def test_facts(judge: Judge, text: str, title: str, lang: str | None) -> None:
    document = Document(title[:500], text[:20_000], lang, "2026-11-25", URL, "The Herald")
    judge.rule_out(document)
    verdict = judge.judge(document)
    if verdict.facts is not None and verdict.facts.amount is not None:
        assert verdict.facts.amount > 0


@fuzzing
@given(FACTS | texts("ago|hours|2|yesterday|:|/|-|Z|+|99|2026|AM|Sept|Nov"), st.sampled_from([(), ("en",), ("ar",)]))
def test_dates(text: str, languages: tuple[str, ...]) -> None:
    read = read_date(text, SEEN_AT, languages)
    assert read is None or read.tzinfo is not None
    wait = read_retry_after(text, SEEN_AT)
    assert wait is None or 0 < wait <= 86_400


@fuzzing
@given(YAML)
def test_configurations(text: str) -> None:
    try:
        read_config(text.encode("utf-8", "surrogatepass"), Path("config.yaml"), {"X": "secret-word"})
    except ConfigError as error:
        said = str(error)
        assert "secret-word" not in said
