"""Whatever comes in, no exception but those that are named comes out, and no input takes over a second.

Inputs are put together of what the readers look for, so that they get far; each is also repeated to some size, since
what grows too fast shows only there. `TIPWATCH_TEST_EXAMPLES=5000` tries more; `make fuzz` searches on.
"""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import pieces, targets
from tests.fuzz.limit import within_a_second

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("TIPWATCH_TEST_EXAMPLES", "40"))

fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=None,  # processor time is limited instead: other programs on the machine take none of it
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def texts(*words: str) -> st.SearchStrategy[str]:
    """Texts of these words and of anything, with a part repeated up to a thousand times."""
    piece = st.sampled_from(words) | st.text(max_size=12)
    some = st.lists(piece, max_size=25).map("".join)
    repeated = st.tuples(some, st.lists(piece, min_size=1, max_size=4).map("".join), st.integers(0, 1_000))
    return repeated.map(lambda parts: parts[0] + parts[1] * parts[2])


FACTS = texts(*pieces.FACTS)
LINKS = texts(*pieces.LINKS)


@fuzzing
@given(
    texts(*pieces.XML),
    st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-7"]),
    st.sampled_from(["", "text/xml; charset=x", "a/b"]),
)
def test_feeds_and_sitemaps(text: str, encoding: str, content_type: str) -> None:
    body = text.encode(encoding, "replace")
    for target in (targets.feeds, targets.sitemaps):
        with within_a_second():
            target(body, content_type)


@fuzzing
@given(
    texts(*pieces.HTML),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
    st.sampled_from(["text/html", "", "text/html; charset=k"]),
)
def test_pages_and_listings(text: str, encoding: str, content_type: str) -> None:
    body = text.encode(encoding, "replace")
    for target in (targets.pages, targets.listings):
        with within_a_second():
            target(body, content_type)


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
    with within_a_second():
        targets.answers_of_apis(json.dumps(data).encode())


@fuzzing
@given(LINKS, LINKS)
def test_addresses(text: str, declared: str) -> None:
    with within_a_second():
        targets.check_address(text, declared)


@fuzzing
@given(text=FACTS, title=FACTS, lang=st.sampled_from([None, *targets.LANGUAGES, ""]))
def test_facts(text: str, title: str, lang: str | None) -> None:
    targets.loaded_judge()
    with within_a_second():
        targets.check_article(title, text, lang)


@fuzzing
@given(FACTS | texts(*pieces.DATES), st.sampled_from([(), ("en",), ("ar",)]))
def test_dates(text: str, languages: tuple[str, ...]) -> None:
    with within_a_second():
        targets.check_date(text, languages)


@fuzzing
@given(texts(*pieces.YAML))
def test_configurations(text: str) -> None:
    with within_a_second():
        targets.configurations(text.encode("utf-8", "surrogatepass"))
