"""What an article's page may be: read, replaced by the entry's own words, parked or tried later; nothing followed to
where nobody may go."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, Place, article, document
from tests.support.feeds import item, rss
from tests.support.newsroom_pages import CONSENT
from tests.support.page_cases import HTML, LEAD, MORE, SUMMARY, html, page, told
from tests.support.sites import Answer, Route

pytestmark = pytest.mark.slow


def sent_to(location: str) -> Answer:
    return Answer(302, headers={"Location": location})


def drip(count: int) -> Answer:
    head = {"Content-Length": str(count), "Content-Type": HTML}
    return Answer(headers=head, pieces=(b"x",) * count, pause_seconds=0.4)


CHALLENGE = html("<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>")
STUB = html(
    "<html><head><title>Project against trafficking begins</title></head><body><article><h1>Project against "
    "trafficking begins</h1><p>A project begins.</p><p>Subscribe to continue reading. Already a subscriber? Log "
    "in.</p></article>"
)
NOT_FOUND = html(
    "<html><head><title>Page not found</title></head><body><h1>404</h1><p>The page you requested could not be found. "
    "Try the search.</p></body></html>"
)
PARKED: dict[str, Case] = {
    "page-50-megabytes": page(
        Answer(headers={"Content-Length": "50000000", "Content-Type": HTML}, is_cut=True), ("too-large", "limit")
    ),
    "page-brotli": page(html("x", **{"Content-Encoding": "br"}), ("bad-encoding", "")),
    "page-loop": page(lambda seen: sent_to(seen.path), ("too-many-redirects", "5")),
    "page-to-private": page(sent_to("http://127.0.0.2/"), ("refused-address", "127.0.0.2")),
    "page-to-metadata": page(sent_to("http://169.254.169.254/"), ("refused-address", "169.254.169.254")),
    "page-to-file": page(sent_to("file:///etc/passwd"), ("bad-scheme", "file:///etc/passwd")),
    "page-to-data": page(sent_to("data:text/html,x"), ("bad-scheme", "data:")),
    "page-to-ftp": page(sent_to("ftp://127.0.0.2/x"), ("bad-scheme", "ftp://")),
}
PARKED["page-bomb"] = page(
    Answer(
        body=gzip.compress(gzip.compress(bytes(16_000_000)) * 50),
        headers={"Content-Encoding": "gzip, gzip", "Content-Type": HTML},
    ),
    ("too-large", "15,000,000"),
)

LATER: dict[str, Case] = {
    "page-drip": page(drip(100), "timeout"),
    "page-500": page(Answer(500), "http-500"),
    "page-nowhere": Case(
        lambda place: {"/feed": document(rss(item(1, link="http://nowhere.invalid/1")))}, "robots-unread"
    ),
    "page-cut-off": page(
        Answer(headers={"Content-Length": "500", "Content-Type": HTML}, body=b"x", is_cut=True), "dropped"
    ),
    "page-not-http": page(Answer(is_raw=True, pieces=(b"\x00\x01 no http\r\n\r\n",), is_cut=True), "bad-response"),
    "page-304": page(Answer(304), "http-304"),
    "page-418": page(Answer(418), "http-418"),
    "page-429-negative": page(Answer(429, headers={"Retry-After": "-1"}), "http-429"),
    "page-429-soon": page(Answer(429, headers={"Retry-After": "soon"}), "http-429"),
    "page-503-in-2099": page(Answer(503, headers={"Retry-After": "Wed, 25 Nov 2099 00:00:00 GMT"}), "http-503"),
    "page-64k-header": page(Answer(headers={"X-Long": "x" * 64_000}), "bad-response"),
}

OWN_WORDS: dict[str, Case] = {
    "page-404": page(Answer(404), "gone"),
    "page-410": page(Answer(410), "gone"),
    "page-403": page(Answer(403), "refused"),
    "page-402": page(Answer(402), "refused"),
    "page-consent": page(html(CONSENT), "consent"),
    "page-challenge": page(CHALLENGE, "human"),
    "page-paywall": page(STUB, ""),
    "page-soft-404": page(NOT_FOUND, ""),
    "page-empty": page(html(""), ""),
    "page-pdf": page(document(b"%PDF-1.7 ...", "application/pdf"), "application/pdf"),
    "page-picture": page(document(b"\x89PNG\r\n", "image/png"), "image/png"),
    "page-script-only": page(html("<html><body><div id='root'></div><noscript>Enable JavaScript</noscript>"), ""),
}


def variants(place: Place) -> Mapping[str, Route]:
    """One article under many addresses, and two pages that only a parameter tells apart."""
    ways = [
        "/story?utm_source=rss&utm_medium=feed", "/story?fbclid=abc", "/story#part-2", "/story/", "/story/amp",
        "/story?id=7", "/story?id=8",
    ]  # fmt: skip
    items = [item(n, link=place.url(way).replace("&", "&amp;"), guid=f"way-{n}") for n, way in enumerate(ways)]
    pages = {way.partition("?")[0].partition("#")[0]: article(f"Story at {way}", LEAD, MORE) for way in ways}
    with_queries = {way: article(f"Story at {way}", LEAD, MORE) for way in ways}
    return {"/feed": document(rss(*items)), **pages, **with_queries}


def leading_to_a_busy_host(place: Place) -> Mapping[str, Route]:
    """Two pages that lead to a host which wants to be left alone for hours, then one of our own."""
    away = sent_to(f"http://busy.example:{place.port}/{place.name}/away")
    return {
        "/feed": place.feed(1, 2, 3),
        "/page/1": away,
        "/page/2": away,
        "/away": Answer(429, headers={"Retry-After": "7200"}),
        "/page/3": article("News of the day", LEAD, MORE),
    }


def declaring(head: str) -> Case:
    return page(article("Project against trafficking begins", LEAD, MORE, head=head))


def bare(before: str, **headers: str) -> Case:
    return page(html(f"<html><body>{before}<article><p>{LEAD}</p><p>{MORE}</p></article>", **headers))


JSON_LD = "<script type='application/ld+json'>"

# Pages with something wrong around their article, which is read: its address stays one that a reader can follow.
READ: dict[str, Case] = {
    "page-canonical-file": declaring("<link rel=canonical href='file:///etc/passwd'>"),
    "page-canonical-private": declaring("<link rel=canonical href='http://127.0.0.2/x'>"),
    "page-canonical-script": declaring("<link rel=canonical href='javascript:alert(1)'>"),
    "page-canonical-no-address": declaring("<link rel=canonical href='http://[x'>"),
    "page-canonical-long": declaring(f"<link rel=canonical href='/{'x' * 5_000}'>"),
    "page-og-data": declaring("<meta property='og:url' content='data:text/html,x'>"),
    "page-base-file": declaring("<base href='file:///etc/'>"),
    "page-json-deep": declaring(JSON_LD + "[" * 100_000 + "</script>"),
    "page-json-digits": declaring(f'{JSON_LD}{{"@type":"NewsArticle","datePublished":{"9" * 6_000}}}</script>'),
    "page-json-odd": declaring(f'{JSON_LD}{{"@type":[[[]]],"headline":{{"@value":1}},"publisher":[[]]}}</script>'),
    "page-crowded-tag": bare(f"<div {' '.join(f'a{n}=1' for n in range(60_000))}></div>"),
    "page-30000-choices": bare("<select>" + "<option>x" * 30_000 + "</select>"),
    "page-deep": bare("<div>" * 100_000),
    "page-deep-bold": bare("<b>" * 60_000),
    "page-self-closing": bare("<svg>" + "<path d='M0 0'/>" * 3_000 + "</svg><math>" + "<mi/>" * 3_000 + "</math>"),
    "page-stray-ends": bare("</div></p></table>" * 20_000),
    "page-nul": bare("\0"),
    "page-template": bare("<template>x</template><plaintext>"),
    "page-no-type": page(Answer(body=f"<html><body><article><p>{LEAD}</p><p>{MORE}</p>".encode())),
    "page-odd-type": page(document(f"<html><body><article><p>{LEAD}</p><p>{MORE}</p>", ";;;=charset")),
    "page-utf-16-no-mark": page(
        document(f"<html><body><article><p>{LEAD}</p><p>{MORE}</p>".encode("utf-16-le"), "text/html")
    ),
    "page-external-type": page(
        document(
            f"<!DOCTYPE html SYSTEM 'http://127.0.0.2/x.dtd' [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><html><body>&x;"
            f"<article><p>{LEAD}</p><p>{MORE}</p></article></body></html>",
            "application/xhtml+xml",
        )
    ),
}

CASES: dict[str, Case] = {
    **READ,
    **PARKED,
    **LATER,
    **OWN_WORDS,
    "page-terminal": told(
        LEAD, MORE, title="New project\x1b[31m against \u202ehuman trafficking\u2028Bcc: x@y.example"
    ),
    "page-million-amounts": told(LEAD, "USD 1,1,1,1 million " * 40_000, title="New project against human trafficking"),
    "page-one-word": told(LEAD, "trafficking" * 60_000, title="New project against human trafficking"),
    "page-million-digits": told(LEAD, f"It costs USD {'9' * 500_000} million.", title="New human trafficking project"),
    "page-cut-emoji": told(LEAD, "🕊️👩‍👩‍👧" * 60_000, title="New project against human trafficking 🕊️"),
    "page-ways": Case(variants),
    "page-all-slow": Case(
        lambda place: {"/feed": place.feed(*range(1, 9)), **{f"/page/{n}": drip(100) for n in range(1, 9)}}
    ),
    "page-to-a-busy-host": Case(leading_to_a_busy_host),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PARKED))
def test_a_page_that_would_be_the_same_again_is_parked_and_its_entrys_own_words_stand_in(
    crawled: Crawled, name: str
) -> None:
    kind, words = CASES[name].expected
    (row,) = crawled.left[name].entries
    assert (row.state, row.error_kind) == ("parked", kind)
    assert words in (row.error_text or "")
    assert (row.error_text or "").isprintable()
    one = crawled.left[name].article
    assert (one.read_from, one.text) == ("summary", SUMMARY)
    assert words in (one.read_note or "")
    assert crawled.health(name).error_kind is None  # its feed is well


@pytest.mark.parametrize("name", sorted(READ))
def test_what_is_wrong_around_an_article_leaves_it_as_it_is(crawled: Crawled, name: str) -> None:
    one = crawled.left[name].article
    assert one.read_from == "page"
    assert LEAD in (one.text or "")
    assert "root:" not in (one.text or "")
    assert one.canonical_url.startswith(f"https://{name}.example")
    assert one.verdict.is_new_project


@pytest.mark.parametrize("name", sorted(LATER))
def test_a_page_whose_server_stumbles_is_tried_later(crawled: Crawled, name: str) -> None:
    (row,) = crawled.left[name].entries
    assert (row.state, row.error_kind, row.attempts) == ("waiting", CASES[name].expected, 1)
    assert row.next_at > row.seen_at


@pytest.mark.parametrize("name", sorted(OWN_WORDS))
def test_where_there_is_no_article_the_entrys_own_words_stand_in_and_say_so(crawled: Crawled, name: str) -> None:
    one = crawled.left[name].article
    assert one.read_from == "summary"
    assert one.read_note
    assert CASES[name].expected in one.read_note
    assert one.title == "Project against trafficking begins"
    assert one.text in (SUMMARY, None, "")


@pytest.mark.parametrize(
    "name", ["page-million-amounts", "page-one-word", "page-million-digits", "page-cut-emoji", "page-terminal"]
)
def test_a_text_made_to_hold_up_its_reader_is_read_in_time(crawled: Crawled, name: str) -> None:
    (row,) = crawled.left[name].entries
    assert row.state == "done"
    one = crawled.left[name].article
    assert one.title.isprintable()
    assert len(one.text or "") <= 200_000
    assert "\ufffd" not in (one.text or "")
    assert one.verdict.facts is None or one.verdict.facts.amount is None or one.verdict.facts.amount < 1e12


def test_one_article_under_many_addresses_is_one_and_two_pages_stay_two(crawled: Crawled) -> None:
    left = crawled.left["page-ways"]
    by_article: dict[int, list[str]] = {}
    for row in left.entries:
        by_article.setdefault(row.article_id, []).append(row.url.partition("/page-ways")[2])
    groups = sorted(map(len, by_article.values()))
    assert groups == [1, 1, 5]
    assert len([path for path in crawled.asked["page-ways"] if "/story" in path]) == 3


def test_a_busy_host_behind_a_redirect_holds_up_no_other_page(crawled: Crawled) -> None:
    left = crawled.left["page-to-a-busy-host"]
    assert [one.title for one in left.articles] == ["News of the day"]
    waiting = [row for row in left.entries if row.state == "waiting"]
    assert sorted(row.error_kind for row in waiting) == ["http-429", "paused"]
    assert all((row.next_at - row.seen_at).total_seconds() > 7_000 for row in waiting)
    assert crawled.asked["page-to-a-busy-host"].count("/page-to-a-busy-host/away") == 1


def test_a_site_all_of_whose_pages_are_slow_is_left_for_the_next_crawl(crawled: Crawled) -> None:
    left = crawled.left["page-all-slow"]
    assert sum("/page/" in path for path in crawled.asked["page-all-slow"]) == 3
    assert {row.state for row in left.entries} == {"waiting"}
    assert sorted(row.attempts for row in left.entries) == [0] * 5 + [1] * 3


def test_nobody_is_contacted_who_may_not_be(crawled: Crawled) -> None:
    assert crawled.canary_connections == 0
