"""How likely what may be a project's name is a body that plays a part."""

from __future__ import annotations

from classifier.document import Document
from classifier.extraction.extractor import extract_candidates
from classifier.extraction.linear import Linear
from classifier.extraction.names.organisations import probability_as_organisation


def test_a_name_is_as_likely_a_body_as_the_likeliest_of_its_parts_makes_it() -> None:
    document = Document("", "The Harbour Trust runs a shelter for survivors in Malta.", "en")
    models = {role: Linear(bias, {}) for role, bias in (("implementers", 2.0), ("funders", -2.0), ("partners", -3.0))}
    chance = probability_as_organisation(extract_candidates(document, "en").entities, models)
    assert chance("Harbour Trust") > 0.8
    assert chance("Safe Roads") == 0.0
