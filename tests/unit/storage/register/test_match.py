"""What joins two articles to one project, from what each claims; dates, groups and properties of every decision."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.register.compare.claims import Claims, days_apart
from storage.register.compare.match import CERTAIN, MatchDecision, join_decisions
from tests.support.claims import FILLER, claim, compare, lantern


def test_a_rewrite_with_the_same_name_and_bodies_is_the_same() -> None:
    match = compare(lantern(), lantern(title="Norway pays", on="2026-03-20", url="https://other.example/b"))
    assert match.decision == "same"
    assert "the same name" in match.reason


def test_a_translation_is_the_same_by_countries_funder_and_sum_without_a_name() -> None:
    one = claim(funders="Norway", countries="MZ", amount=2_340_000.0, currency="USD")
    other = claim(
        title="Noruega financia projeto", language="pt", on="2026-03-04", funders="Noruega", countries="MZ",
        amount=2_340_000.0, currency="USD",
    )  # fmt: skip
    assert compare(one, other).decision == "same"


def test_a_share_beside_the_total_does_not_part_a_project() -> None:
    total = lantern(amount=6_400_000.0)
    share = lantern(amount=2_100_000.0, on="2026-03-10", title="Harbour Light receives its part")
    assert compare(total, share).decision == "same"


def test_a_sum_converted_at_the_years_rate_speaks_for_one_project() -> None:
    euros = claim(funders="European Union", countries="RW", amount=4_000_000.0, currency="EUR", duration_months=36)
    dollars = claim(
        funders="EU", countries="RW", amount=4_500_000.0, currency="USD", duration_months=36, on="2026-03-03",
        title="Three years against traffickers",
    )  # fmt: skip
    match = compare(euros, dollars)
    assert match.decision == "same"
    assert "converted" in match.reason


def test_an_undated_conversion_counts_only_where_some_years_rate_fits_well() -> None:
    euros = claim(funders="European Union", countries="RW", amount=600_000.0, currency="EUR", on=None)
    fits = claim(funders="European Union", countries="RW", amount=800_000.0, currency="USD", on=None)
    fits_no_year = claim(funders="European Union", countries="RW", amount=1_100_000.0, currency="USD", on=None)
    assert "converted" in compare(euros, fits).reason
    assert "converted" not in compare(euros, fits_no_year).reason


def test_an_exact_sum_named_twice_in_a_month_is_one_grant_even_without_a_common_body() -> None:
    one = claim(title="Grant for shelters", amount=1_237_000.0, currency="USD", countries="PE", funders="Faro Fund")
    other = claim(title="Money for shelters", amount=1_237_000.0, currency="USD", countries="PE", on="2026-03-03")
    assert compare(one, other).decision == "same"


def test_a_name_that_was_not_read_is_found_among_the_others_proper_names() -> None:
    named = lantern(amount=None, currency=None)
    unnamed = claim(
        title="Norway pays",
        text=f"{FILLER}. The scheme, called Lantern Bridge, opens near Nampula.",
        funders="Norway",
        countries="MZ",
        on="2026-03-20",
        url="https://other.example/b",
    )
    match = compare(named, unnamed)
    without = claim(title="Norway pays", text=FILLER, funders="Norway", countries="MZ", on="2026-03-20")
    assert match.points > compare(named, without).points
    assert "name is in the other's text" in match.reason


def test_two_launches_in_one_small_country_in_one_week_speak_for_one_project() -> None:
    one = claim(title="IOM opens project", implementers="IOM", funders="Japan", countries="LS")
    week, season = (
        claim(title="Lesotho and IOM begin work", implementers="OIM", countries="LS", on=on)
        for on in ("2026-03-04", "2026-05-20")
    )
    assert "few such projects start there" in compare(one, week).reason
    assert compare(one, week).points > compare(one, season).points


def test_a_start_that_was_misread_does_not_part_two_reports_of_one_occasion() -> None:
    text = (
        f"{FILLER}. Ministers Queiroz and Segas met in Benguela and Lobito with 110 guests of the Kandando Centre, "
        "and spoke of 47 cases from Huambo."
    )
    one = claim(text=text, implementers="Kandando Centre", countries="AO", start="2026-03")
    other = claim(
        title="Ministers open centre", text=text.replace("spoke", "told"), implementers="Kandando Centre",
        countries="AO", start="2020", on="2026-03-03",
    )  # fmt: skip
    assert compare(one, other).decision == "same"


# --- time


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("2026-03-02", "2026-03-05", 3),
        ("2026-03-01", "2026-03-01", 0),
        ("2026-03-01", "2026-03-25", 24),
        ("2026-03", "2026-03-25", 20),
        ("2026-03", "2026-05", 61),
        ("2026", "2026", None),
        ("2026", "2025-12-30", None),
        ("2026", "2024-01-20", 366),
        (None, "2026-01-20", None),
    ],
)
def test_days_between_dates_are_no_finer_than_the_coarser(one: str | None, other: str, apart: int | None) -> None:
    assert days_apart(claim(on=one), claim(on=other)) == apart


def test_starts_that_are_the_days_of_the_news_do_not_contradict_each_other_where_the_total_is_one() -> None:
    launch = lantern(name=None, title="Workshop opens work", start="2026-03-02")
    signed = lantern(name=None, title="Agreement signed", start="2027-04-05", on="2027-04-05")
    assert not compare(launch, signed).is_contradicted
    other_sum = lantern(name=None, title="Agreement signed", start="2027-04-05", on="2027-04-05", amount=6_400_000.0)
    assert compare(launch, other_sum).decision == "different"


def test_a_round_sum_years_later_is_another_round() -> None:
    first = lantern(name=None, amount=5_000_000.0)
    later = lantern(name=None, amount=5_000_000.0, on="2033-05-09", title="Harbour Light widens its work")
    match = compare(first, later)
    assert match.decision == "perhaps"
    assert "reported 87 months apart" in match.reason


# --- an article against a group


def test_one_member_that_is_much_alike_does_not_outvote_those_that_are_not() -> None:
    alike, unlike = MatchDecision("same", "the same name", 3.0), MatchDecision("different", "different funders", -3.0)
    assert join_decisions([alike, alike, unlike]).decision == "same"
    assert join_decisions([alike, unlike, unlike]).decision != "same"


def test_a_group_is_like_an_article_whatever_the_order_of_its_members() -> None:
    matches = [
        MatchDecision("same", "a", 3.0),
        MatchDecision("perhaps", "b", -1.0),
        MatchDecision("different", "c", -5.0),
    ]
    assert join_decisions(matches).points == join_decisions(matches[::-1]).points


def test_what_is_known_for_certain_outweighs_any_group() -> None:
    known, others = (
        MatchDecision("same", "the same IATI identifier", CERTAIN),
        [MatchDecision("different", "c", -6.0)] * 9,
    )
    assert join_decisions([known, *others]).decision == "same"


# --- properties

claims = st.builds(
    claim,
    on=st.sampled_from([None, "2026-03-02", "2026-03-20", "2026-03", "2024"]),
    name=st.sampled_from([None, "Lantern Bridge", "Lantern Bridge II", "Project against trafficking in persons"]),
    implementers=st.sampled_from([(), ("IOM",), ("Harbour Light Foundation",), ("IOM", "UNODC")]),
    funders=st.sampled_from([(), ("Norway",), ("European Union",)]),
    countries=st.sampled_from([(), ("MZ",), ("MZ", "MW"), ("US",)]),
    amount=st.sampled_from([None, 1_000_000.0, 2_340_000.0]),
    currency=st.sampled_from(["USD", "EUR"]),
    start=st.sampled_from([None, "2026", "2024-05"]),
    duration_months=st.sampled_from([None, 24, 36]),
)


@settings(deadline=None)  # the first one reads the tables of names
@given(claims, claims)
def test_a_decision_does_not_depend_on_which_comes_first(one: Claims, other: Claims) -> None:
    compare(one, other)


@settings(deadline=None)  # the first one reads the tables of names
@given(claims)
def test_an_article_never_contradicts_itself(one: Claims) -> None:
    assert not compare(one, one).is_contradicted


@settings(deadline=None)  # the first one reads the tables of names
@given(claims, claims)
def test_the_same_always_says_why_in_words(one: Claims, other: Claims) -> None:
    match = compare(one, other)
    assert match.reason
    assert match.decision != "same" or not match.is_contradicted
