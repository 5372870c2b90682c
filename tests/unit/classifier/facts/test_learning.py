"""What a kind of fact is learnt from."""

from __future__ import annotations

import re
from typing import Any

import pytest

from classifier.document import Document
from classifier.extraction.extractor import extract_candidates
from classifier.extraction.linear import load_models, models_from_json
from classifier.extraction.one import read_facts
from classifier.learning.fact_calibration import calibrate_facts
from classifier.schema import FACTS

ARTICLE = Document(
    title="Denmark funds shelter in Zambia",
    text=(
        "A three-year project was launched in Zambia by Dawn Centre and will train the police.\n\n"
        "From March 2024 to February 2027 the project will help victims of trafficking, with money from Denmark."
    ),
    published="2024-01-05",
)


def features_of(kind: str) -> set[str]:
    """The features of all candidates for a kind of fact in the article."""
    found = extract_candidates(ARTICLE, "en")
    candidates: Any = {
        "duration_months": found.lengths,
        "start": found.starts,
        "end": found.ends,
        "implementers": found.entities,
    }[kind]
    return {name for one in candidates for name in one.features}


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        ("duration_months", "R:"),
        ("start", "R:"),
        ("end", "R:"),
        ("implementers", "R:"),
        ("implementers", r"\w+&NR:"),
        ("implementers", "wl=[^_]*$"),
    ],
)
def test_a_fact_is_learnt_from_no_feature_that_others_say_again(kind: str, again: str) -> None:
    assert [name for name in features_of(kind) if re.match(again, name)], "candidates have such features"
    assert not [name for name in load_models()[kind].weights if re.match(again, name)]


@pytest.mark.parametrize("kind", ["amount", "name", "funders", "partners"])
def test_where_none_can_be_spared_cues_are_learnt_with_and_without_the_kind(kind: str) -> None:
    assert any(name.startswith("R:") for name in load_models()[kind].weights)


def test_every_value_that_is_stated_says_how_likely_it_is_right() -> None:
    facts = read_facts(ARTICLE, "en")
    stated = {spec.name: getattr(facts, spec.name) for spec in FACTS if getattr(facts, spec.name)}
    assert {"funders", "countries", "start"} <= set(stated)
    for name, values in stated.items():
        known = facts.probabilities[name]
        assert set(known) == set(map(str, values if isinstance(values, tuple) else (values,)))
        assert all(0 < probability < 1 for probability in known.values())


def test_what_is_seldom_stated_has_no_measured_probability() -> None:
    assert load_models()["people"].calibration is None
    assert calibrate_facts(load_models(), []) == load_models()


def test_a_calibration_is_kept_with_its_model() -> None:
    models = load_models()
    assert models["funders"].calibration is not None
    assert models_from_json({name: one.as_json() for name, one in models.items()}) == models
