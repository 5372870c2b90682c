"""The answers of ReliefWeb and GDELT are read, damaged ones as far as they go."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.feeds.document import FeedError, FetchedDocument
from crawler.sources.gdelt.kind import GdeltSettings
from crawler.sources.gdelt.read import read_gdelt
from crawler.sources.gdelt.visit import search_address
from crawler.sources.reliefweb.kind import ReliefWebSettings
from crawler.sources.reliefweb.read import read_reliefweb
from crawler.sources.reliefweb.visit import api_address, rss_address
from tests.support.api_answers import ARTICLE, REPORT
from tests.support.newsroom_pages import NOW


def job(data: Any, **fields: Any) -> FetchedDocument:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return FetchedDocument(body, "application/json", "https://api.example/", NOW, **fields)


def test_a_report_gives_title_address_time_language_outlet_and_text() -> None:
    entry = read_reliefweb(job({"data": [REPORT]})).entries[0]
    assert entry.url == REPORT["fields"]["url_alias"]
    assert entry.published_at == datetime(2026, 10, 31, tzinfo=UTC)
    assert (entry.language, entry.outlet) == ("en", "IMA")
    assert "3 million dollars" in entry.summary


def test_a_refusal_is_told_in_the_apis_own_words() -> None:
    with pytest.raises(FeedError) as caught:
        read_reliefweb(job({"status": 403, "error": {"message": "You are not using an approved appname."}}))
    assert caught.value.kind == "api-error"
    assert "approved appname" in caught.value.text
    with pytest.raises(FeedError) as caught:
        read_gdelt(job(b"Your query was too short or too long.\n"))
    assert "too short" in caught.value.text


def test_strange_reports_are_left_out() -> None:
    strange = [{}, {"fields": None}, {"fields": {"url": "ftp://x"}}, 7, {"fields": {"title": 3, "url": ["x"]}}]
    assert read_reliefweb(job({"data": [*strange, REPORT]})).total == 1
    assert read_reliefweb(job({"data": None})).total == 0


def test_an_article_of_gdelt_has_its_title_tidied() -> None:
    entry = read_gdelt(job({"articles": [ARTICLE]})).entries[0]
    assert entry.title == "Government, partners begin (new) project"
    assert entry.published_at == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert (entry.language, entry.outlet) == ("en", "herald.example")


def test_damaged_answers_give_what_is_whole() -> None:
    text = json.dumps({"articles": [ARTICLE, ARTICLE | {"url": "https://herald.example/2", "title": "A \\ B"}]})
    with_bad_escape = text.replace("\\\\", "\\").replace("new", "n\tew").encode()
    assert read_gdelt(job(with_bad_escape)).total == 2
    cut = read_gdelt(job(text[:-60].encode()))
    assert cut.total == 1
    assert cut.note is not None


@pytest.mark.parametrize("body", [b"", b"{}", b" \n", b'{"articles": []}'])
def test_nothing_found_is_no_fault(body: bytes) -> None:
    assert read_gdelt(job(body)).entries == ()


@pytest.mark.parametrize("body", [b"{", b"[1, 2", b"{broken"])
def test_what_is_no_json_is_a_fault(body: bytes) -> None:
    for read in (read_gdelt, read_reliefweb):
        with pytest.raises(FeedError):
            read(job(body))


def reliefweb(**fields: Any) -> ReliefWebSettings:
    return ReliefWebSettings.model_validate({"query": '"human trafficking" project', **fields})


def gdelt(**fields: Any) -> GdeltSettings:
    return GdeltSettings.model_validate({"query": '"human trafficking" project', **fields})


def test_addresses_carry_the_query_and_may_point_elsewhere() -> None:
    assert rss_address(reliefweb()) == ("https://reliefweb.int/updates/rss.xml?search=%22human+trafficking%22+project")
    local = reliefweb(url="http://127.0.0.1:8000/api", appname="tipwatch")
    address = api_address(local, 500)
    assert address.startswith("http://127.0.0.1:8000/api?appname=tipwatch&")
    assert "limit=100" in address
    address = search_address(gdelt(languages=["en", "fr"]), 3_600 * 30)
    assert address.startswith("https://api.gdeltproject.org/api/v2/doc/doc?")
    assert "timespan=30h" in address
    assert "sourcelang%3Aenglish+OR+sourcelang%3Afrench" in address
    assert "maxrecords=250" in address
