"""What keeps two articles apart though enough speaks for one project. All projects, bodies and sums are made up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from classifier.document import Facts
from storage.register.claims import read_claims
from storage.register.evidence import Claims
from storage.register.same_project import Likeness, compare_claims

LISTS = ("implementers", "funders", "countries")


def claim(title: str, on: str | None, text: str = "", **facts: Any) -> Claims:
    """An article's claims by way of the facts that would be read from it; a list of one may be given bare."""
    listed: dict[str, Any] = {
        field: (value,) if field in LISTS and isinstance(value, str) else value for field, value in facts.items()
    }
    return read_claims(
        title=title,
        text=text,
        language="en",
        published_at=datetime.fromisoformat(on).replace(tzinfo=UTC) if on else None,
        canonical_url=f"https://{len(title)}.example/{on}",
        facts=Facts(**listed),
        signature=None,
    )


def compare(one: Claims, other: Claims) -> Likeness:
    like = compare_claims(one, other)
    assert compare_claims(other, one) == like
    return like


# --- an article that looks back

GENERAL: dict[str, Any] = {
    "name": "Combating Trafficking in Persons",
    "implementers": "Harbour Light Foundation",
    "funders": "Norway",
    "countries": "MZ",
}


def test_an_evaluation_at_the_end_stays_apart_from_a_project_of_the_same_general_name() -> None:
    launch = claim("Norway pays for a project in Mozambique", "2020-02-03", **GENERAL)
    review = claim("Six years of work reviewed", "2021-01-10", start="2015-02", end="2021-03", **GENERAL)
    like = compare(launch, review)
    assert like.decision == "perhaps"
    assert "looks back" in like.reason


def test_an_evaluation_that_names_the_project_in_full_is_of_that_project() -> None:
    named: dict[str, Any] = {**GENERAL, "name": "Lantern Bridge Nampula"}
    launch = claim("Norway pays for Lantern Bridge Nampula", "2020-02-03", end="2021-03", **named)
    review = claim("Lantern Bridge reviewed", "2021-01-10", start="2020-02", end="2021-03", **named)
    assert compare(launch, review).decision == "same"


def test_a_project_told_early_in_its_time_does_not_look_back() -> None:
    launch = claim("Norway pays for a project in Mozambique", "2020-02-03", **GENERAL)
    again = claim("Work in Mozambique", "2020-03-10", start="2020-02", end="2023-02", **GENERAL)
    assert compare(launch, again).decision == "same"


# --- a programme that goes on with others

PROGRAMME: dict[str, Any] = {
    "name": "Survivor Harbour Programme",
    "funders": "Norway",
    "amount": 2_430_000.0,
    "currency": "USD",
}


def test_another_implementer_a_year_later_is_another_project_of_the_programme_whose_name_and_sum_it_repeats() -> None:
    first = claim("Money for the Harbour Programme", "2024-05-16", countries="MZ", implementers="Red Sail", **PROGRAMME)
    pilot: dict[str, Any] = {"implementers": "Salt Road Mission", "countries": "MZ", **PROGRAMME}
    assert compare(first, claim("Pilot opens a new way in", "2025-07-20", **pilot)).decision == "perhaps"
    assert compare(first, claim("Pilot opens a new way in", "2024-05-18", **pilot)).decision == "same"


def test_a_year_later_a_sum_and_a_body_without_a_name_may_be_of_the_next_grant() -> None:
    grant: dict[str, Any] = {"implementers": "Harbour Light Foundation", "funders": "Norway", "countries": "MZ"}
    grant |= {"amount": 2_430_000.0, "currency": "USD"}
    first = claim("Norway gives", "2024-05-16", **grant)
    assert compare(first, claim("Harbour Light gets money", "2024-07-16", **grant)).decision == "same"
    assert compare(first, claim("Harbour Light gets money", "2025-05-16", **grant)).decision == "perhaps"
    named = claim("Norway gives", "2024-05-16", name="Lantern Bridge", **grant)
    again = claim("Lantern Bridge opens", "2025-05-16", name="Lantern Bridge", **grant)
    assert compare(named, again).decision == "same"


