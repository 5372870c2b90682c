"""What an article's page may be: read, replaced by the entry's own words, parked or tried later; never drawn from what
stands around it, never a thousandfold error, nothing followed to where nobody may go."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, Place, article, document
from tests.support.feeds import item, rss
from tests.support.newsroom_pages import CONSENT
from tests.support.sites import Answer, Route

pytestmark = pytest.mark.slow

SUMMARY = "A new project against human trafficking was launched in Burundi by the migration agency, officials said."
HTML = "text/html; charset=utf-8"


def page(answer: Route, expected: object = None, **routes: Route) -> Case:
    """A source of one entry whose page answers so."""

    def serve(place: Place) -> Mapping[str, Route]:
        entry = item(1, title="Project against trafficking begins", link=place.url("/page/1"), description=SUMMARY)
        served = {f"/{name}": route for name, route in routes.items()}
        return {"/feed": document(rss(entry)), "/page/1": answer, **served}

    return Case(serve, expected)


def sent_to(location: str) -> Answer:
    return Answer(302, headers={"Location": location})


def drip(count: int) -> Answer:
    head = {"Content-Length": str(count), "Content-Type": HTML}
    return Answer(headers=head, pieces=(b"x",) * count, pause_seconds=0.4)


def html(text: str, **headers: str) -> Answer:
    return document(text, HTML, **headers)


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

LEAD = "The International Organization for Migration has launched a new project against human trafficking in Burundi."
MORE = (
    "The three-year project will train police officers and prosecutors, protect survivors of trafficking in persons "
    "and open a shelter in Bujumbura, together with the Government of Burundi, officials said."
)


@dataclass(frozen=True)
class Sum:
    """What an article states of money: the words, and the amounts with currency that are right (None: left out)."""

    sentence: str
    right: tuple[tuple[float, str], ...]


SUMS: dict[str, Sum] = {
    "sum-decimal-comma": Sum("The project is funded by Italy with 1,5 million euros.", ((1_500_000, "EUR"),)),
    "sum-dots": Sum("The project is funded by Germany with EUR 1.500.000.", ((1_500_000, "EUR"),)),
    "sum-apostrophes": Sum("The project is funded by Switzerland with CHF 1’500’000.", ((1_500_000, "CHF"),)),
    "sum-spaces": Sum("The project is funded by Norway with NOK 30 000 000.", ((30_000_000, "NOK"),)),
    "sum-francs": Sum("The project is funded by France with 16 billion FCFA.", ((16e9, "XOF"), (16e9, "XAF"))),
    "sum-crore": Sum("The project is funded by the ministry with Rs 2 crore.", ((20_000_000, "INR"),)),
    "sum-dollars": Sum("The project is funded by the United States with US$ 516,000.", ((516_000, "USD"),)),
    "sum-range": Sum("The project is funded by the EU with €10-12m.", ((10e6, "EUR"), (12e6, "EUR"))),
    "sum-in-words": Sum("The project is funded by Ireland with two million euros.", ((2_000_000, "EUR"),)),
    "sum-of-parts": Sum(
        "The project gets £6m of £11m of a programme of £33.5m of the Home Office.",
        ((6e6, "GBP"), (11e6, "GBP"), (33.5e6, "GBP")),
    ),
    "sum-arabic-digits": Sum("The project is funded by the Union with ١٥ million euros.", ((15e6, "EUR"),)),
    "sum-arabic-marks": Sum("قيمة المشروع ١٥ مِليون يُورو بتمويل من الاتحاد الأوروبي.", ((15e6, "EUR"),)),
    "sum-of-nothing": Sum("The agency did not say what the project will cost.", ()),
}

BESIDE = (
    "<aside class='related'><h3>Related stories</h3><ul><li><a href='/a'>Dam of EUR 77 million opened in Peru</a></li>"
    "<li><a href='/b'>Bank lends USD 99 million to Kenya</a></li></ul></aside><div class='cookie-banner'><p>We use "
    "cookies worth EUR 55 million. Accept all.</p></div><nav><a href='/c'>Fund of USD 88 million</a></nav>"
)

TURNED_DOWN: dict[str, tuple[str, str]] = {
    "other-drugs": (
        "Police break up drug trafficking ring at the port",
        "Police seized two tonnes of cocaine and arrested nine members of a drug trafficking ring at the port.",
    ),
    "other-wildlife": (
        "Customs step up the fight against wildlife trafficking",
        "A new unit of the customs service will fight the trafficking of ivory, rhino horn and pangolin scales.",
    ),
    "other-arms": (
        "Ministers agree on plan against arms trafficking",
        "Ministers agreed on a plan against the illicit trafficking of small arms and light weapons in the region.",
    ),
    "other-antiquities": (
        "Museum project fights trafficking of antiquities",
        "A three-year project of the museum will trace antiquities and paintings stolen and trafficked abroad.",
    ),
    "other-web": (
        "How to double the traffic of your web shop",
        "Search engines bring most of the traffic to web shops; a good title doubles the traffic of a page.",
    ),
}
NOT_NEW: dict[str, tuple[str, str]] = {
    "old-arrest": (
        "Three arrested for human trafficking in Lagos",
        "Police arrested three men on suspicion of trafficking in persons after a raid on a house in Lagos on Monday.",
    ),
    "old-closing": (
        "Project against human trafficking comes to its end in Kyiv",
        "The closing conference of a four-year project against human trafficking, which has trained 900 police "
        "officers since 2022, was held in Kyiv on Friday. The project ended with a ceremony for all who took part.",
    ),
    "old-call": (
        "Call for proposals: services for victims of human trafficking",
        "Organisations may apply until 31 December for grants for services to victims of human trafficking. Proposals "
        "are to be sent by e-mail; applicants must be registered non-profit organisations. The deadline is final.",
    ),
}


def told(*paragraphs: str, title: str, around: str = "") -> Case:
    return page(article(title, *paragraphs, around=around))


def plain(title: str, text: str) -> Case:
    return told(text, text.replace("The ", "Meanwhile the "), title=title)


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
    **{
        name: told(LEAD, one.sentence, MORE, title="New project against human trafficking in Burundi")
        for name, one in SUMS.items()
    },
    "page-boilerplate": told(LEAD, MORE, title="New project against human trafficking in Burundi", around=BESIDE),
    **{name: plain(*words) for name, words in {**TURNED_DOWN, **NOT_NEW}.items()},
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


@pytest.mark.parametrize("name", sorted(SUMS))
def test_an_amount_is_right_or_left_out(crawled: Crawled, name: str) -> None:
    facts = crawled.left[name].article.verdict.facts
    stated = (facts.amount, facts.currency) if facts is not None and facts.amount is not None else None
    assert stated is None or stated in SUMS[name].right or stated in {(amount, None) for amount, _ in SUMS[name].right}


def test_most_amounts_are_not_left_out(crawled: Crawled) -> None:
    facts = [crawled.left[name].article.verdict.facts for name, one in SUMS.items() if one.right]
    assert sum(one is not None and one.amount is not None for one in facts) >= len(facts) * 0.7


def test_no_fact_is_drawn_from_what_stands_around_the_article(crawled: Crawled) -> None:
    one = crawled.left["page-boilerplate"].article
    assert one.verdict.is_new_project
    assert one.verdict.facts is not None
    assert one.verdict.facts.amount is None
    assert one.verdict.facts.countries == ("BI",)
    assert "million" not in (one.text or "")


@pytest.mark.parametrize("name", sorted(TURNED_DOWN))
def test_trafficking_of_other_things_is_turned_down(crawled: Crawled, name: str) -> None:
    assert not crawled.left[name].article.verdict.is_new_project
    assert not crawled.left[name].article.verdict.is_relevant


@pytest.mark.parametrize("name", sorted(NOT_NEW))
def test_what_is_no_new_project_is_not_called_one(crawled: Crawled, name: str) -> None:
    one = crawled.left[name].article
    assert not one.verdict.is_new_project
    assert one.project_id is None


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
