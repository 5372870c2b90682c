from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alerts.render.plain_text import TEXT_WIDTH, draw_bar, tidy_letter, wrap_lines


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40)))
def test_wrapped_lines_keep_the_width_and_every_word(words: list[str]) -> None:
    said = wrap_lines(" ".join(words), "* ")
    assert max(map(len, said.splitlines())) <= TEXT_WIDTH
    assert said.removeprefix("*").split() == words


def test_lines_that_follow_stand_under_the_first() -> None:
    first, second = wrap_lines("shelter " * 10, "10. ").splitlines()
    assert first.startswith("10. shelter")
    assert second.startswith("    shelter")


def test_a_letter_has_no_trailing_blanks_and_no_gaps() -> None:
    assert tidy_letter("\n\na  \n\n\n\nb\u202fc\n\n") == "a\n\nb\u00a0c\n"


def test_the_greatest_bar_is_full_and_the_least_is_seen() -> None:
    assert [len(draw_bar(count, 100, 20)) for count in (100, 50, 1, 0)] == [20, 10, 1, 0]
    assert draw_bar(0, 0, 20) == ""
