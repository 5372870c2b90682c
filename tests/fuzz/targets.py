"""What is fuzzed: each target takes any bytes, and raises where something comes out that must not.

`TARGETS` are run by `python -m tests.fuzz` (atheris, on demand) and over the kept corpus by `test_corpus`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from classifier import languages
from classifier.document import Document
from classifier.extraction import read_facts
from classifier.judge import Judge
from classifier.settings import ClassifierSettings
from crawler.feeds.document import FeedError, FetchedDocument
from crawler.feeds.links import find_feed_links
from crawler.feeds.parse import parse_feed
from crawler.http.failures import FetchError
from crawler.pages.read import read
from crawler.pages.records import FetchedPage
from crawler.politeness.retry_after import read_retry_after
from crawler.sources.gdelt.read import read_gdelt
from crawler.sources.listing.read import read_listing
from crawler.sources.reliefweb.read import read_reliefweb
from crawler.sources.sitemap.read import read_sitemap
from crawler.text.dates import read_date
from storage.urls import canonicalise_url, choose_canonical
from tests.fuzz import pieces
from tests.support.newsroom_pages import NOW, WordJudge, pending
from tipwatch.config.load import read_config
from tipwatch.errors import ConfigError

SEEN_AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
URL = "https://herald.example/news"
SECRET = "secret-word"
LANGUAGES = (*languages.LANGUAGES, "xx")


def feeds(body: bytes, content_type: str = "") -> None:
    """A document where a feed is expected."""
    try:
        entries = parse_feed(FetchedDocument(body, content_type, URL, SEEN_AT)).entries
    except FeedError as error:
        refusal = error.text
        assert refusal.isprintable()
    else:
        assert all(entry.url.startswith(("https://", "http://")) for entry in entries)
        assert all("\n" not in entry.title for entry in entries)


def sitemaps(body: bytes, content_type: str = "") -> None:
    """A document where a sitemap is expected."""
    with contextlib.suppress(FeedError):
        found = read_sitemap(FetchedDocument(body, content_type, URL, SEEN_AT))
        assert found is not None


def pages(body: bytes, content_type: str = "text/html") -> None:
    """A page where an article is expected."""
    with contextlib.suppress(FetchError):
        found = read(FetchedPage(pending(), URL, body, NOW, content_type), WordJudge())
        assert "\n" not in found.reading.title


def listings(body: bytes, content_type: str = "text/html") -> None:
    """A page where a list of links is expected, or one that may name feeds."""
    try:
        entries = read_listing(FetchedDocument(body, "", URL, SEEN_AT)).entries
    except FeedError as error:
        refusal = error.text
        assert refusal.isprintable()
    else:
        assert all(entry.url.startswith(("https://", "http://")) for entry in entries)
    find_feed_links(body, content_type, URL)


def answers_of_apis(body: bytes) -> None:
    """What an API answers."""
    for function in (read_reliefweb, read_gdelt):
        with contextlib.suppress(FeedError):
            function(FetchedDocument(body, "", URL, SEEN_AT))


def addresses(body: bytes) -> None:
    """An address, and behind a line break another that a page declares."""
    try:
        both = body.decode("utf-8", "surrogatepass")  # JSON may hold half a pair of surrogates
    except UnicodeDecodeError:
        both = body.decode("utf-8", "replace")
    text, _, declared = both.partition("\n")
    check_address(text, declared)


def check_address(text: str, declared: str) -> None:
    """The canonical form of an address is canonical itself."""
    try:
        canonical = canonicalise_url(text)
    except ValueError:
        return
    assert canonicalise_url(canonical) == canonical
    with contextlib.suppress(ValueError):
        choose_canonical(text, declared)


@cache
def loaded_judge() -> Judge:
    """The shipped judge, with what it loads at the first article of each language."""
    judge = Judge.load(ClassifierSettings(), None)
    for lang in LANGUAGES:
        document = Document("A project against human trafficking", "It began with $3 million. " * 50, lang, url=URL)
        judge.judge(document, with_facts=False)
        judge.load_encoder()
    return judge


def facts(body: bytes) -> None:
    """An article: its first byte stands for the language, its first line is the headline."""
    title, _, text = body[1:].decode("utf-8", "replace").partition("\n")
    check_article(title, text, LANGUAGES[body[0] % len(LANGUAGES)] if body else None)


def check_article(title: str, text: str, lang: str | None) -> None:
    """An article is judged and its facts are read, whatever the judgement."""
    document = Document(title[:500], text[:20_000], lang, "2026-11-25", URL, "The Herald")
    loaded_judge().rule_out(document)
    loaded_judge().judge(document, with_facts=False)
    scorer = loaded_judge().load_encoder().read(document.title, document.text)
    found = read_facts(document, lang or "en", scorer=scorer)
    assert found.amount is None or found.amount > 0
    assert found.duration_months is None or found.duration_months > 0


def dates(body: bytes) -> None:
    """A date as feeds and pages state them."""
    check_date(body.decode("utf-8", "replace"), ())


def check_date(text: str, languages: tuple[str, ...]) -> None:
    """A date has a zone, and a server's wish to wait is within bounds."""
    found = read_date(text, SEEN_AT, languages)
    assert found is None or found.tzinfo is not None
    wait = read_retry_after(text, SEEN_AT)
    assert wait is None or 0 < wait <= 86_400


def configurations(body: bytes) -> None:
    """A configuration: refused with its problems, and no secret is told."""
    try:
        read_config(body, Path("config.yaml"), {"X": SECRET})
    except ConfigError as error:
        said = str(error)
        assert SECRET not in said


TARGETS: dict[str, tuple[Callable[[bytes], None], list[str]]] = {
    "feeds": (feeds, pieces.XML),
    "sitemaps": (sitemaps, pieces.XML),
    "pages": (pages, pieces.HTML),
    "listings": (listings, pieces.HTML),
    "apis": (answers_of_apis, ['"data":', '"fields":', '"articles":', "[", "{", "}", "]", '"title":', '"seendate":']),
    "addresses": (addresses, pieces.LINKS),
    "facts": (facts, pieces.FACTS),
    "dates": (dates, [*pieces.DATES, *pieces.FACTS]),
    "configurations": (configurations, pieces.YAML),
}
"""What is run, and the words its inputs are made of."""
