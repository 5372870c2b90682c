"""The rows of facts fit what carries them."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

from classifier.document import Facts
from classifier.schema import FACT_NAMES, FACTS, FactName


def test_every_fact_is_named_for_the_type_checker_once() -> None:
    assert get_args(FactName) == FACT_NAMES
    assert len(set(FACT_NAMES)) == len(FACT_NAMES)


def test_every_fact_has_its_fields_empty_where_nothing_is_stated() -> None:
    known = {field.name for field in fields(Facts)}
    for spec in FACTS:
        assert set(spec.fields) <= known
        assert getattr(Facts(), spec.name) == (() if spec.is_list else None)


def test_a_number_says_what_it_counts() -> None:
    assert all(spec.unit for spec in FACTS if spec.kind == "number")
