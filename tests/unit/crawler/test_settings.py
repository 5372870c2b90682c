from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from crawler.settings import CrawlerSettings
from crawler.sources.registry import parse_source
from crawler.sources.settings import Credentials, SourceSettings


def source(**fields: Any) -> SourceSettings:
    return parse_source({"url": "https://herald.example/feed.xml", **fields})


def test_a_bare_address_is_a_feed() -> None:
    one = parse_source("https://herald.example:8443/feed.xml?lang=en")
    assert (one.kind, one.label, one.host) == ("feed", "herald.example:8443/feed.xml?lang=en", "herald.example")
    assert one.as_spec().url == "https://herald.example:8443/feed.xml?lang=en"


def test_a_whole_source_is_taken() -> None:
    one = source(kind="listing", name="Herald", links="article h2 a", tags=["donor"], languages=["en"], interval="2h")
    assert (one.label, one.interval, one.tags) == ("Herald", 7_200, ("donor",))
    spec = one.as_spec()
    assert (spec.name, spec.kind, spec.tags, spec.languages) == ("Herald", "listing", ("donor",), ("en",))


def test_a_search_has_an_address_of_its_own_and_its_query_is_part_of_what_it_is() -> None:
    one = parse_source({"kind": "gdelt", "query": '"human trafficking"'})
    assert one.label == 'gdelt: "human trafficking"'
    assert one.host == "api.gdeltproject.org"
    other = parse_source({"kind": "gdelt", "query": "other"})
    assert one.as_spec().url != other.as_spec().url


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("ftp://herald.example/feed", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("javascript:alert(1)", "http:// or https://"),
        ("herald.example/feed", "http:// or https://"),
        ("https://", "no host"),
        ("https://user:secret@herald.example/", "credentials:"),
        ("https://herald.example/a b", "spaces"),
        ("https://herald.example/\nfeed", "control"),
        ("https://herald.example/" + "x" * 2_000, "characters"),
        ("https://herald.example:99999/", "not an address"),
        ({"kind": "listing", "url": "https://a.example", "links": "re:("}, "regular expression"),
        ({"kind": "listing", "url": "https://a.example", "links": "a[["}, "CSS selector"),
        ({"url": "https://a.example", "links": "a"}, "belongs to kind: listing"),
        ({"kind": "listing", "url": "https://a.example", "fallback": "https://a.example"}, "belongs to kind: feed"),
        ({"url": "https://a.example", "query": "x"}, "belongs to kind: gdelt or reliefweb"),
        ({"kind": "listing"}, "listing.url\n  Field required"),
        ({"kind": "spider", "query": "x"}, "expected tags: 'feed', 'gdelt', 'listing', 'reliefweb', 'sitemap'"),
        ({"kind": ["os"], "query": "x"}, "expected tags: 'feed', 'gdelt', 'listing', 'reliefweb', 'sitemap'"),
        ({"kind": "gdelt"}, "gdelt.query\n  Field required"),
        ({"kind": "gdelt", "query": "x", "appname": "y"}, "belongs to kind: reliefweb"),
        ({"url": "https://a.example", "languages": [False]}, "string"),
        ({"url": "https://a.example", "interval": "1 fortnight"}, "duration"),
        ({"url": "https://a.example", "interval": "10s"}, "60"),
        ({"url": "https://a.example", "evry": "1h"}, "Extra inputs"),
        ({"url": "https://a.example", "name": "a\nb"}, "one line"),
        ({"url": "https://a.example", "credentials": {"username": "x"}}, "either username and password"),
        ({"url": "https://a.example", "credentials": {"header": "X-Key", "value": "a\r\nb"}}, "line break"),
    ],
)
def test_what_cannot_be_watched_is_refused_with_the_reason(value: Any, words: str) -> None:
    with pytest.raises(ValidationError) as error:
        parse_source(value)
    assert words in str(error.value)
    assert "secret" not in str(error.value)


def test_credentials_go_to_the_very_origin_of_their_source_only() -> None:
    one = source(credentials={"username": "me", "password": "geheim"})
    assert one.credentials_for("https://herald.example/other") == ("Authorization", "Basic bWU6Z2VoZWlt")
    for elsewhere in (
        "http://herald.example/feed.xml",
        "https://herald.example:8443/feed.xml",
        "https://www.herald.example/feed.xml",
        "https://evil.example/",
    ):
        assert one.credentials_for(elsewhere) is None
    assert source().credentials_for("https://herald.example/") is None


def test_a_secret_is_never_shown() -> None:
    one = source(credentials={"header": "X-Api-Key", "value": "geheim"})
    assert one.credentials_for("https://herald.example/") == ("X-Api-Key", "geheim")
    assert "geheim" not in repr(one)
    assert "geheim" not in str(Credentials(username="a", password="geheim"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("https://www.herald.example/feed/", "http://herald.example/feed", True),
        ("https://herald.example:443/feed", "https://herald.example/feed", True),
        ("https://herald.example/feed?a=1", "https://herald.example/feed?a=2", False),
        ("https://herald.example:8443/feed", "https://herald.example/feed", False),
    ],
)
def test_two_ways_to_write_one_source_have_one_key(first: str, second: str, is_same: bool) -> None:
    keys = {parse_source(address).key for address in (first, second)}
    assert (len(keys) == 1) == is_same


def test_the_crawlers_defaults_are_those_documented() -> None:
    settings = CrawlerSettings()
    assert (settings.delay_seconds, settings.concurrency_per_host, settings.concurrency) == (1.0, 1, 16)
    assert (settings.timeout_seconds, settings.source_timeout_seconds) == (30.0, 60.0)
    assert (settings.max_body_bytes, settings.max_feed_bytes, settings.max_entries) == (15_000_000, 5_000_000, 500)
    assert (settings.interval.shortest, settings.interval.longest) == (1_800, 86_400)
    assert settings.allow_addresses == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"allow_addresses": ["127.0.0.1/8"]}, "host bits"),
        ({"allow_addresses": ["loopback"]}, "not a network"),
        ({"hosts": {"herald.example": "elsewhere"}}, "not an address"),
        ({"interval": {"shortest": "2d", "longest": "1d"}}, "longer than"),
        ({"contact": "a\r\nX-Evil: 1"}, "user agent"),
        ({"workers": 0}, "greater than"),
        ({"delay_seconds": -1}, "greater than"),
        ({"timeout_seconds": "soon"}, "number"),
        ({"robots": "no"}, "boolean"),
        ({"delay": 1}, "Extra inputs"),
    ],
)
def test_impossible_manners_are_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as error:
        CrawlerSettings.model_validate(fields)
    assert words in str(error.value)


def test_the_user_agent_names_product_version_and_contact() -> None:
    agent = CrawlerSettings(contact="ops@example.org").user_agent
    assert agent.startswith("tipwatch/")
    assert agent.endswith(" (+ops@example.org)")
