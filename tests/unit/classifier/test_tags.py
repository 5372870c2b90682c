"""Spans of names are made of the tags of their pieces."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.encoder.passage import Passage
from classifier.encoder.tags import NAME, ORGANISATION, TAGS, find_spans


def passage_of(count: int) -> Passage:
    """Pieces of three characters each, one after another, between two marks."""
    starts = [-1, *range(0, 3 * count, 3), -1]
    ends = [-1, *range(3, 3 * count + 1, 3), -1]
    return Passage(np.zeros(count + 2, np.int32), np.array(starts, np.int32), np.array(ends, np.int32))


def spans_of(tags: Sequence[str]) -> list[tuple[int, int, int]]:
    """Spans as (first piece, after the last, kind) where each piece is surely what its tag says."""
    logits = np.zeros((len(tags) + 2, len(TAGS)), np.float32)
    logits[[0, -1], 0] = 9
    for at, tag in enumerate(tags, 1):
        logits[at, TAGS.index(tag)] = 9
    return [(one.start // 3, one.end // 3, one.kind) for one in find_spans(logits, passage_of(len(tags)))]


OUT, BN, IN, BO, IO = TAGS


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ([OUT, OUT], []),
        ([OUT, BN, IN, OUT], [(1, 3, NAME)]),
        ([BO, IO, BO], [(0, 2, ORGANISATION), (2, 3, ORGANISATION)]),
        ([BN, IN, BO], [(0, 2, NAME), (2, 3, ORGANISATION)]),
    ],
)
def test_a_span_goes_from_a_beginning_over_all_that_is_inside(
    tags: list[str], spans: list[tuple[int, int, int]]
) -> None:
    assert spans_of(tags) == spans


def test_a_piece_that_may_be_in_a_name_is_taken_with_its_probability() -> None:
    logits = np.full((3, len(TAGS)), -9, np.float32)
    logits[:, 0] = 0
    logits[1, TAGS.index(BN)] = -1.5
    (found,) = find_spans(logits, passage_of(1))
    assert found.kind == NAME
    assert found.probability == pytest.approx(0.18, abs=0.01)


@given(st.lists(st.lists(st.floats(-20, 20, width=32), min_size=5, max_size=5), min_size=2, max_size=40))
def test_spans_of_any_scores_lie_in_order_and_apart(rows: list[list[float]]) -> None:
    found = find_spans(np.array(rows, np.float32), passage_of(len(rows) - 2))
    assert all(one.start < one.end and 0 < one.probability <= 1 for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
