"""Those who may pay are weighed against each other too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.extraction.roles.competitors import score_competitors

chances = st.lists(st.tuples(st.floats(0, 1), st.floats(-30, 30)), max_size=8)


def test_of_two_that_are_alike_by_themselves_the_better_rival_gains() -> None:
    better, worse = score_competitors([0.5, 0.5], [3.0, 0.0])
    assert better > 0.5 > worse


def test_two_that_win_alike_are_both_kept() -> None:
    first, second = score_competitors([0.6, 0.6], [4.0, 4.0])
    assert first == pytest.approx(second)
    assert first > 0.6


def test_where_none_wins_all_are_less_likely() -> None:
    assert all(chance < 0.5 for chance in score_competitors([0.5, 0.5], [-6.0, -6.0]))


def test_of_nobody_nothing_is_said() -> None:
    assert score_competitors([], []) == []


@given(chances)
def test_probabilities_stay_such_and_keep_their_order_among_alike_rivals(pairs: list[tuple[float, float]]) -> None:
    alone, scores = [chance for chance, _ in pairs], [score for _, score in pairs]
    told = score_competitors(alone, scores)
    assert len(told) == len(pairs)
    assert all(0 <= chance <= 1 for chance in told)
    by_chance = score_competitors(sorted(alone), [0.0] * len(alone))
    assert by_chance == sorted(by_chance)