WIDE: dict[str, Any] = {"name": "Lantern Bridge", "implementers": "IOM", "funders": "European Union"}


def test_one_country_of_a_large_programme_told_later_may_be_news_of_its_own() -> None:
    whole = claim("Thirteen states join", "2024-05-16", countries=("PK", "NP", "LA", "EG", "MA"), **WIDE)
    at_once = claim("Nepal joins", "2024-05-20", countries="NP", **WIDE)
    later = claim("Drive starts in Nepal", "2024-12-20", countries="NP", **WIDE)
    assert compare(whole, at_once).decision == "same"
    assert compare(whole, later).decision == "perhaps"


def test_one_country_of_a_large_programme_is_the_programme_where_the_total_is_the_same() -> None:
    total: dict[str, Any] = {"amount": 18_000_000.0, "currency": "EUR"}
    whole = claim("Six states join", "2024-05-16", countries=("PK", "NP", "LA", "EG", "MA"), **WIDE, **total)
    later = claim("Nepal signs", "2024-12-20", countries="NP", **WIDE, **total)
    assert compare(whole, later).decision == "same"


def test_beside_a_dated_article_a_page_without_a_date_may_be_years_older() -> None:
    page = claim("Lantern Bridge", None, countries=("PK", "NP", "LA", "EG", "MA"), **WIDE)
    assert compare(page, claim("Drive starts in Nepal", "2024-12-20", countries="NP", **WIDE)).decision == "perhaps"
    assert compare(page, claim("Nepal", None, countries="NP", **WIDE)).decision == "same"


# --- no dates

PAIR: dict[str, Any] = {"implementers": "Harbour Light Foundation", "funders": "Kingdom of Norway", "countries": "MZ"}
TEXT = "Staff in Nampula, Tete and Moatize work with Amina Cossa and Helena Kida of Angoche."


def test_without_dates_a_funder_and_the_body_it_pays_are_no_mark_of_one_project() -> None:
    like = compare(claim("A house opens", None, TEXT, **PAIR), claim("Norway gives", None, TEXT, **PAIR))
    assert like.decision == "perhaps"
    assert "no dates" in like.reason


def test_without_dates_one_total_is_a_mark_and_a_rounded_one_is_not() -> None:
    one = claim("A house opens", None, TEXT, amount=3_900_000.0, currency="USD", **PAIR)
    assert compare(one, claim("Norway gives", None, TEXT, amount=3_900_000.0, currency="USD", **PAIR)).decision == (
        "same"
    )
    assert compare(one, claim("Norway gives", None, TEXT, amount=4_000_000.0, currency="USD", **PAIR)).decision == (
        "perhaps"
    )


def test_without_dates_a_round_sum_in_a_country_of_many_grants_needs_more_than_the_body_that_gets_it() -> None:
    body: dict[str, Any] = {"implementers": "Harbour Light Foundation", "countries": "US", "currency": "USD"}
    first = claim("A first shelter for the city", None, TEXT, amount=500_000.0, **body)
    assert compare(first, claim("A house for later", None, TEXT, amount=500_000.0, **body)).decision == "perhaps"
    exact = claim("A first shelter for the city", None, TEXT, amount=512_340.0, **body)
    assert compare(exact, claim("A house for later", None, TEXT, amount=512_340.0, **body)).decision == "same"


def test_without_dates_two_awards_of_one_programme_to_two_bodies_are_two() -> None:
    fund: dict[str, Any] = {"name": "Lantern Innovation Fund", "funders": "Norway", "currency": "USD"}
    one = claim("Red Sail wins award", None, amount=2_000_000.0, **fund)
    other = claim("Salt Road wins award", None, amount=7_000_000.0, **fund)
    assert compare(one, other).decision == "perhaps"
