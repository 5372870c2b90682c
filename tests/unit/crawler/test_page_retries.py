"""Every page that brings no article has a fate, and none is to be forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.failures import OUTCOMES
from crawler.pages.retry_decision import BACK_OFF, decide_retry
from tests.support.newsroom_pages import NOW


@pytest.mark.parametrize("status", [404, 410, 401, 402, 403, 451])
def test_a_page_that_is_gone_or_refused_is_replaced_at_once(status: int) -> None:
    decision = decide_retry(f"http-{status}", "", attempts=0, now=NOW)
    assert decision.what == "summary"
    assert str(status) in (decision.note or "")


@pytest.mark.parametrize("kind", [kind for kind, outcome in OUTCOMES.items() if outcome.page == "park"])
def test_what_a_person_should_see_is_parked(kind: str) -> None:
    assert decide_retry(kind, "", attempts=0, now=NOW).what == "park"


def test_an_outage_is_waited_for_ever_longer_and_then_not_at_all() -> None:
    times = [decide_retry("timeout", "t", attempts=n, now=NOW).retry_at for n in range(len(BACK_OFF))]
    waits = [at - NOW for at in times if at is not None]
    assert waits == sorted(BACK_OFF)
    assert decide_retry("timeout", "no answer", attempts=len(BACK_OFF), now=NOW).what == "summary"


def test_what_the_server_asks_for_is_the_least() -> None:
    decision = decide_retry("http-429", "", attempts=0, now=NOW, wait_seconds=7200)
    assert decision.retry_at == NOW + timedelta(hours=2)
    decision = decide_retry("http-429", "", attempts=0, now=NOW, wait_seconds=5)
    assert decision.retry_at == NOW + BACK_OFF[0]


KINDS = st.text() | st.sampled_from(sorted(OUTCOMES)) | st.integers(100, 599).map(lambda status: f"http-{status}")


@given(KINDS, st.integers(0, 50), st.none() | st.integers(1, 86_400))
def test_every_page_has_exactly_one_fate(kind: str, attempts: int, wait: int | None) -> None:
    decision = decide_retry(kind, "text", attempts=attempts, now=NOW, wait_seconds=wait)
    assert (decision.what == "retry") == (decision.retry_at is not None)
    assert (decision.what == "summary") == (decision.note is not None)
