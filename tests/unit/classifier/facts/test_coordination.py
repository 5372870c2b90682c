"""What stands in one list, and how its members lean on each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.document import Document
from classifier.extraction.extractor import extract_candidates
from classifier.extraction.roles.coordination import lists_of, smooth_coordination
from classifier.extraction.roles.counts import counted_organisations
from classifier.text.parsed_text import parse_text

CHANCES = st.lists(st.floats(0, 1), min_size=2, max_size=8)


def listed_in(text: str) -> list[list[str]]:
    """The names of each list of bodies in a text."""
    entities = extract_candidates(Document("", text, "en"), "en").entities
    lands = [all(mention.kind in ("country", "place") for mention in entity.mentions) for entity in entities]
    return [[entities[at].name for at in places] for places in lists_of(entities, lands)]


def test_a_doubtful_member_of_a_list_leans_on_the_one_that_surely_runs_the_project() -> None:
    sure, doubtful, elsewhere = smooth_coordination([0.9, 0.2, 0.2], [[0, 1]], heeds_likeliest=True)
    assert doubtful > 0.4
    assert elsewhere == 0.2
    assert 0.8 < sure < 0.9


def test_a_list_of_which_no_member_is_likely_makes_none_likely() -> None:
    assert max(smooth_coordination([0.1, 0.2, 0.05], [[0, 1, 2]], heeds_likeliest=True)) < 0.2


def test_the_longest_list_counts() -> None:
    short = smooth_coordination([0.9, 0.5, 0.1, 0.1], [[0, 1], [1, 2, 3]], heeds_likeliest=False)[1]
    assert short < 0.5


@given(CHANCES)
def test_probabilities_stay_such_and_between_the_least_and_the_likeliest(chances: list[float]) -> None:
    leaning = smooth_coordination(chances, [range(len(chances))], heeds_likeliest=True)
    assert all(min(chances) - 1e-5 <= one <= max(chances) + 1e-5 for one in leaning)


def test_what_each_member_gets_leaves_a_list_whole() -> None:
    text = (
        "Money goes to the Dawn Centre ($1,200,000), the Elm Institute $400,000, the Fig Foundation: $350,000 and "
        "the Gull Association €2 million."
    )
    assert listed_in(text) == [["Dawn Centre", "Elm Institute", "Fig Foundation", "Gull Association"]]


def test_a_sum_in_another_clause_joins_no_list() -> None:
    assert listed_in("The Dawn Centre gave $400,000 to help the Elm Institute.") == []


def test_countries_and_places_belong_to_no_list() -> None:
    assert listed_in("It works in Kenya, Uganda and Rwanda.") == []


@pytest.mark.parametrize(
    ("lang", "title", "told"),
    [
        ("en", "Ten Toronto-area groups share $3.2 million", ["several-bodies"]),
        ("en", "Government shares out money among six schemes", ["several-projects"]),
        ("es", "Doce organizaciones reciben fondos", ["several-bodies"]),
        ("ru", "Шесть организаций получат деньги", ["several-bodies"]),
        ("en", "One charity gets a grant", []),
        ("en", "In 2019, charities met", []),
    ],
)
def test_it_is_seen_whether_headline_or_lead_counts_bodies_or_projects(lang: str, title: str, told: list[str]) -> None:
    assert counted_organisations(parse_text(Document(title, "", lang), lang)) == told
