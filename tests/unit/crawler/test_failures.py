from __future__ import annotations

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.address_policy import RefusedAddress
from crawler.http.failure_names import name_failure
from crawler.http.failures import FetchError, outcome_of
from crawler.text.one_line import one_line


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), "timeout"),
        (RefusedAddress("10.0.0.1"), "refused-address"),
        (OSError(errno.EMFILE, "too many open files"), "network"),
        (ConnectionResetError(), "dropped"),
        (ValueError("no address"), "bad-url"),
        (RuntimeError("whatever"), "bad-response"),
        (FetchError("tls", "expired"), "tls"),
    ],
)
def test_every_error_gets_a_stable_word(error: BaseException, kind: str) -> None:
    assert name_failure(error).kind == kind


def test_only_what_may_be_better_in_a_moment_is_asked_for_again_at_once() -> None:
    assert outcome_of("dropped").is_retried
    assert not outcome_of("timeout").is_retried
    assert not outcome_of("tls").is_retried
    assert not outcome_of("of-another-version").is_retried


@given(st.text(max_size=2_000), st.integers(2, 400))
def test_a_reason_is_always_one_short_visible_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line.isprintable()
