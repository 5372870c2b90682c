"""Numbers in order, and two numbers in one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.ordering import in_order, packed, unpacked

numbers = st.lists(st.integers(0, 50), max_size=40).map(lambda found: np.array(found, np.intp))
pairs = st.lists(st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 2**32 - 1)), max_size=40)


@given(numbers)
def test_each_number_comes_once_and_in_order(found: np.ndarray) -> None:
    assert in_order(found).tolist() == sorted(set(found.tolist()))


@given(pairs)
def test_two_numbers_in_one_come_apart_again_and_sort_as_the_two_do(two: list[tuple[int, int]]) -> None:
    firsts, seconds = (np.array([pair[at] for pair in two], np.intp) for at in (0, 1))
    parts = unpacked(np.sort(packed(firsts, seconds)))
    assert [*zip(*(part.tolist() for part in parts), strict=True)] == sorted(two)
