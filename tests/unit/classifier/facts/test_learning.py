"""What a kind of fact is learnt from."""

from __future__ import annotations

import re

import pytest

from classifier.facts.linear import load_models


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        ("countries", r"[LR]:|list&(why|pre):"),
        ("duration_months", r"R:"),
        ("start", r"R:"),
        ("end", r"R:"),
        ("implementers", r"R:|\w+&NR:|wl=[^_]*$"),
    ],
)
def test_a_fact_is_learnt_from_no_feature_that_others_say_again(kind: str, again: str) -> None:
    assert not [name for name in load_models()[kind].weights if re.match(again, name)]


@pytest.mark.parametrize("kind", ["amount", "name", "funders", "partners"])
def test_where_none_can_be_spared_cues_are_learnt_with_and_without_the_kind(kind: str) -> None:
    assert any(name.startswith("R:") for name in load_models()[kind].weights)
