"""Every page that brings no article has a fate, and none is to be forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.fates import BACK_OFF, PARKED_KINDS, decide_fate
from tests.support.newsroom_pages import NOW


@pytest.mark.parametrize("status", [404, 410, 401, 402, 403, 451])
def test_a_page_that_is_gone_or_refused_is_replaced_at_once(status: int) -> None:
    fate = decide_fate(f"http-{status}", "", attempts=0, now=NOW, status=status)
    assert fate.what == "summary"
    assert str(status) in (fate.note or "")


@pytest.mark.parametrize("kind", sorted(PARKED_KINDS))
def test_what_a_person_should_see_is_parked(kind: str) -> None:
    assert decide_fate(kind, "", attempts=0, now=NOW).what == "park"


def test_an_outage_is_waited_for_ever_longer_and_then_not_at_all() -> None:
    times = [decide_fate("timeout", "t", attempts=n, now=NOW).retry_at for n in range(len(BACK_OFF))]
    waits = [at - NOW for at in times if at is not None]
    assert waits == sorted(BACK_OFF)
    assert decide_fate("timeout", "no answer", attempts=len(BACK_OFF), now=NOW).what == "summary"


def test_what_the_server_asks_for_is_the_least() -> None:
    fate = decide_fate("http-429", "", attempts=0, now=NOW, wait_seconds=7200, status=429)
    assert fate.retry_at == NOW + timedelta(hours=2)
    fate = decide_fate("http-429", "", attempts=0, now=NOW, wait_seconds=5, status=429)
    assert fate.retry_at == NOW + BACK_OFF[0]


@given(st.text(), st.integers(0, 50), st.none() | st.integers(100, 599), st.none() | st.integers(1, 86_400))
def test_every_page_has_exactly_one_fate(kind: str, attempts: int, status: int | None, wait: int | None) -> None:
    fate = decide_fate(kind, "text", attempts=attempts, now=NOW, wait_seconds=wait, status=status)
    assert (fate.what == "retry") == (fate.retry_at is not None)
    assert (fate.what == "summary") == (fate.note is not None)
