"""Text from outside is made safe for terminals and logs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipwatch.cli.show import width_of
from tipwatch.text import counted, escape_controls, one_line, shorten


@given(st.text())
def test_no_control_or_turning_character_survives(text: str) -> None:
    for character in escape_controls(text):
        assert unicodedata.category(character) not in {"Cc", "Zl", "Zp", "Cs"}
        assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"


@given(st.text(alphabet=st.characters(categories=["L", "M", "N", "P", "S", "Zs"])))
def test_letters_of_every_language_stay(text: str) -> None:
    assert escape_controls(text) == text


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_shortened_text_fits(text: str, width: int) -> None:
    assert len(shorten(text, width)) <= width


def test_one_thing_is_counted_without_a_plural() -> None:
    assert [counted(number, "page") for number in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
    assert [counted(number, "entry", "entries") for number in (1, 2)] == ["1 entry", "2 entries"]


def test_white_space_collapses() -> None:
    assert one_line("  a\r\n b\t\tc ") == "a b c"


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("مشروع", 5)])
def test_width_counts_columns(text: str, width: int) -> None:
    assert width_of(text) == width
