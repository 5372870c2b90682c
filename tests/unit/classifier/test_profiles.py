"""The pairs of a profile: what training takes for their inner products is what an article's row holds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.concepts import load_concepts
from classifier.features import TAGS, read_text
from classifier.profiles import PAIRS, pair_tags, pair_weights, profile_of, profile_pairs, profile_products

_LAUNCH = read_text("New project against human trafficking", "The ministry will train police.", load_concepts("en"))
_EVENT = read_text("Workshop on drugs", "Police met the minister at a conference for two days.", load_concepts("en"))
_NOTHING = read_text("", "", load_concepts("en"))

_PROFILES = st.integers(0, 2**32 - 1).map(lambda seed: _random_profile(np.random.default_rng(seed)))


def _random_profile(rng: np.random.Generator) -> np.ndarray:
    length = len(profile_of(_LAUNCH))
    return np.where(rng.random(length) < 0.2, rng.random(length), 0.0)


def _row(profile: np.ndarray) -> np.ndarray:
    columns, values = profile_pairs(profile)
    row = np.zeros(PAIRS)
    row[columns] = values
    return row


@given(first=_PROFILES, second=_PROFILES, share=st.floats(-3, 3))
def test_products_and_weights_are_those_of_the_rows_themselves(
    first: np.ndarray, second: np.ndarray, share: float
) -> None:
    profiles, rows = np.stack([first, second]), np.stack([_row(first), _row(second)])
    shares = np.array([share, 1.0])
    assert np.allclose(profile_products(profiles), rows @ rows.T, atol=1e-6)
    assert np.allclose(pair_weights(profiles, shares), rows.T @ shares, atol=1e-6)


def test_a_profile_is_as_long_as_any_other_and_wholly_like_itself_alone() -> None:
    profiles = np.stack([profile_of(_LAUNCH), profile_of(_EVENT)])
    products = profile_products(profiles)
    assert np.allclose(products.diagonal(), 1)
    assert 0 < products[0, 1] < 0.9


def test_columns_come_in_order_each_once_with_the_tags_they_stand_for() -> None:
    columns, values = profile_pairs(profile_of(_LAUNCH))
    assert (np.diff(columns) > 0).all()
    assert (values > 0).all()
    first, second = pair_tags(columns)
    told = {(TAGS[a], TAGS[b]) for a, b in zip(first, second, strict=True)}
    assert ("tip", "tip") in told
    assert {("project", "tip"), ("tip", "project")} & told
    assert {tag for pair in told for tag in pair} == {TAGS[hit.tag] for hit in _LAUNCH.hits}


def test_a_text_without_any_tag_has_no_pair() -> None:
    columns, values = profile_pairs(profile_of(_NOTHING))
    assert len(columns) == len(values) == 0
    assert profile_products(profile_of(_NOTHING)[None]) == 0
