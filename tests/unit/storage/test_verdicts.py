from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.document import Evidence, Facts, Reason, Sum, Verdict
from storage.articles.verdicts import pack_verdict, unpack_verdict

LEAD = Evidence("The centre will run for three years with $2 million.", "text", 0, 52)

evidence = st.builds(
    Evidence,
    text=st.text(min_size=1, max_size=20),
    part=st.sampled_from(["title", "text"]),
    start=st.integers(0, 90),
    end=st.integers(91, 200),
)
facts = st.builds(
    Facts,
    name=st.none() | st.text(max_size=10),
    implementers=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    countries=st.sampled_from([(), ("KE",), ("KE", "UG")]),
    amount=st.none() | st.floats(0, 1e9),
    currency=st.none() | st.just("USD"),
    duration_months=st.none() | st.integers(1, 90),
    is_currency_uncertain=st.booleans(),
    sums=st.lists(
        st.builds(Sum, st.floats(1, 1e9), st.just("EUR"), st.sampled_from(["project", "share"]), evidence), max_size=2
    ).map(tuple),
    evidence=st.dictionaries(
        st.sampled_from(["name", "amount"]), st.lists(evidence, max_size=2).map(tuple), max_size=2
    ),
    probabilities=st.dictionaries(
        st.sampled_from(["name", "funders"]), st.dictionaries(st.text(max_size=5), st.floats(0, 1)), max_size=2
    ),
)
verdicts = st.builds(
    Verdict,
    lang=st.just("en"),
    relevance=st.floats(0, 1),
    is_relevant=st.booleans(),
    relevance_band=st.sampled_from(["yes", "maybe", "no"]),
    new_project_probability=st.floats(0, 1),
    is_new_project=st.booleans(),
    new_project_band=st.sampled_from(["yes", "maybe", "no"]),
    topic=st.just("project"),
    reasons=st.lists(
        st.builds(
            Reason,
            st.sampled_from(["relevant", "new_project"]),
            st.text(max_size=8),
            st.floats(-9, 9),
            st.none() | evidence,
            st.sampled_from(["", "start"]),
        ),
        max_size=4,
    ).map(tuple),
    facts=st.none() | facts,
    is_language_known=st.booleans(),
)


@given(verdicts)
def test_a_verdict_comes_back_as_it_was_stored(verdict: Verdict) -> None:
    assert unpack_verdict(json.loads(json.dumps(pack_verdict(verdict)))) == verdict


def judged(times: int) -> Verdict:
    return Verdict(
        lang="en",
        relevance=0.9,
        is_relevant=True,
        relevance_band="yes",
        new_project_probability=0.9,
        is_new_project=True,
        new_project_band="yes",
        topic="project",
        reasons=tuple(Reason("relevant", f"word {n}", 1.0, LEAD) for n in range(times)),
        facts=Facts(name="Centre", amount=2e6, currency="USD", evidence={"name": (LEAD,), "amount": (LEAD,)}),
    )


def test_a_sentence_that_is_evidence_of_many_things_is_stored_once() -> None:
    assert json.dumps(pack_verdict(judged(8))).count(LEAD.text) == 1


def test_the_sentences_of_a_stored_verdict_are_known_by_where_they_stand() -> None:
    facts = unpack_verdict(pack_verdict(judged(1))).facts
    assert facts is not None
    [lead] = facts.evidence["name"]
    assert ((lead.part, lead.start, lead.end), lead.text) == (("text", 0, 52), LEAD.text)


@pytest.mark.parametrize("stored", [{}, {"passages": [], "reasons": [["relevant", "a", 1.0, 0]], "facts": None}])
def test_what_is_no_stored_verdict_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no stored verdict"):
        unpack_verdict(stored)
