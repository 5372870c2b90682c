"""What a page says about itself is read from its head, structured data and markup."""

from __future__ import annotations

from datetime import UTC, datetime

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.metadata import read_body, read_head, read_time
from crawler.pages.titles import choose_title
from tests.support.newsroom_pages import NOW, TITLE, newsroom_page


def test_the_head_gives_title_outlet_language_and_address() -> None:
    head = read_head(newsroom_page())
    assert head.titles == (TITLE,)
    assert head.document_title == f"{TITLE} | The Herald"
    assert head.site_name == "The Herald"
    assert head.language == "en"
    assert head.declared_url is not None
    assert head.declared_url.endswith("burundi-shelter-project-begins")


def test_attributes_are_read_in_any_order_and_quotes() -> None:
    head = read_head("<META content='A &amp; B > C' PROPERTY='og:title'><meta name=date content=2026-10-01></head>")
    assert head.titles == ("A & B > C",)
    assert head.published == "2026-10-01"


def test_the_first_of_two_metas_counts() -> None:
    head = read_head('<meta property="og:title" content="First one"><meta property="og:title" content="Second one">')
    assert head.titles == ("First one",)


def test_structured_data_is_found_in_graphs_and_beside_broken_scripts() -> None:
    html = """<script type="application/ld+json">{broken</script>
    <script type='application/ld+json'>{"@context": "x", "@graph": [{"@type": "WebSite", "name": "no"},
    {"@type": ["NewsArticle"], "headline": "A line\tof news", "datePublished": "2026-10-30T10:00:00+02:00",
     "publisher": {"name": "Wire"}, "isAccessibleForFree": "False", "articleBody": "Long text"}]};</script>"""
    body = read_body(html, None)
    assert (body.headline, body.published, body.publisher) == ("A line of news", "2026-10-30T10:00:00+02:00", "Wire")
    assert body.is_free is False
    assert body.article_body == "Long text"


def test_a_heading_counts_only_where_it_is_the_one() -> None:
    one = lxml.html.fromstring("<body><h1>Outlet</h1><article><h1>The headline</h1></article></body>")
    two = lxml.html.fromstring("<body><h1>First teaser</h1><h1>Second teaser</h1></body>")
    assert read_body("", one).headline == "The headline"
    assert read_body("", two).headline is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01T08:30:00+01:00", datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
        ("2026-11-01T08:30:00.123Z", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("2026-11-01 08:30", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("20261101T083000-0500", datetime(2026, 11, 1, 13, 30, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("Sun, 01 Nov 2026 08:30:00 GMT", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("1793521800", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("1793521800000", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("2027-11-01", None),
        ("1970-01-01T00:00:00Z", None),
        ("2026-13-45", None),
        ("03/04/2026", None),
        ("soon", None),
        ("", None),
    ],
)
def test_times_are_read_in_utc_or_not_at_all(text: str, expected: datetime | None) -> None:
    assert read_time(text, NOW) == expected


@given(st.text(max_size=60))
def test_no_time_raises(text: str) -> None:
    at = read_time(text, NOW)
    assert at is None or at.tzinfo is not None


@given(st.text(alphabet="<>\"'=/ meta lik og:title hrf contenJSON{}[]ld+", max_size=300))
def test_no_head_raises(html: str) -> None:
    head, body = read_head(html), read_body(html, None)
    for line in (*head.titles, head.document_title, head.site_name, body.headline, body.publisher):
        assert line is None or (line == line.strip() != "" and "\n" not in line)


@pytest.mark.parametrize(
    ("head", "entry", "expected"),
    [
        ('<title>The news | The Herald</title><meta property="og:site_name" content="The Herald">', "", "The news"),
        ("<title>IOM – new project begins – Wire</title>", "IOM – new project begins", "IOM – new project begins"),
        ("<title>New shelter opens - Daily - World</title>", "New shelter opens", "New shelter opens"),
        ("<title>Home</title>", "A shelter opens in town", "A shelter opens in town"),
        ('<meta property="og:title" content="A: part of the title">', "", "A: part of the title"),
        ("<title></title>", "A shelter opens | Wire", "A shelter opens | Wire"),
        ("", "", ""),
    ],
)
def test_the_headline_loses_the_outlets_name_and_nothing_else(head: str, entry: str, expected: str) -> None:
    assert choose_title(read_head(head), read_body("", None), entry) == expected
