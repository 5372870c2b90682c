"""A page becomes an article and a verdict, cheaply where it can be ruled out."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.http.failures import FetchError
from crawler.pages.read import judge_passed, read
from crawler.pages.records import FetchedPage, PageReading, PassedPage
from tests.support.newsroom_pages import NOW, PARAGRAPHS, TITLE, URL, WordJudge, newsroom_page, pending


def raw(html: str | bytes | None, *, url: str = URL, page: Any = None, **fields: Any) -> FetchedPage:
    body = html.encode() if isinstance(html, str) else html
    fields.setdefault("content_type", "text/html; charset=utf-8")
    return FetchedPage(page or pending(), url, body, NOW, **fields)


def reading(html: str | bytes | None, judge: WordJudge | None = None, **fields: Any) -> PageReading:
    judge = judge or WordJudge()
    found = read(raw(html, **fields), judge)
    return judge_passed(found, judge) if isinstance(found, PassedPage) else found


def test_a_relevant_page_is_read_in_full() -> None:
    judge = WordJudge()
    result = reading(newsroom_page(), judge)
    article = result.reading
    assert not result.is_ruled_out
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.title == TITLE
    assert article.outlet == "The Herald"
    assert article.canonical_url == URL
    assert article.published_at == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert (article.read_from, article.read_note) == ("page", None)
    assert judge.judged[0].published == "2026-11-01"
    assert judge.judged[0].text == article.text


def test_a_page_ruled_out_keeps_title_and_address_but_no_text() -> None:
    judge = WordJudge(word="no such word")
    result = reading(newsroom_page(), judge)
    assert result.is_ruled_out
    assert result.reading.text == ""
    assert result.reading.title == TITLE
    assert not judge.judged


def test_the_summary_of_the_entry_counts_when_a_page_may_be_ruled_out() -> None:
    page = pending(title="A project begins", summary="About trafficking in persons.")
    html = newsroom_page(title="A project begins", paragraphs=("Nothing to see here, said the officials. " * 30,))
    assert not reading(html, page=page).is_ruled_out


def test_compressed_pages_are_opened_here() -> None:
    body = gzip.compress(newsroom_page().encode())
    assert reading(body, content_encoding="gzip").reading.title == TITLE


def test_a_bomb_is_refused_at_its_limit() -> None:
    body = gzip.compress(b"<p>" + b"x" * 20_000_000)
    with pytest.raises(FetchError) as caught:
        reading(body, content_encoding="gzip", max_bytes=1_000_000)
    assert caught.value.kind == "too-large"


def test_a_deep_page_is_read_flat_and_says_so() -> None:
    article = reading(newsroom_page().replace("<main>", "<div>" * 100_000)).reading
    assert article.read_from == "page"
    assert all(paragraph in article.text for paragraph in PARAGRAPHS)
    assert "nested" in (article.read_note or "")


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ("<title>Just a moment...</title><body>Enable JavaScript and cookies to continue</body>", "human"),
        ("<title>Site</title><body><p>We use cookies.</p><p>Accept all</p></body>", "consent"),
        ("<title>Page not found</title><body><p>Here are other stories.</p></body>", "not there"),
        ("<title>T</title><body></body>", "no text"),
        ("", "no text"),
    ],
)
def test_what_is_no_article_is_replaced_by_the_entrys_own_words(html: str, word: str) -> None:
    result = reading(html)
    article = result.reading
    assert article.read_from == "summary"
    assert word in (article.read_note or "")
    assert article.text == pending().summary
    assert article.canonical_url == pending().canonical_url


def test_a_page_that_is_gone_or_no_page_is_replaced_likewise() -> None:
    assert reading(None, note="the page is gone (HTTP 410)").reading.read_note == "the page is gone (HTTP 410)"
    assert "application/pdf" in (reading(b"%PDF-1.7", content_type="application/pdf").reading.read_note or "")
    assert "front page" in (reading(newsroom_page(), url="https://herald.example/").reading.read_note or "")


def test_text_that_stands_only_in_structured_data_is_read() -> None:
    data = '{"@type": "NewsArticle", "articleBody": "%s"}' % " ".join(PARAGRAPHS)  # noqa: UP031  # braces all over
    html = f'<title>x</title><script type="application/ld+json">{data}</script><div id="root"></div>'
    assert reading(html).reading.text == " ".join(PARAGRAPHS)


def test_the_time_of_day_comes_from_the_entry_where_the_page_says_the_day_only() -> None:
    html = newsroom_page(head='<meta property="article:published_time" content="2026-11-01">').replace("<time", "<i")
    entry_time = datetime(2026, 11, 1, 17, 5, tzinfo=UTC)
    assert reading(html, page=pending(published_at=entry_time)).reading.published_at == entry_time


def test_a_time_in_the_future_is_not_believed() -> None:
    html = newsroom_page(head='<meta property="article:published_time" content="2031-01-01">').replace("<time", "<i")
    assert reading(html).reading.published_at is None


def test_a_canonical_address_of_another_site_is_not_believed() -> None:
    html = newsroom_page().replace(URL, "https://elsewhere.example/front")
    assert reading(html).reading.canonical_url == URL


def test_mislabelled_bytes_leave_no_replacement_marks() -> None:
    html = newsroom_page(paragraphs=("Le projet – « trafficking » – à Genève coûte 3 millions d’euros. " * 9,))
    text = reading(html.encode("cp1252"), content_type="text/html; charset=utf-8").reading.text
    assert "à Genève coûte 3 millions d’euros" in text
    assert "\ufffd" not in text


@settings(max_examples=60)
@given(st.binary(max_size=600), st.sampled_from(["text/html", "", "text/html; charset=zip", "image/png"]))
def test_any_bytes_give_a_reading_or_a_refusal(body: bytes, content_type: str) -> None:
    try:
        result = reading(body, content_type=content_type)
    except FetchError:
        return
    assert result.reading.title
