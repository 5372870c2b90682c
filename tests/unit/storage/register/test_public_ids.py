from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.register.persist.public_ids import ALPHABET, make_public_id, normalise_public_id


@given(st.text(max_size=50), st.integers(0, 5))
def test_an_id_depends_on_the_address_and_can_be_typed_without_care(url: str, attempt: int) -> None:
    made = make_public_id(url, attempt)
    assert made == make_public_id(url, attempt)
    assert set(made.removeprefix("P-")) <= set(ALPHABET)
    assert normalise_public_id(f" {made.lower()} ") == made
    assert normalise_public_id(made.removeprefix("P-")) == made


def test_another_attempt_gives_another_id() -> None:
    assert len({make_public_id("https://herald.example/a", attempt) for attempt in range(20)}) == 20


@pytest.mark.parametrize("typed", ["", "P-", "P-12345", "P-ABCDEFG", "P-OIL010", "12", "P-ABC EF"])
def test_what_cannot_be_an_id_is_none(typed: str) -> None:
    assert normalise_public_id(typed) is None
